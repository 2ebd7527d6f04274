import { ChipError } from '../error.ts';
import { protectedForEver } from '../memory-error.ts';
import type { RegionData } from '../region.ts';

/** What an access register of an AT88SC153 or AT88SC1608 says of the writes to its zone. */
export interface ZoneLimits {
  readonly modifyForbidden: boolean;
  /** Bits can only fall from 1 to 0. */
  readonly programOnly: boolean;
  /** An authentication is needed, which no write makes. */
  readonly authentication: boolean;
}

/** A register that the card does not show reads so; it is then not known, and nothing is refused for it. */
export const UNSHOWN = 0x00;

/** See `ChipDriver.checkWritable`; `current` gives what the card holds there. */
export async function refuseByRegister(
  limits: ZoneLimits,
  runs: readonly RegionData[],
  current: (run: RegionData) => Promise<Uint8Array>,
): Promise<void> {
  for (const run of runs) {
    if (limits.modifyForbidden) throw protectedForEver(run.offset);
    if (limits.authentication) {
      throw new ChipError({
        code: 'chip.unsupported',
        message:
          'The card wants a proof before it is written that no terminal can give. Please ask the staff.',
      });
    }
    if (!limits.programOnly) continue;
    const held = await current(run);
    const rising = run.data.findIndex((byte, i) => (byte & ~(held[i] ?? 0)) !== 0);
    if (rising !== -1) throw protectedForEver(run.offset + rising);
  }
}
