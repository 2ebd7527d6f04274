import type { ChipName } from '../chip/contract.ts';
import type { Region } from '../chip/region.ts';

/** Which bytes of a card the grid must see, for one chip. A province's own layout drops in as another profile. */
export interface ReadProfile {
  readonly chip: ChipName;
  readonly serial: Region;
  /** Read in this order; contiguous regions of one zone are one run so that a reader may take them in one command. */
  readonly regions: readonly Region[];
  /** Amount and count, with their MAC where there is one: what makes a meter credit. */
  readonly purse: Region;
  /** The chip's numbers of the codes that a write needs; none on CPU cards, whose keys answer challenges. */
  readonly codes: readonly number[];
}

/**
 * The sandbox grid's layouts; docs/protocol/meter-layout.md has them as tables. The same files lie on every chip:
 * serial (8 bytes), parameter file (45), purse (amount 4, count 4, on memory chips a MAC of 4), return file (49).
 * Where they lie is our own choice, since the layouts of real meter cards are not public. CPU: dialect D1.
 */
export const READ_PROFILES: Partial<Record<ChipName, ReadProfile>> = {
  SLE4442: {
    chip: 'SLE4442',
    serial: { zone: 'main', offset: 0x08, length: 8 },
    regions: [{ zone: 'main', offset: 0x08, length: 0x89 }],
    purse: { zone: 'main', offset: 0x50, length: 12 },
    codes: [0],
  },
  SLE4428: {
    chip: 'SLE4428',
    serial: { zone: 'main', offset: 0x08, length: 8 },
    regions: [{ zone: 'main', offset: 0x08, length: 0x89 }],
    purse: { zone: 'main', offset: 0x50, length: 12 },
    codes: [0],
  },
  CPU: {
    chip: 'CPU',
    serial: { zone: 'mf:19', offset: 1, length: 8 },
    regions: [
      { zone: 'mf:19', offset: 1, length: 8 },
      { zone: 'df01:01', offset: 0, length: 45 },
      { zone: 'df01:02', offset: 0, length: 8 },
      { zone: 'df01:05', offset: 0, length: 49 },
    ],
    purse: { zone: 'df01:02', offset: 0, length: 8 },
    codes: [],
  },
  // One user zone of 256 bytes, written under Write password 0; the purse lies within one page of 16.
  AT88SC1608: {
    chip: 'AT88SC1608',
    serial: { zone: 'user0', offset: 0, length: 8 },
    regions: [{ zone: 'user0', offset: 0, length: 0x81 }],
    purse: { zone: 'user0', offset: 0x40, length: 12 },
    codes: [0],
  },
  // Three user zones of 64 bytes, all written under Write password 0.
  AT88SC153: {
    chip: 'AT88SC153',
    serial: { zone: 'user0', offset: 0, length: 8 },
    regions: [
      { zone: 'user0', offset: 0, length: 53 },
      { zone: 'user1', offset: 0, length: 12 },
      { zone: 'user2', offset: 0, length: 49 },
    ],
    purse: { zone: 'user1', offset: 0, length: 12 },
    codes: [0],
  },
  // Issuer zone and application zone 1; security code (0) for writing, erase key 1 (1) for raising bits.
  AT88SC1602: {
    chip: 'AT88SC1602',
    serial: { zone: 'iz', offset: 0, length: 8 },
    regions: [
      { zone: 'iz', offset: 0, length: 8 },
      { zone: 'az1', offset: 1, length: 112 },
    ],
    purse: { zone: 'az1', offset: 48, length: 12 },
    codes: [0, 1],
  },
};
