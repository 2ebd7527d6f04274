import { startRounds } from '../adapters/queue/rounds.ts';
import type { Deps } from '../config/deps.ts';
import type { VendorCredits } from '../money/vendor-credit/vendor-credits.ts';

/** How often the grid is asked what is left, ms: a top-up is known so soon, and what sales do not tell is put right. */
const EVERY_MS = 60_000;

/** Follows what we have at the grid, where it can be asked. Gives what stops it. */
export function followVendorCredit(
  { config, clock, log }: Pick<Deps, 'config' | 'clock' | 'log'>,
  credits: Pick<VendorCredits, 'ask'> | undefined,
): () => Promise<void> {
  if (credits === undefined || config.GRID_VENDOR_CREDIT === 'off') return () => Promise.resolve();
  return startRounds({
    work: async () => {
      await credits.ask();
      return 0;
    },
    ...{ everyMs: EVERY_MS, what: 'what we have at the grid', clock, log },
  });
}
