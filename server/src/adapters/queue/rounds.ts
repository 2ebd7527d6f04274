import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';

export interface RoundsInit {
  /** One round; gives how much was found. */
  readonly work: () => Promise<number>;
  /** A round that found this much may have left something, and is followed at once by the next; absent: none does. */
  readonly full?: number;
  /** Wait between rounds, ms. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** For the log, ends the sentence "… could not be looked after". */
  readonly what: string;
}

/** Does rounds until stopped; one that fails is logged and followed by the next. Gives what stops them. */
export function startRounds(init: RoundsInit): () => Promise<void> {
  const stopping = new AbortController();
  const running = run(init, stopping.signal);
  return async () => {
    stopping.abort(new Error('The rounds stop.'));
    await running;
  };
}

async function run(
  { work, full = Infinity, everyMs, clock, log, what }: RoundsInit,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let found = 0;
    try {
      found = await work();
    } catch (error) {
      log.error({ err: error }, `${what} could not be looked after`);
    }
    if (found >= full) continue;
    // Rejects only when it is told to stop.
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
