import type { ChipName } from '../chip/contract.ts';
import type { Region } from '../chip/region.ts';

/** Which bytes of a card the grid must see, for one chip. A province's own layout drops in as another profile. */
export interface ReadProfile {
  readonly chip: ChipName;
  readonly serial: Region;
  /** Read in this order; contiguous regions of one zone are one run so that a reader may take them in one command. */
  readonly regions: readonly Region[];
}

/**
 * The sandbox grid's layouts.
 *
 * SLE4442: issuer's serial in the protectable bytes 08–0F, parameter file 20–4C (45 bytes), purse 50–5B
 * (amount 4, count 4, MAC 4), return file 60–90 (49 bytes): our own choice, since the field layouts of
 * memory meter cards are not public (facts: UNCERTAIN).
 *
 * CPU: dialect D1 of docs/protocol/cpu-card.md: serial in MF SFI 19h at 1 (8 bytes); DF01: SFI1 parameters (45),
 * SFI2 purse (8), SFI5 return file (49).
 */
export const READ_PROFILES: Partial<Record<ChipName, ReadProfile>> = {
  SLE4442: {
    chip: 'SLE4442',
    serial: { zone: 'main', offset: 0x08, length: 8 },
    regions: [{ zone: 'main', offset: 0x08, length: 0x89 }],
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
  },
};
