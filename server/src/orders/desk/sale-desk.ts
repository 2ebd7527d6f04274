import type { Logger } from 'pino';
import type { GridGateway, GridSale } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import type { VendorCredit } from '../../gateways/grid/vendor-credit.ts';
import { mayTravel } from '../model/policy.ts';
import type { OrderMover } from './mover.ts';
import {
  creditDoubted,
  needsAttention,
  NO_CREDIT_LOOKS,
  reversalRefused,
  reversalSentAgain,
  reversalUnknown,
  reversed,
  saleGivenUp,
  saleNotFound,
  saleNotSent,
  saleRejected,
  saleSold,
  saleUnknown,
  saleWithoutCredit,
  startSale,
} from '../model/moves/sale.ts';
import type { VendorCreditSource } from '../model/vendor-credit-source.ts';
import { writeConfirmed } from '../model/moves/write.ts';
import type { Order } from '../model/order.ts';
import { tellEnded, type SpanSink } from '../../adapters/tracing/span.ts';

/**
 * All that is said to and heard from the grid about one order's sale. Each method is one step. Where the grid is silent: a sale
 * that did not leave is tried again and rejected after `salePatienceMs`; one that may have arrived is asked about, and undone
 * when the grid twice does not know it. One that it refuses for want of our credit waits for more, `creditPatienceMs` long.
 */
export class SaleDesk {
  readonly #mover: OrderMover;
  readonly #grid: GridGateway;
  readonly #credit: VendorCreditSource;
  readonly #log: Logger;
  readonly #spans: SpanSink | undefined;

  constructor(init: {
    mover: OrderMover;
    grid: GridGateway;
    credit: VendorCreditSource;
    log: Logger;
    spans?: SpanSink | undefined;
  }) {
    this.#mover = init.mover;
    this.#grid = init.grid;
    this.#credit = init.credit;
    this.#log = init.log;
    this.#spans = init.spans;
  }

  /** Stores that the sale is sent, with its slot, then sells. Only who stored it sends it. */
  async start(order: Order): Promise<Order> {
    if (order.sale.noCreditAt !== undefined) return this.#startAgain(order, order.sale.noCreditAt);
    const now = this.#mover.now();
    const first = order.sale.firstSentAt;
    if (first !== undefined && now.getTime() - first.getTime() > this.#mover.policy.salePatienceMs) {
      return this.#move(order, (current) =>
        current.sale.status === 'none' ? saleRejected(current, 'grid-unavailable', now) : undefined,
      );
    }
    return this.#startNow(order);
  }

  /** Refused before for want of our credit: not sent while that is known to be short still. */
  async #startAgain(order: Order, noCreditAt: Date): Promise<Order> {
    const now = this.#mover.now();
    if (now.getTime() - noCreditAt.getTime() <= this.#mover.policy.creditPatienceMs) {
      return (await this.#credit.covers(order.faceFen)) ? this.#startNow(order) : order;
    }
    const moved = await this.#mover.move(order, (current) => saleGivenUp(current, now));
    return moved.outcome === 'moved' ? this.reverse(moved.order) : moved.order;
  }

  async #startNow(order: Order): Promise<Order> {
    const now = this.#mover.now();
    const moved = await this.#mover.move(order, (current) => startSale(current, now));
    if (moved.outcome === 'slot-taken') {
      return this.#move(moved.order, (current) =>
        current.sale.status === 'none' ? saleRejected(current, 'slot-taken', now) : undefined,
      );
    }
    return moved.outcome === 'moved' ? this.sell(moved.order) : moved.order;
  }

  /** Sends a sale that this call, and no other, has just stored as sent. */
  async sell(order: Order): Promise<Order> {
    try {
      const sold = await this.#ask(order);
      return await this.#sold(order, sold, sold.vendorCredit);
    } catch (error) {
      const failure = this.#failureOf(error, order);
      // What this try heard says nothing of another that was sent since.
      const { tries } = order.sale;
      if (failure.code === 'grid.unavailable')
        return this.#move(order, (current) => saleNotSent(current, tries));
      if (failure.code === 'grid.unknown') return this.#unknownNow(order);
      if (failure.refusal === 'vendor-credit') return this.#withoutCredit(order);
      return this.#move(order, (current) =>
        current.sale.tries === tries
          ? saleRejected(current, failure.refusal ?? 'refused', this.#mover.now())
          : undefined,
      );
    }
  }

  /** To a card or meter under its next count, or into an account, which has none. */
  #ask(order: Order): ReturnType<GridGateway['sell']> {
    const { _id: orderNo, kind, customerNo, meterNo, serial, faceFen, count, bill } = order;
    if (kind !== 'account') return this.#grid.sell({ orderNo, customerNo, meterNo, serial, faceFen, count });
    const into = { orderNo, customerNo, meterNo, faceFen };
    return this.#grid.payAccount(bill === undefined ? into : { ...into, billNo: bill.no });
  }

  /**
   * Asks what became of a sale whose answer is missing. "Not found" counts only once a request can no longer
   * be travelling, and twice; then a reversal goes out, so that a straggler finds its tombstone.
   */
  async resolveSale(order: Order): Promise<Order> {
    try {
      const original = await this.#grid.queryOriginal(order._id);
      const now = this.#mover.now();
      switch (original.status) {
        case 'sold':
          return await this.#sold(order, original.sale);
        case 'rejected':
          if (original.reason === 'vendor-credit') return await this.#refusedForCredit(order, now);
          return await this.#move(order, (current) => saleRejected(current, original.reason, now));
        case 'reversed':
          return await this.#move(order, (current) => saleRejected(current, 'reversed', now));
        case 'not-found':
          return await this.#notFound(order, now);
      }
    } catch (error) {
      this.#failureOf(error, order);
      return this.#unknownNow(order);
    }
  }

  async #notFound(order: Order, now: Date): Promise<Order> {
    if (order.reversal.status === 'refused') {
      // It refuses to undo a sale that it says it does not have.
      return this.#move(order, (current) => needsAttention(current, 'grid-disagrees'));
    }
    if (mayTravel(order.sale, now, this.#mover.policy)) return this.#unknownNow(order);
    const moved = await this.#mover.move(order, (current) => saleNotFound(current, now));
    const mine = moved.outcome === 'moved' && moved.order.reversal.status === 'sent';
    return mine ? this.reverse(moved.order) : moved.order;
  }

  /** Said of an earlier try, the last may still be sold. */
  async #refusedForCredit(order: Order, now: Date): Promise<Order> {
    if (order.sale.noCreditAt === undefined) return this.#withoutCredit(order);
    if (mayTravel(order.sale, now, this.#mover.policy)) return this.#unknownNow(order);
    const doubted = await this.#move(order, (current) => creditDoubted(current, order.sale));
    const isSure = (doubted.sale.noCreditLooks ?? 0) >= NO_CREDIT_LOOKS;
    return isSure ? this.#withoutCredit(doubted) : doubted;
  }

  /**
   * Sends a reversal that this call has just stored as sent; of a sale that was taken off its card by its own message. Harmless to
   * repeat: undone is undone.
   */
  async reverse(order: Order): Promise<Order> {
    try {
      const { undo, reversal } = order;
      const answer =
        undo?.status === 'off'
          ? await this.#grid.confirmCancel(order._id, undo.imageDigest ?? '')
          : await this.#grid.reverse(order._id, reversal.reason ?? 'not-found');
      return await this.#reversalIs(order, answer);
    } catch (error) {
      const failure = this.#failureOf(error, order);
      if (failure.code === 'grid.refused') {
        return this.#move(order, (current) => reversalRefused(current, failure.refusal));
      }
      return this.#move(order, reversalUnknown);
    }
  }

  /** Asks about the reversal itself; only when the grid never saw it, and no longer can, it is sent again. */
  async resolveReversal(order: Order): Promise<Order> {
    try {
      const answer = await this.#grid.queryReversal(order._id);
      if (answer.status !== 'not-found') return await this.#reversalIs(order, { status: answer.status });
      const now = this.#mover.now();
      if (mayTravel(order.reversal, now, this.#mover.policy)) return order;
      const moved = await this.#mover.move(order, (current) =>
        current.reversal.sentAt?.getTime() === order.reversal.sentAt?.getTime()
          ? reversalSentAgain(current, now)
          : undefined,
      );
      return moved.outcome === 'moved' ? await this.reverse(moved.order) : moved.order;
    } catch (error) {
      this.#failureOf(error, order);
      return order;
    }
  }

  /** A sale that was heard of otherwise: a late answer, or the grid's bill. */
  async noteSold(order: Order, sold: GridSale): Promise<Order> {
    return this.#sold(order, sold);
  }

  /** Must be delivered: tells the grid that the terminal says the card is written. */
  async confirm(order: Order): Promise<Order> {
    try {
      await this.#grid.confirmWrite(order._id, order.write.imageDigest ?? '');
      return await this.#move(order, writeConfirmed);
    } catch (error) {
      const failure = this.#failureOf(error, order);
      if (failure.code !== 'grid.refused') return order;
      // It will never take it: the bills will show a difference, and a person must look at it now.
      return this.#move(order, (current) => needsAttention(current, 'grid-disagrees'));
    }
  }

  /** The line ties the grid's own serial to the order, and so to its trace. */
  async #sold(order: Order, sold: GridSale, told?: VendorCredit): Promise<Order> {
    if (order.sale.status !== 'sold') await this.#credit.sold(sold.faceFen, told);
    this.#log.info({ orderNo: order._id, saleNo: sold.saleNo }, 'the grid sold');
    tellEnded(this.#spans, {
      ...{ name: 'the grid sold', kind: 'internal', ms: 0, failed: false },
      facts: { 'bianmin.order_no': order._id, 'bianmin.sale_no': sold.saleNo },
    });
    return this.#move(order, (current) =>
      // Undone since the grid was asked: its answer is of before.
      !isUndone(order) && isUndone(current) ? undefined : saleSold(current, sold, this.#mover.now()),
    );
  }

  #reversalIs(order: Order, answer: { status: 'reversed' | 'refused'; reason?: string }): Promise<Order> {
    const now = this.#mover.now();
    return this.#move(order, (current) =>
      answer.status === 'reversed' ? reversed(current, now) : reversalRefused(current, answer.reason),
    );
  }

  async #withoutCredit(order: Order): Promise<Order> {
    await this.#credit.refused();
    const now = this.#mover.now();
    return this.#move(order, (current) => saleWithoutCredit(current, order.sale.tries, now));
  }

  #unknownNow(order: Order): Promise<Order> {
    return this.#move(order, (current) => saleUnknown(current, order.sale.tries));
  }

  async #move(order: Order, decide: Parameters<OrderMover['move']>[1]): Promise<Order> {
    return (await this.#mover.move(order, decide)).order;
  }

  /** The grid's failure; anything else is a fault of ours and is thrown on. */
  #failureOf(error: unknown, order: Order): GridError {
    if (!(error instanceof GridError)) throw error;
    this.#log.warn({ err: error, orderNo: order._id }, 'the grid gave no answer to go by');
    return error;
  }
}

/** Whether the grid has undone its sale, as far as is known: in answer to us, or of its own accord. */
function isUndone({ reversal, sale }: Order): boolean {
  return reversal.status === 'reversed' || (sale.status === 'rejected' && sale.reason === 'reversed');
}
