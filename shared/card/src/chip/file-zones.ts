import { USER_ZONES, USER_ZONE_SIZE } from './at88sc1608/constants.ts';
import { ZONE_SIZE } from './at88sc153/constants.ts';
import { AT88SC102 } from './bit-serial/tables/at88sc102.ts';
import { AT88SC1602 } from './bit-serial/tables/at88sc1602.ts';
import { AT88SC1604 } from './bit-serial/tables/at88sc1604.ts';
import { AT88SC1604B } from './bit-serial/tables/at88sc1604b.ts';
import { ownZone, type ZoneTable } from './bit-serial/zone-table.ts';
import type { ChipName } from './contract.ts';
import { MAIN_SIZE as SLE4428_SIZE } from './sle4428/constants.ts';
import { MAIN_SIZE as SLE4442_SIZE } from './sle4442/constants.ts';

/** Bytes of a zone, from `from` up to but not `end`. */
export interface FileZone {
  readonly from: number;
  readonly end: number;
  /** The issuer's alone: it is read and never written. */
  readonly readOnly?: true;
}

/** Where a memory chip has room for files, and its codes that a write may need. */
export interface FileZones {
  readonly zones: Readonly<Record<string, FileZone>>;
  readonly codes: readonly number[];
}

/** Bytes 0 to 3 of a Siemens chip are its answer to reset. */
const ATR_BYTES = 4;

const siemens = (size: number): FileZones => ({
  zones: { main: { from: ATR_BYTES, end: size } },
  codes: [0],
});

/** Application zones without the byte of their access bits, and the issuer's zone. */
function bitSerial(table: ZoneTable): FileZones {
  const zones: Record<string, FileZone> = {
    iz: { from: 0, end: ownZone(table, 'iz').length, readOnly: true },
  };
  for (const { zone } of table.applicationZones) zones[zone] = { from: 1, end: ownZone(table, zone).length };
  return {
    zones,
    codes: [...new Set(table.applicationZones.flatMap(({ write, raise }) => [...write, ...raise]))],
  };
}

const userZones = (count: number, size: number): Record<string, FileZone> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`user${n}`, { from: 0, end: size }]));

/**
 * What a layout may name on each memory chip: never the answer to reset, codes, counters, protection, access bits or
 * registers. A CPU card's files are its dialect's.
 */
export const FILE_ZONES: Readonly<Record<Exclude<ChipName, 'CPU'>, FileZones>> = {
  SLE4442: siemens(SLE4442_SIZE),
  SLE4428: siemens(SLE4428_SIZE),
  AT88SC1608: { zones: userZones(USER_ZONES, USER_ZONE_SIZE), codes: [0, 1, 2, 3, 4, 5, 6] },
  AT88SC153: { zones: userZones(3, ZONE_SIZE), codes: [0] },
  AT88SC102: bitSerial(AT88SC102),
  AT88SC1602: bitSerial(AT88SC1602),
  AT88SC1604: bitSerial(AT88SC1604),
  AT88SC1604B: bitSerial(AT88SC1604B),
};
