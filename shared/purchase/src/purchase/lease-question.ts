import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { Stop } from '@bianmin/card/stop';
import type { ProblemCode } from '../api/problem.ts';

/** The longest that a card waits for the server's word, ms: a household stands before it. */
export const LEASE_WORD_MS = 2_000;

const OVER = 'order.lease-stale' satisfies ProblemCode;

/**
 * Whether a plan may be written, by the server's word: a machine that slept with both its clocks cannot tell by itself that its lease
 * is over. Only a refusal counts. Where no answer comes in time, or none of that, the lease by both clocks alone decides. Never
 * throws.
 */
export async function holdsByServer(
  ask: () => Promise<unknown>,
  clock: Pick<Clock, 'sleep'>,
): Promise<boolean> {
  const waiting = new Stop();
  const asked = ask().then(
    () => true,
    (error: unknown) => codeOf(error) !== OVER,
  );
  const silent = clock.sleep(LEASE_WORD_MS, waiting.signal).then(
    () => true,
    () => true,
  );
  const holds = await Promise.race([asked, silent]);
  waiting.stop();
  return holds;
}
