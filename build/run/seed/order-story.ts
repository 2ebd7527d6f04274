import { applyChange, type Change } from '../../../server/src/orders/model/change.ts';
import { duesOf, withDues } from '../../../server/src/orders/model/due.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import type { OrderPolicy } from '../../../server/src/orders/model/policy.ts';

/** As the server's configuration has them where nothing is set. */
export const SEED_POLICY: OrderPolicy = {
  paymentTtlMs: 300_000,
  leaseMs: 120_000,
  gridTimeoutMs: 10_000,
  gridHorizonMs: 60_000,
  salePatienceMs: 1_800_000,
  creditPatienceMs: 7_200_000,
  refundUnderWayMs: 1_800_000,
  booksLagMs: 60_000,
  minBackoffMs: 1000,
  maxBackoffMs: 600_000,
};

/** One order as it goes on: the server's own moves, at times that are told. */
export class OrderStory {
  #order: Order;
  #now: Date;

  constructor(made: Order) {
    this.#now = made.createdAt;
    this.#order = withDues(made, duesOf(made, this.#now, SEED_POLICY));
  }

  get order(): Order {
    return this.#order;
  }

  get now(): Date {
    return this.#now;
  }

  /** Time passes. */
  wait(ms: number): this {
    this.#now = new Date(this.#now.getTime() + ms);
    return this;
  }

  /** A move that must be possible: a story that the server would not have told is a fault of ours. */
  then(move: (order: Order, now: Date) => Change | undefined): this {
    const change = move(this.#order, this.#now);
    if (change === undefined) {
      throw new Error(`A seeded order in the state ${this.#order.state} does not take its next move.`);
    }
    this.#order = applyChange(this.#order, change, { now: this.#now, policy: SEED_POLICY });
    return this;
  }
}
