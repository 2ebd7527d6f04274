import { ProblemError } from '../../kernel/problem.ts';
import type { MeterQuestion, OrderStore } from '../store/orders.ts';
import { OrdersOfMeter } from './orders-of-meter.ts';
import type { Moved, OrderMover } from './mover.ts';
import { paymentsClosed } from '../model/moves/payment.ts';
import type { Order } from '../model/order.ts';
import type { PaymentClosing } from './payment-closing.ts';
import { goesByCount, isUnpaid } from '../model/state.ts';

/** A meter as the grid just told of it. */
export interface MeterNow {
  readonly meterNo: string;
  /** The count that the next sale has. */
  readonly count: number;
  readonly previousInserted: boolean;
}

/** One purchase at a time for each meter, on whatever way it comes: card and credit from afar share its counter. */
export class MeterGate {
  readonly #grid: string;
  readonly #mover: OrderMover;
  readonly #store: OrderStore;
  readonly #closing: PaymentClosing;

  constructor(init: { grid: string; mover: OrderMover; closing: PaymentClosing }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#store = init.mover.store;
    this.#closing = init.closing;
  }

  /** What `makeWay` must know of. */
  questionOf({ meterNo, count }: Pick<MeterNow, 'meterNo' | 'count'>): MeterQuestion {
    return { grid: this.#grid, meterNo, counts: [count] };
  }

  /**
   * Before money can move: nothing else of this meter is open, and the last purchase is in the meter. `known`: asked for just now,
   * with more.
   */
  async makeWay(ownerId: string, meter: MeterNow, known?: OrdersOfMeter): Promise<void> {
    const orders = known ?? (await OrdersOfMeter.ask(this.#store, this.questionOf(meter)));
    for (const order of orders.unsettled.filter(goesByCount)) {
      const mine = isUnpaid(order.state) && order.terminalId === ownerId;
      const now = mine ? await this.#closing.closeOrder(order, 'superseded') : order;
      if (now.closure.status !== 'closed') throw orderOpen(now);
    }
    if (!meter.previousInserted || orders.ofCount(meter.count) !== null) {
      throw new ProblemError({
        code: 'meter.previous-not-inserted',
        message: 'The last purchase is not yet in the meter. Put the card in the meter first.',
      });
    }
  }

  /**
   * Two owners with one meter, at the same moment: the earlier order stays, but for one that was stored so late that the
   * other can already be paid. Of two that do not see each other, one has no payment yet when it is seen: it ends, and
   * takes none.
   */
  async unlessSecond(order: Order): Promise<Order> {
    const unsettled = await this.#store.unsettledOfMeter(this.#grid, order.meterNo);
    for (const other of unsettled.filter((each) => isRival(order, each))) {
      if (other._id === order._id || (isBefore(order, other) && (await this.#endUntouched(other)))) continue;
      await this.#end(order);
      throw orderOpen(other);
    }
    return order;
  }

  /** Whether it is over now: one that has a payment, or had one, goes on. */
  async #endUntouched(order: Order): Promise<boolean> {
    const { order: now } = await this.#end(order);
    return now.closure.status === 'closed';
  }

  #end(order: Order): Promise<Moved> {
    return this.#mover.move(order, (current) =>
      current.payments.length === 0 ? paymentsClosed(current, [], 'superseded') : undefined,
    );
  }
}

/** Of two that are for one meter's counter, or pay one bill. */
function isRival(order: Order, other: Order): boolean {
  if (goesByCount(order) && goesByCount(other)) return true;
  return order.bill !== undefined && other.bill?.no === order.bill.no;
}

/** One of two orders of a meter, whichever of them asks. */
function isBefore(order: Order, other: Order): boolean {
  const ms = order.createdAt.getTime() - other.createdAt.getTime();
  return ms < 0 || (ms === 0 && order._id < other._id);
}

function orderOpen(order: Order): ProblemError {
  return new ProblemError({
    code: 'meter.order-open',
    message: 'Another order for this meter is open. Finish it, or wait until it has ended.',
    orderNo: order._id,
  });
}
