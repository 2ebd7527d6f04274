import type { ZoneTable } from '../zone-table.ts';
import { sectioned } from './sectioned.ts';

const { zones, codes, applicationZones, end } = sectioned([
  { counted: true, length: 512 },
  { counted: true, length: 512 },
  { counted: true, length: 512 },
  { counted: true, length: 457 },
]);

/**
 * The layout with equal zones, by one public driver's stride of 4144 bits and the sizes in another's header
 * (AZ1–3 512 bytes, AZ4 3656 bits). Offsets are arithmetic from these. That this is the "AT88SC1604B" is unconfirmed.
 */
export const AT88SC1604B: ZoneTable = {
  chip: 'AT88SC1604B',
  size: end + 2,
  fabrication: [0x31, 0x3a],
  zones: { ...zones, mtz: { offset: end, length: 2 } },
  codes,
  applicationZones,
  eraseUnit: 'byte',
  fuses: { manufacturer: (end + 2) * 8, issuer: (end + 2) * 8 },
  commandSet: 'at88sc1604',
  unconfirmed: [
    'every offset behind the first application zone: arithmetic from stride and sizes',
    'the test zone and the fuses: the other layout’s fuse bit 16288 would fall into AZ4, so they were put behind it',
    'which of the two layouts is sold as AT88SC1604B',
    'a fabrication zone of its own: taken to be that of the AT88SC1604, which makes the two indistinguishable',
    'what SC1 to SC4 open, and that one erase pulse raises a byte, as for the AT88SC1604',
  ],
};
