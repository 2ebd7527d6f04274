import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { Recent } from '../../kernel/recent.ts';
import type { OrderStore } from '../store/orders.ts';
import type { CaseSink } from '../model/case-sink.ts';
import { casesOf } from '../model/order-cases.ts';
import { applyChange, type Change } from '../model/change.ts';
import { duesPutOff, withDues } from '../model/due.ts';
import type { OrderMetrics } from './metrics.ts';
import type { Order } from '../model/order.ts';
import type { OrderPolicy } from '../model/policy.ts';
import type { FeedPublisher } from './redis-feed.ts';

/**
 * A move's outcome, with the order as it is now. `unchanged`: there was nothing (any more) to do. `from`: the order that was
 * decided on, which may be newer than the one that was handed in: only beside it can be seen what this move did itself.
 */
export interface Moved {
  readonly outcome: 'moved' | 'unchanged' | 'slot-taken' | 'transaction-taken';
  readonly order: Order;
  readonly from: Order;
}

/** More lost races than this on one order are a fault, not a race. */
const MAX_RACES = 20;
/** Orders that this process remembers: more than are under way in it. */
const MOST_RECENT = 1_000;

/** The one way in which a stored order changes: decide on it as read, compare-and-set, else read and decide again. */
export class OrderMover {
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly policy: OrderPolicy;
  readonly #feed: FeedPublisher;
  readonly #metrics: OrderMetrics;
  readonly #cases: CaseSink;
  readonly #log: Logger;
  readonly #recent = new Recent<Order>(MOST_RECENT);

  constructor(init: {
    store: OrderStore;
    clock: Clock;
    policy: OrderPolicy;
    feed: FeedPublisher;
    metrics: OrderMetrics;
    cases: CaseSink;
    log: Logger;
  }) {
    this.store = init.store;
    this.clock = init.clock;
    this.policy = init.policy;
    this.#feed = init.feed;
    this.#metrics = init.metrics;
    this.#cases = init.cases;
    this.#log = init.log;
  }

  now(): Date {
    return new Date(this.clock.now());
  }

  /**
   * An order as this process left it last, which another may have moved since; undefined where it has none. A move may be
   * decided on it, since it is stored only if it is still so. Nothing may be refused, or told, by it.
   */
  recent(orderNo: string): Order | undefined {
    return this.#recent.get(orderNo);
  }

  /** Stores a new order, unless its number or its owner's key is taken. */
  async insert(order: Order): Promise<'inserted' | 'exists'> {
    const outcome = await this.store.insert(order);
    if (outcome === 'inserted') this.#recent.keep(order._id, order);
    return outcome;
  }

  /** `decide` is pure and may be called again on a newer order. */
  async move(order: Order, decide: (order: Order) => Change | undefined): Promise<Moved> {
    let current = order;
    for (let race = 0; race < MAX_RACES; race += 1) {
      const change = decide(current);
      if (change === undefined) return { outcome: 'unchanged', order: current, from: current };
      const next = applyChange(current, change, { now: this.now(), policy: this.policy });
      // Before the move, so that no order waits for a person who was not told; a lost race can leave a case too many.
      for (const report of casesOf(current, next)) await this.#cases.open(report);
      const replaced = await this.store.replace(current, next);
      switch (replaced) {
        case 'moved':
          this.#recent.keep(next._id, next);
          this.#tell(current, next);
          return { outcome: 'moved', order: next, from: current };
        case 'slot-taken':
        case 'transaction-taken':
          return { outcome: replaced, order: current, from: current };
        case 'conflict':
          this.#recent.drop(current._id);
          current = await this.again(current);
      }
    }
    throw new Error(`Order ${order._id} was changed by others ${MAX_RACES} times in a row.`);
  }

  /** The order as it is stored now. */
  async again(order: Order): Promise<Order> {
    const current = await this.store.get(order._id);
    if (current === null) throw new Error(`Order ${order._id} is gone. Orders are never deleted.`);
    return current;
  }

  /** Nothing to say yet of these parts (`duesOf`): look at them again later. */
  async postpone(order: Order, parts: (part: string) => boolean = () => true): Promise<Order> {
    const later = withDues(order, duesPutOff(order, parts, { now: this.now(), policy: this.policy }));
    await this.store.postpone(order, later.dueAt, later.dues);
    return later;
  }

  #tell(before: Order, after: Order): void {
    if (after.state === 'attention' && before.state !== 'attention') {
      const reason = after.attention ?? 'refund-abnormal';
      this.#metrics.attention.inc({ reason });
      this.#log.error({ orderNo: after._id, reason }, 'an order needs a person');
    }
    if (after.state !== before.state) this.#metrics.entered.inc({ state: after.state });
    const events = after.events.slice(before.events.length).map((event) => event.name);
    const { _id: orderNo, state, traceId } = after;
    // A claim may come when its visit is long over: the line is the order's all the same.
    this.#log.info({ orderNo, state, events, ...(traceId === undefined ? {} : { traceId }) }, 'order moved');
    this.#feed.publish(after);
  }
}
