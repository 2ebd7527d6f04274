import { Registry } from 'prom-client';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { CaseReport } from '../orders/model/case-sink.ts';
import { createOrderMetrics } from '../orders/desk/metrics.ts';
import { OrderMover } from '../orders/desk/mover.ts';
import type { Order } from '../orders/model/order.ts';
import { keptLog } from './log-lines.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import { SAMPLE_TIME } from './order-samples.ts';
import { POLICY } from './order-steps.ts';

/** A mover on orders in memory, at the time of the samples, and what it tells: for a desk alone. */
export class MoverRig {
  readonly clock = new ManualClock(SAMPLE_TIME.getTime());
  readonly store = new MemoryOrderStore();
  readonly registry = new Registry();
  readonly metrics = createOrderMetrics(this.registry);
  readonly cases: CaseReport[] = [];
  readonly #kept = keptLog();
  readonly log = this.#kept.log;
  readonly lines = this.#kept.lines;
  readonly mover = new OrderMover({
    ...{ store: this.store, clock: this.clock, policy: POLICY, metrics: this.metrics, log: this.log },
    feed: { publish: () => undefined },
    cases: { open: async (report) => void this.cases.push(report) },
  });

  /** Stored as it is given, and given back. */
  async holds(order: Order): Promise<Order> {
    await this.store.insert(order);
    return order;
  }

  /** As it is stored now. */
  now(order: Order): Promise<Order> {
    return this.mover.again(order);
  }
}

/** So many ms after the samples' time; before it where it is negative. */
export function at(ms: number): Date {
  return new Date(SAMPLE_TIME.getTime() + ms);
}
