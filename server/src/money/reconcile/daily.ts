import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { Logger } from 'pino';
import { chinaDay, dayPlus, daysBetween } from '../../kernel/china-time.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { DayStore } from './day-store.ts';
import type { Reconciler } from './reconciler.ts';

const LOOK_EVERY_MS = 10 * 60_000;
/** Channels promise their bills for ten in the morning of the day after; ten hours after the day's end. */
const READY_MS = 10 * 3_600_000;
/** Days that are tried again by themselves; older ones are a person's. */
const DAYS_BACK = 7;

/** Runs each day once its bills are there, the oldest first, and again where the day before was run again. */
export class DailyReconciliation {
  readonly #reconciler: Reconciler;
  readonly #days: DayStore;
  readonly #ledger: Pick<LedgerStore, 'firstDay'>;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(init: {
    reconciler: Reconciler;
    days: DayStore;
    ledger: Pick<LedgerStore, 'firstDay'>;
    clock: Clock;
    log: Logger;
  }) {
    this.#reconciler = init.reconciler;
    this.#days = init.days;
    this.#ledger = init.ledger;
    this.#clock = init.clock;
    this.#log = init.log;
  }

  /** Runs what is due; a day that cannot be run keeps the later ones waiting, since they need what it holds over. */
  async look(): Promise<void> {
    const last = dayPlus(chinaDay(new Date(this.#clock.now() - READY_MS)), -1);
    const first = dayPlus(last, 1 - DAYS_BACK);
    const known = new Map((await this.#days.list(first, last)).map((day) => [day._id, day]));
    // A server that began yesterday has nothing to say of last week, and one that has booked nothing yet of no day.
    const booked = known.size === 0 ? await this.#ledger.firstDay() : undefined;
    const from = daysBetween(first, last).find(
      (day) => known.has(day) || (booked !== undefined && booked <= day),
    );
    if (from === undefined) return;
    for (const day of daysBetween(from, last)) {
      const before = known.get(day);
      if (before?.state === 'done' && !before.stale) continue;
      // What a bill lacks is not mended by asking again.
      if (before?.state === 'failed') return;
      try {
        await this.#reconciler.run({ first: day, by: 'system' });
      } catch (error) {
        const code = codeOf(error);
        const level = code === 'reconcile.not-ready' || code === 'reconcile.running' ? 'info' : 'error';
        this.#log[level]({ err: error, day }, 'a day could not be reconciled');
        return;
      }
    }
  }

  start(): () => Promise<void> {
    return startRounds({
      work: () => this.look().then(() => 0),
      everyMs: LOOK_EVERY_MS,
      what: 'days to reconcile',
      ...{ clock: this.#clock, log: this.#log },
    });
  }
}
