import type { Channel } from '@bianmin/purchase/api/channels';
import type { PaymentHandle } from '../../gateways/payment/contract.ts';
import type { OrderMover } from './mover.ts';
import { paymentAdded, refuseUnlessPayable } from '../model/moves/payment.ts';
import type { Order, Payment } from '../model/order.ts';
import type { PayerDigest } from '../model/payer-digest.ts';
import type { HandRequest, PaymentDesk } from './payment-desk.ts';
import type { PaymentSources } from './payment-sources.ts';
import { isLive } from '../model/state.ts';

/** Being paid by the phone that shows our page, in place of one that scans a code. */
export class PhonePayments {
  readonly #mover: OrderMover;
  readonly #desk: PaymentDesk;
  readonly #sources: PaymentSources;
  readonly #payers: PayerDigest;

  constructor(init: { mover: OrderMover; desk: PaymentDesk; sources: PaymentSources; payers: PayerDigest }) {
    this.#payers = init.payers;
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
    const { payerId } = request;
    const who = payerId === undefined ? undefined : { orderNo: order._id, channel, payerId };
    const isTheirs = ({ payer }: Payment): boolean =>
      payer === undefined || who === undefined ? payer === who : this.#payers.fits(who, payer);
    const open = (current: Order): Payment | undefined =>
      current.payments.find(
        (each) =>
          each.channel === channel &&
          each.product === product &&
          isTheirs(each) &&
          isLive(each) &&
          each.expiresAt > now,
      );
    const times = { now, ttlMs: this.#mover.policy.paymentTtlMs };
    const { order: current } = await this.#mover.move(order, (newer) => {
      refuseUnlessPayable(newer, now);
      if (open(newer) !== undefined) return undefined;
      const payer = who === undefined ? undefined : this.#payers.of(who);
      return paymentAdded(newer, { channel, ...times, product, payer });
    });
    const payment = open(current);
    if (payment === undefined) throw new Error(`A payment of ${order._id} was stored and is not there.`);
    return this.#desk.hand(current, payment, request);
  }
}
