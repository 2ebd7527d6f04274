import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@bianmin/purchase/api/client-error';

/** How long a call is repeated that may be repeated: longer than a killed server needs to be back. */
const PERSISTENCE_MS = 60_000;
const PAUSE_MS = 400;
/** Longer waits are asked for by limits that a soak should not run into; they are refusals to it. */
const MAX_PAUSE_MS = 5_000;

/** Repeats what may be repeated, as a terminal or a phone does while its server is away. */
export async function persisting<T>(call: () => Promise<T>): Promise<T> {
  const until = performance.now() + PERSISTENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.retryable || performance.now() > until) throw error;
      const pause = error.retryAfterMs ?? PAUSE_MS;
      if (pause > MAX_PAUSE_MS) throw error;
      await sleep(pause);
    }
  }
}
