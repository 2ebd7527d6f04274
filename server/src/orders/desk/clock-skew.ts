import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { startRounds } from '../../adapters/queue/rounds.ts';
import { dueOf, duesOf } from '../model/due.ts';
import { clockSet } from '../model/moves/clock.ts';
import type { OrderMover } from './mover.ts';
import { longestWaitMs } from '../model/policy.ts';

/** More than that were put off by a clock for everybody, and the next rounds take the rest. */
const BATCH = 200;
const ROUND_MS = 10_000;

export interface PutOffInit {
  readonly mover: OrderMover;
  readonly clock: Clock;
  readonly log: Logger;
  readonly advance: (orderNo: string) => Promise<void>;
}

/**
 * Orders that a server with its clock ahead put off: without this they would be looked at again only when all clocks have
 * come there, hours late after a start by the wrong time zone. No order waits longer than `longestWaitMs`; one whose time is further away
 * than that, and stays so for as long by the monotonic clock, was put off by a wrong clock: another's, or, where ours is behind,
 * everybody's, and then orders that others look after do not stay so. Several workers do each other no harm: a move is compare-and-set.
 */
export class ClockSkewRecovery {
  readonly #init: PutOffInit;
  readonly #longestMs: number;
  /** By order: since when it has been seen so, ms on the monotonic clock, and at which version. */
  #seen = new Map<string, { version: number; since: number }>();

  constructor(init: PutOffInit) {
    this.#init = init;
    this.#longestMs = longestWaitMs(init.mover.policy);
  }

  /** One round; gives how many orders are put off. */
  async sweep(): Promise<number> {
    const { mover, clock } = this.#init;
    const far = new Date(clock.now() + this.#longestMs);
    const found = await mover.store.dueAfter(far, BATCH);
    const seen = new Map<string, { version: number; since: number }>();
    for (const { orderNo, version } of found) {
      const known = this.#seen.get(orderNo);
      const since = known?.version === version ? known.since : clock.monotonic();
      if (clock.monotonic() - since < this.#longestMs) seen.set(orderNo, { version, since });
      else await this.#bring(orderNo, version);
    }
    this.#seen = seen;
    return found.length;
  }

  start(): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({
      work: () => this.sweep(),
      everyMs: ROUND_MS,
      what: 'orders that were put off',
      ...{ clock, log },
    });
  }

  async #bring(orderNo: string, version: number): Promise<void> {
    const { mover, log, advance } = this.#init;
    try {
      const order = await mover.store.get(orderNo);
      // Another process has moved it, and looks after it.
      if (order?.version !== version) return;
      const { order: now, outcome } = await mover.move(order, (current) => clockSet(current, mover.now()));
      // A look now would set the next one sooner: only the time of the next look was ahead.
      const anew = duesOf(now, mover.now(), mover.policy);
      const ahead = Object.keys(anew).filter((part) => isBefore(anew[part], dueOf(now, part)));
      // A refund that does not leave may wait so long.
      if (outcome !== 'moved' && ahead.length === 0) return;
      if (ahead.length > 0) await mover.postpone(now, (part) => ahead.includes(part));
      log.warn({ orderNo }, 'an order was put off by a clock that was ahead; it goes on now');
      await advance(orderNo);
    } catch (error) {
      log.error({ err: error, orderNo }, 'an order that was put off could not be advanced');
    }
  }
}

function isBefore(one: Date | undefined, other: Date | null): boolean {
  return one !== undefined && other !== null && one < other;
}
