import type { ZoneTable } from '../zone-table.ts';
import { sectioned } from './sectioned.ts';

const { zones, codes, applicationZones, end } = sectioned([
  { counted: true, length: 1195 },
  { counted: false, length: 256 },
  { counted: false, length: 256 },
  { counted: false, length: 256 },
]);

/**
 * AT88SC1604 (clones IS23SC1604, GT23SC1604, MM23SC1604), the layout with unequal zones: three sources agree on it
 * (two public drivers and the bit addresses in a third, AZ1 216, AZ2 9816, AZ3 11904, AZ4 13992, MTZ 16040). FZ 313A
 * is from the Basewin header bwsdk_api.h alone.
 */
export const AT88SC1604: ZoneTable = {
  chip: 'AT88SC1604',
  size: end + 2,
  fabrication: [0x31, 0x3a],
  zones: { ...zones, mtz: { offset: end, length: 2 } },
  codes,
  applicationZones,
  eraseUnit: 'byte',
  fuses: { manufacturer: 16288, issuer: 16288 },
  commandSet: 'at88sc1604',
  unconfirmed: [
    'what SC1 to SC4 open: writing is taken to need SC alone',
    'that one erase pulse raises a byte everywhere: inferred, since counters of one byte stand next to other zones',
    'where the second fuse lies: one source has bit 16288 for fuses',
    'the fabrication zone 313A: one header file',
  ],
};
