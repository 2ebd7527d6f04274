import type { Logger } from 'pino';
import type { CaseSink } from '../model/case-sink.ts';
import type { OrderMetrics } from './metrics.ts';
import type { OrderMover } from './mover.ts';
import { overdueOf, type Motion } from './motion.ts';
import type { Order } from '../model/order.ts';

/** Told once by each process; the case remembers for all of them. */
const MAX_TOLD = 10_000;

/** Tells a person when an order has been moving for longer than its horizon: a case, a metric and a line in the log. */
export class MotionWatch {
  readonly #mover: OrderMover;
  readonly #cases: CaseSink;
  readonly #metrics: OrderMetrics;
  readonly #log: Logger;
  readonly #told = new Set<string>();

  constructor(init: { mover: OrderMover; cases: CaseSink; metrics: OrderMetrics; log: Logger }) {
    this.#mover = init.mover;
    this.#cases = init.cases;
    this.#metrics = init.metrics;
    this.#log = init.log;
  }

  async look(orderNo: string): Promise<void> {
    const order = await this.#mover.store.get(orderNo);
    if (order === null) return;
    for (const motion of overdueOf(order, this.#mover.now(), this.#mover.policy)) {
      await this.#tell(order, motion);
    }
  }

  async #tell(order: Order, { fact, no, since }: Motion): Promise<void> {
    const key = no ?? fact;
    const told = `${order._id}:${key}`;
    if (this.#told.has(told)) return;
    const facts = { fact, since: since.toISOString(), state: order.state, paidFen: order.paidFen };
    await this.#cases.open({ kind: 'stuck', orderNo: order._id, orgPath: order.orgPath, key, facts });
    this.#metrics.stuck.inc({ fact });
    this.#log.error({ orderNo: order._id, ...facts }, 'an order has been moving for longer than it may');
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.add(told);
  }
}
