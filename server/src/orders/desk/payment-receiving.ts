import type { Logger } from 'pino';
import type { OrderMetrics } from './metrics.ts';
import type { OrderMover } from './mover.ts';
import { checkSuccess, paymentSucceeded, type PaymentSuccess } from '../model/moves/payment.ts';
import { needsAttention } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';
import { fundingOf } from '../model/state.ts';

export interface PaymentReceivingInit {
  readonly mover: OrderMover;
  readonly metrics: OrderMetrics;
  readonly log: Logger;
  /** Sends a sale that was just stored as sent here, and gives the order as it is then. */
  readonly sell: (order: Order) => Promise<Order>;
  /** Whether money for an order that was closed buys after all; else it is given back. */
  readonly fulfilsLate: (order: Order) => Promise<boolean>;
}

/** Takes in money that was received, by a notification's word or an answer's. */
export class PaymentReceiving {
  readonly #init: PaymentReceivingInit;
  readonly #mover: OrderMover;

  constructor(init: PaymentReceivingInit) {
    this.#init = init;
    this.#mover = init.mover;
  }

  /**
   * Money was received, says a notification or an answer, both signed. What fits no payment of ours is refused
   * and alarmed, and changes nothing. The move that funds the order stores its sale as sent: then it is sold
   * here and now, by this call and no other.
   */
  async received(order: Order, success: PaymentSuccess, by: 'notification' | 'query'): Promise<Order> {
    const now = this.#mover.now();
    const check = checkSuccess(order, success);
    if (check === 'known') return order;
    if (check !== 'new') return this.#mismatch(order, success, { reason: check, by });
    const late = order.closure.status === 'closed' && fundingOf(order) === undefined;
    const fulfilLate = late && (await this.#init.fulfilsLate(order));
    let moved = await this.#mover.move(order, (current) =>
      paymentSucceeded(current, success, { now, by, slotTaken: false, fulfilLate }),
    );
    if (moved.outcome === 'slot-taken') {
      moved = await this.#mover.move(moved.order, (current) =>
        paymentSucceeded(current, success, { now, by, slotTaken: true }),
      );
    }
    if (moved.outcome === 'transaction-taken') {
      return this.#mismatch(moved.order, success, { reason: 'transaction', by });
    }
    // By this very move: another payment may have funded the order since it was read, and its sale is under way.
    const sends = moved.from.sale.status !== 'sent' && moved.order.sale.status === 'sent';
    return sends ? this.#init.sell(moved.order) : moved.order;
  }

  async #mismatch(
    order: Order,
    success: PaymentSuccess,
    found: { reason: string; by: 'notification' | 'query' },
  ): Promise<Order> {
    const channel = order.payments.find((each) => each.no === success.paymentNo)?.channel ?? 'unknown';
    this.#init.metrics.mismatches.inc({ channel, reason: found.reason });
    this.#init.log.error(
      { orderNo: order._id, paymentNo: success.paymentNo, reason: found.reason, by: found.by },
      'a channel reports a payment that does not fit',
    );
    if (found.by === 'notification') return order;
    // The channel itself holds to it when asked: only a person can say what that money is.
    return (await this.#mover.move(order, (current) => needsAttention(current, 'payment-mismatch'))).order;
  }
}
