import type { ManualClock } from '../../manual-clock.ts';

/** After this the work hangs: no call may take so long, ms. */
const HANGS_MS = 15 * 60_000;
const STEP_MS = 20;

/** So much time goes by; whatever is ready runs first, so that none is lost to computing. */
export async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.jump(STEP_MS);
  }
}

/** Lets time go by until the work has ended; undefined, and a complaint, where it fails or never does. */
export async function untilDone<T>(
  clock: ManualClock,
  work: Promise<T>,
  complain: (what: string) => void,
): Promise<T | undefined> {
  const state = { ended: false };
  const watched = work
    .catch((error: unknown) => {
      complain(`ended with ${String(error)}`);
      return undefined;
    })
    .finally(() => (state.ended = true));
  for (let passed = 0; passed < HANGS_MS && !state.ended; passed += STEP_MS) await pass(clock, STEP_MS);
  if (state.ended) return watched;
  complain('it hangs');
  return undefined;
}
