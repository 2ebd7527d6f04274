import { createHash } from 'node:crypto';
import type { Channel } from '@bianmin/shared/api/channels';
import type { PaymentHandle } from '../../gateways/payment/contract.ts';
import type { OrderMover } from './mover.ts';
import { paymentAdded, refuseUnlessPayable } from '../model/moves/payment.ts';
import type { Order, Payment } from '../model/order.ts';
import type { HandRequest, PaymentDesk } from './payment-desk.ts';
import type { PaymentSources } from './payment-sources.ts';
import { isLive } from '../model/state.ts';

/** Being paid by the phone that shows our page, in place of one that scans a code. */
export class PhonePayments {
  readonly #mover: OrderMover;
  readonly #desk: PaymentDesk;
  readonly #sources: PaymentSources;

  constructor(init: { mover: OrderMover; desk: PaymentDesk; sources: PaymentSources }) {
    this.#mover = init.mover;
    this.#desk = init.desk;
    this.#sources = init.sources;
  }

  /**
   * What this phone needs to pay the order now. The same payer at the same wallet gets the same payment again, so that
   * going back and forth does not use up the order's attempts. Throws `order.already-paid`, `order.closed`, and the
   * channel's `PaymentError`.
   */
  async hand(order: Order, channel: Channel, request: HandRequest): Promise<PaymentHandle> {
    this.#sources.channelOf(channel);
    const now = this.#mover.now();
    const { product } = request;
    const payer = request.payerId === undefined ? undefined : digestOf(channel, request.payerId);
    const open = (current: Order): Payment | undefined =>
      current.payments.find(
        (each) =>
          each.channel === channel &&
          each.product === product &&
          each.payer === payer &&
          isLive(each) &&
          each.expiresAt > now,
      );
    const { order: current } = await this.#mover.move(order, (newer) => {
      refuseUnlessPayable(newer);
      if (open(newer) !== undefined) return undefined;
      const ttlMs = this.#mover.policy.paymentTtlMs;
      return paymentAdded(newer, { channel, now, ttlMs, product, payer });
    });
    const payment = open(current);
    if (payment === undefined) throw new Error(`A payment of ${order._id} was stored and is not there.`);
    return this.#desk.hand(current, payment, request);
  }
}

/** Who pays at the wallet is private: enough of a digest to know them again within one order. */
function digestOf(channel: Channel, payerId: string): string {
  return createHash('sha256').update(`${channel}\n${payerId}`).digest('base64url').slice(0, 16);
}
