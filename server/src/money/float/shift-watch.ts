import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { Case } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { FloatDesk } from './desk.ts';
import type { FloatStore } from './float-store.ts';
import { SHIFT_LEFT_OPEN, type ShiftFollower } from './shift-follower.ts';

/** How far the first round of a process looks back: no worker is away for longer. */
const FIRST_MS = 7 * 86_400_000;
/** And each later one: entries' times are their writers', whose clocks may be wrong. */
const AGAIN_MS = 3_600_000;

export interface ShiftWatchInit {
  readonly store: Pick<FloatStore, 'ofKinds' | 'shiftsBefore'>;
  readonly desk: Pick<FloatDesk, 'findClosed'>;
  readonly cases: Pick<Cases, 'openOf'>;
  readonly follower: ShiftFollower;
  /** A shift may be open for so long before a person must see to it, ms. */
  readonly afterMs: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/**
 * Sees that drawers are counted: a shift that is open for too long is a case. Also ends what a process left half done that was
 * killed after a shift was closed.
 */
export class ShiftWatch {
  readonly #init: ShiftWatchInit;
  /** Closed shifts that the round before looked at, so that a round costs reading only. */
  #done: ReadonlySet<string> = new Set();
  #since: number;

  constructor(init: ShiftWatchInit) {
    this.#init = init;
    this.#since = init.clock.now() - FIRST_MS;
  }

  /** One round; gives how many shifts are open for too long. */
  async round(): Promise<number> {
    const began = this.#init.clock.now();
    await this.#differences();
    const stay = await this.#open(began);
    await this.#endOld();
    this.#since = began - AGAIN_MS;
    return stay;
  }

  async #differences(): Promise<void> {
    const { store, follower, log } = this.#init;
    const closed = await store.ofKinds(['shift-closed'], new Date(this.#since));
    for (const { _id, float, counted } of closed) {
      if (counted === undefined || this.#done.has(_id)) continue;
      if ((await follower.differs(counted, float)) === 'opened') {
        log.warn({ float, shift: counted.id }, 'a shift was closed and its difference is reported only now');
      }
    }
    this.#done = new Set(closed.map(({ _id }) => _id));
  }

  async #open(now: number): Promise<number> {
    const { store, follower, afterMs, log } = this.#init;
    const open = await store.shiftsBefore(new Date(now - afterMs));
    for (const { float, shift } of open) {
      if ((await follower.stays(shift, float)) === 'opened') {
        log.warn({ float, shift: shift.id }, 'a shift is open for longer than it may');
      }
    }
    return open.length;
  }

  /** A case that was opened while its shift was being closed. */
  async #endOld(): Promise<void> {
    for await (const each of this.#init.cases.openOf(SHIFT_LEFT_OPEN)) await this.#endIfOver(each);
  }

  async #endIfOver({ key, facts }: Case): Promise<void> {
    const { desk, follower } = this.#init;
    const counted = await desk.findClosed(String(facts.float), key);
    if (counted !== null) await follower.endOpen(counted);
  }
}
