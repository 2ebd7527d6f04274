import { randomUUID } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../../kernel/problem.ts';
import type { MongoLeases } from './leases.ts';

/** Longer than any such work takes: what a process that died had in hand is free again then. */
const HOLD_MS = 20_000;
const WAIT_MS = 50;
const TURNS = 100;

/** Work of this name is done one after the other, whichever process asks. Throws `server.unavailable` where its turn does not come. */
export function exclusively(
  leases: MongoLeases<string>,
  name: string,
  clock: Clock,
): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    const holder = randomUUID();
    for (let turn = 0; turn < TURNS; turn += 1) {
      const now = clock.now();
      const lease = { holder, now: new Date(now), until: new Date(now + HOLD_MS) };
      if (await leases.take(name, lease)) {
        try {
          return await work();
        } finally {
          await leases.release(name, holder);
        }
      }
      await clock.sleep(WAIT_MS);
    }
    throw new ProblemError({
      code: 'server.unavailable',
      message: 'Others are doing the same. Try again.',
      retryAfterS: 2,
    });
  };
}
