import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { OrderMover } from './mover.ts';
import { closingAsked, lastLookTaken, paymentsClosed } from '../model/moves/payment.ts';
import type { Closure, Order, Payment } from '../model/order.ts';
import { fundingOf, isLive } from '../model/state.ts';
import type { PaymentReceiving } from './payment-receiving.ts';
import { isUnseen, type PaymentSettling } from './payment-settling.ts';
import { toSuccess } from './payment-sources.ts';

/** Ends payments by what their channels say of them, and orders with them. */
export class PaymentClosing {
  readonly #mover: OrderMover;
  readonly #settling: PaymentSettling;
  readonly #receiving: PaymentReceiving;
  readonly #trigger: Trigger;

  constructor(init: {
    mover: OrderMover;
    settling: PaymentSettling;
    receiving: PaymentReceiving;
    trigger: Trigger;
  }) {
    this.#mover = init.mover;
    this.#settling = init.settling;
    this.#receiving = init.receiving;
    this.#trigger = init.trigger;
  }

  /**
   * Settles payments that must end, and with the last of them, given a reason, the order. Where a channel
   * cannot say, the order takes no further payment and is looked at again.
   */
  async closePayments(
    order: Order,
    payments: readonly Payment[],
    reason: NonNullable<Closure['reason']> | undefined,
  ): Promise<Order> {
    const closed: string[] = [];
    const looks = new Map<string, Date>();
    const unseen: string[] = [];
    let current = order;
    let unknown = false;
    for (const payment of payments) {
      const settled = await this.#settling.settle(payment);
      if (settled.status === 'succeeded') {
        current = await this.#receiving.received(current, toSuccess(payment, settled), 'query');
      } else if (settled.status === 'closed') {
        closed.push(payment.no);
        if (settled.lookAgainAt !== undefined) looks.set(payment.no, settled.lookAgainAt);
      } else if (settled.status === 'unseen') unseen.push(payment.no);
      else unknown = true;
    }
    const moved = await this.#mover.move(current, (newer) => {
      // The code of another may have come since.
      const still = unseen.filter((no) => isUnseen(newer, no));
      const all = !unknown && still.length === unseen.length;
      return paymentsClosed(newer, [...closed, ...still], all ? reason : undefined, looks);
    });
    current = moved.order;
    unknown ||= current.payments.some((each) => unseen.includes(each.no) && isLive(each));
    if (!unknown || reason === undefined || fundingOf(current) !== undefined) return current;
    return (await this.#mover.move(current, (newer) => closingAsked(newer, reason))).order;
  }

  /** Ends an order that is not paid; one that turns out to be paid goes on and is given back as it is. */
  async closeOrder(order: Order, reason: NonNullable<Closure['reason']>): Promise<Order> {
    let current = order;
    // A payment may be added while the others are settled: then once more.
    for (let round = 0; round < 5; round += 1) {
      if (fundingOf(current) !== undefined || current.closure.status === 'closed') return current;
      current = await this.closePayments(current, current.payments.filter(isLive), reason);
      if (current.closure.status === 'asked') break;
    }
    if (current.closure.status === 'asked') {
      await this.#trigger.request(order._id, `close-${current.version}`, 2_000);
    }
    return current;
  }

  /** Asks once more about payments that were closed unseen: what was paid after all is received, late. */
  async lookAgain(order: Order, payments: readonly Payment[]): Promise<Order> {
    let current = order;
    for (const payment of payments) {
      const found = await this.#settling.lookAgain(payment);
      if (found.status === 'succeeded') {
        current = await this.#receiving.received(current, toSuccess(payment, found), 'query');
      } else if (found.status === 'closed') {
        current = (await this.#mover.move(current, (newer) => lastLookTaken(newer, payment.no))).order;
      }
    }
    return current;
  }
}
