import type { ZoneTable } from '../zone-table.ts';
import { sectioned } from './sectioned.ts';

const { zones, codes, applicationZones, end } = sectioned([
  { counted: true, length: 1024 },
  { counted: false, length: 949 },
]);

/**
 * "AT88SC1602": named by tenders for meter cards, but in no data sheet, reader manual or driver that could be found.
 * This whole table is an assumption (unconfirmed): by the family's naming (102: 1 Kbit, 2 zones; 1604: 16 Kbit,
 * 4 zones) it has 16 Kbit in 2 application zones, arranged as the AT88SC1604 arranges its first two. A real layout
 * replaces this table and nothing else.
 */
export const AT88SC1602: ZoneTable = {
  chip: 'AT88SC1602',
  size: end + 2,
  fabrication: [0x16, 0x02],
  zones: { ...zones, mtz: { offset: end, length: 2 } },
  codes,
  applicationZones,
  eraseUnit: 'byte',
  fuses: { manufacturer: 16288, issuer: 16288 },
  commandSet: 'at88sc1604',
  unconfirmed: [
    'that there is such a chip: it may be another name of the AT88SC1604, AT88SC1608 or AT88SC102',
    'two application zones: AZ1 of 8 Kbit and AZ2 of the rest, so that the test zone stands where the 1604 has it',
    'that SC, EZ1 and their counters of 8 tries stand where the 1604 has them, and SC2 has none',
    'that writing AZ1 needs SC and raising its bits EZ1 as well; erasing a byte at a time',
    'the fabrication zone 1602: a placeholder, so that it is never taken for an AT88SC1604',
    'the reader’s card type: that of the 1604, which is itself from one vendor’s clone of ACS readers',
  ],
};
