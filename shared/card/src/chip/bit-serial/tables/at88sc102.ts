import type { ZoneTable } from '../zone-table.ts';

/**
 * AT88SC102, 1 Kbit in two application zones. Zones, four tries, SC F0F0 and FZ 0F0F as on shipping hardware
 * (R:limpkin/mooltipass smartcard.c, R:mooltipass/minible smartcard_highlevel.c); bit addresses agree with a second
 * author's driver. The fuses' addresses are in ACS's manuals too (ACR3901T-W1, BLOWN_FUSE: 05B0, 05F9, 0610).
 */
export const AT88SC102: ZoneTable = {
  chip: 'AT88SC102',
  size: 178,
  fabrication: [0x0f, 0x0f],
  zones: {
    fz: { offset: 0, length: 2 },
    iz: { offset: 2, length: 8 },
    sc: { offset: 10, length: 2 },
    scac: { offset: 12, length: 2 },
    cpz: { offset: 14, length: 8 },
    az1: { offset: 22, length: 64 },
    ez1: { offset: 86, length: 6 },
    az2: { offset: 92, length: 64 },
    ez2: { offset: 156, length: 4 },
    ec: { offset: 160, length: 16 },
    mtz: { offset: 176, length: 2 },
  },
  codes: [
    { key: 0, zone: 'sc', attempts: { zone: 'scac', tries: 4 } },
    { key: 1, zone: 'ez1', erases: 'az1' },
    { key: 2, zone: 'ez2', erases: 'az2', erasures: { zone: 'ec', count: 128 } },
  ],
  applicationZones: [
    { zone: 'az1', erase: 'zone', write: [0], raise: [1] },
    { zone: 'az2', erase: 'zone', write: [0], raise: [2] },
  ],
  eraseUnit: 'word',
  fuses: { manufacturer: 1456, ec2en: 1529, issuer: 1552 },
  commandSet: 'at88sc102',
  unconfirmed: [],
};

/** The revision of 1999 counts eight tries (data sheet 1419 rev. B; rev. C of 2008 and cards seen count four). */
export const AT88SC102_REV_1999: ZoneTable = {
  ...AT88SC102,
  codes: AT88SC102.codes.map((code) =>
    code.key === 0 ? { ...code, attempts: { zone: 'scac', tries: 8 } } : code,
  ),
  unconfirmed: ['which cards in the field are of this revision'],
};
