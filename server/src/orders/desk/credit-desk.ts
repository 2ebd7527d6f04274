import type { Logger } from 'pino';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import type { ConvertedOrders } from './converted-orders.ts';
import type { OrderMetrics } from './metrics.ts';
import { mayTravel } from '../model/policy.ts';
import type { OrderMover } from './mover.ts';
import {
  creditDone,
  creditFailed,
  creditNotFound,
  creditNotSent,
  creditUnknown,
  startCredit,
} from '../model/moves/credit.ts';
import { saleDenied } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';

/** All that is said to and heard from the grid about crediting one order's meter from afar. Each method is one step. */
export class CreditDesk {
  readonly #mover: OrderMover;
  readonly #grid: GridGateway;
  readonly #converted: Pick<ConvertedOrders, 'denied'>;
  readonly #metrics: OrderMetrics;
  readonly #log: Logger;

  constructor(init: {
    mover: OrderMover;
    grid: GridGateway;
    converted: Pick<ConvertedOrders, 'denied'>;
    metrics: OrderMetrics;
    log: Logger;
  }) {
    this.#converted = init.converted;
    this.#mover = init.mover;
    this.#grid = init.grid;
    this.#metrics = init.metrics;
    this.#log = init.log;
  }

  /** Stores that the credit is sent, then sends it. Only who stored it sends it. */
  async start(order: Order): Promise<Order> {
    const now = this.#mover.now();
    const first = order.credit.firstSentAt;
    if (first !== undefined && now.getTime() - first.getTime() > this.#mover.policy.salePatienceMs) {
      // Nothing is on its way: the payer need not wait for the grid to come back.
      return this.#move(order, (current) =>
        current.credit.status === 'none' ? creditFailed(current, 'grid-unavailable') : undefined,
      );
    }
    const moved = await this.#mover.move(order, (current) => startCredit(current, now));
    return moved.outcome === 'moved' ? this.#send(moved.order) : moved.order;
  }

  /**
   * Asks what became of a credit whose answer is missing. "Not found" counts only once a request can no longer be
   * travelling, and twice; then it is sent again under its number, which is the same credit.
   */
  async resolve(order: Order): Promise<Order> {
    try {
      const answer = await this.#grid.queryCredit(order._id);
      switch (answer.status) {
        case 'credited':
          return await this.#move(order, (current) => creditDone(current, answer.credit));
        case 'failed':
          return await this.#move(order, (current) => creditFailed(current, answer.reason));
        case 'pending':
          return await this.#unknownNow(order);
        case 'not-found':
          return await this.#notFound(order);
      }
    } catch (error) {
      this.#failureOf(error, order);
      return this.#unknownNow(order);
    }
  }

  async #notFound(order: Order): Promise<Order> {
    const now = this.#mover.now();
    if (mayTravel(order.credit, now, this.#mover.policy)) return this.#unknownNow(order);
    const moved = await this.#mover.move(order, (current) =>
      current.credit.tries === order.credit.tries ? creditNotFound(current, now) : undefined,
    );
    const mine = moved.outcome === 'moved' && moved.order.credit.status === 'sent';
    return mine ? this.#send(moved.order) : moved.order;
  }

  /** Sends a credit that this call, and no other, has just stored as sent. */
  async #send(order: Order): Promise<Order> {
    try {
      const credit = await this.#grid.remoteCredit(order._id);
      return await this.#move(order, (current) => creditDone(current, credit));
    } catch (error) {
      const failure = this.#failureOf(error, order);
      if (failure.code === 'grid.unavailable') {
        return this.#move(order, (current) => creditNotSent(current, order.credit.tries));
      }
      if (failure.code === 'grid.unknown') return this.#unknownNow(order);
      if (failure.refusal === 'reversed' || failure.refusal === 'not-sold') {
        return this.#denied(order);
      }
      return this.#move(order, (current) => creditFailed(current, failure.refusal ?? 'refused'));
    }
  }

  /** We hold its sale, it says there is none: where no conversion explains it, money and electricity differ, and a person must look. */
  async #denied(order: Order): Promise<Order> {
    try {
      return (await this.#converted.denied(order)) ?? (await this.#move(order, saleDenied));
    } catch (error) {
      this.#failureOf(error, order);
      return this.#unknownNow(order);
    }
  }

  #unknownNow(order: Order): Promise<Order> {
    return this.#move(order, (current) => creditUnknown(current, order.credit.tries));
  }

  async #move(order: Order, decide: Parameters<OrderMover['move']>[1]): Promise<Order> {
    const moved = await this.#mover.move(order, decide);
    const { status } = moved.order.credit;
    if (status !== moved.from.credit.status) this.#metrics.credits.inc({ status });
    return moved.order;
  }

  /** The grid's failure; anything else is a fault of ours and is thrown on. */
  #failureOf(error: unknown, order: Order): GridError {
    if (!(error instanceof GridError)) throw error;
    this.#log.warn({ err: error, orderNo: order._id }, 'the grid did not say that the meter is credited');
    return error;
  }
}
