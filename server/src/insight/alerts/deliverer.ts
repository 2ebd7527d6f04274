import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { MongoLeases } from '../../adapters/mongo/leases.ts';
import type { DestinationStore } from './destination-store.ts';
import type { Notice, NoticeStore } from './notice-store.ts';
import { whyOf } from './send/error.ts';
import type { Send } from './send/target.ts';
import { joined } from './text.ts';

/** One message takes up to these; robots take 20 messages a minute. */
const AT_ONCE = 20;
/** Longer than one message takes. */
const LEASE_MS = 60_000;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 600_000;
/** What could not be told for so long is old: the console has it. */
const GIVE_UP_MS = 24 * 3_600_000;

export interface DelivererInit {
  readonly notices: NoticeStore;
  readonly destinations: DestinationStore;
  readonly leases: MongoLeases<string>;
  /** This worker, unlike any other. */
  readonly holder: string;
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Empties the outbox, each destination by itself: one that does not answer keeps no other waiting. What waits for the same
 * one goes in one message. Only what was sent and not noted, because a worker died in between, is sent twice.
 */
export class Deliverer {
  readonly #init: DelivererInit;

  constructor(init: DelivererInit) {
    this.#init = init;
  }

  /** One round; gives how many destinations had something waiting. */
  async round(): Promise<number> {
    const due = await this.#init.notices.due(this.#now());
    await Promise.all(due.map((destination) => this.#one(destination)));
    return due.length;
  }

  async #one(destination: string): Promise<void> {
    const { leases, holder, log } = this.#init;
    const now = this.#now();
    const lease = { holder, now, until: new Date(now.getTime() + LEASE_MS) };
    const piece = `alert-to:${destination}`;
    if (!(await leases.take(piece, lease))) return;
    try {
      await this.#deliver(destination);
    } catch (error) {
      log.error({ err: error, destination }, 'alerts could not be delivered');
    } finally {
      await leases.release(piece, holder);
    }
  }

  async #deliver(id: string): Promise<void> {
    const { notices, destinations, send, log } = this.#init;
    // The worker that had the lease until now may have sent them, or put them off.
    if (!(await notices.isDue(id, this.#now()))) return;
    const waiting = await notices.waitingFor(id, AT_ONCE);
    const destination = await destinations.get(id);
    if (destination?.enabled !== true) {
      await notices.giveUp(id, { failure: 'destination-gone' });
      return;
    }
    try {
      await send(destinations.targetOf(destination), joined(waiting.map(({ text }) => text)));
    } catch (error) {
      const code = whyOf(error);
      log.warn({ destination: id, code }, 'a destination of alerts does not take them');
      await destinations.failed(destination, code, this.#now());
      await this.#postpone(id, waiting, code);
      return;
    }
    await notices.sent(
      waiting.map(({ _id }) => _id),
      this.#now(),
    );
    await destinations.reached(id, this.#now());
  }

  /** All that waits for it, not only what was tried: else the rest would be tried at once. */
  async #postpone(id: string, waiting: readonly Notice[], failure: string): Promise<void> {
    const { notices } = this.#init;
    const now = this.#now().getTime();
    const tries = Math.max(0, ...waiting.map((notice) => notice.tries)) + 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
    await notices.giveUp(id, { failure, before: new Date(now - GIVE_UP_MS) });
    await notices.postpone(id, { tries, failure, nextAt: new Date(now + wait) });
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}
