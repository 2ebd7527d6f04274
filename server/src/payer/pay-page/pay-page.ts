import type { Clock } from '@bianmin/card/clock';
import type { PayHandle, PayPageView, PhoneProduct } from '@bianmin/purchase/api/pay-page';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Order } from '../../orders/model/order.ts';
import type { PhonePayments } from '../../orders/desk/phone-payments.ts';
import type { OrderPolicy } from '../../orders/model/policy.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import { isPayable, payableUntil } from '../../orders/desk/payable.ts';
import { fundingOf } from '../../orders/model/state.ts';
import { meterTailOf } from '../../kernel/mask.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { ChannelWatch } from '../../gateways/payment/channel-watch.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { SealedLinks } from '../../orders/desk/sealed-links.ts';
import { refuseUnlessPayable } from '../../orders/model/moves/payment.ts';

/** How long after an order's end its page still says how it ended. */
const AFTERGLOW_MS = 24 * 3_600_000;

export interface PayPageInit {
  readonly links: SealedLinks;
  readonly store: Pick<OrderStore, 'get'>;
  readonly payments: PhonePayments;
  readonly watch: ChannelWatch;
  readonly receipts: ReceiptCodes;
  readonly policy: Pick<OrderPolicy, 'paymentTtlMs'>;
  readonly clock: Clock;
}

/** What the holder of an order's link may see and do: pay it, and watch what becomes of it. */
export class PayPage {
  readonly #init: PayPageInit;

  constructor(init: PayPageInit) {
    this.#init = init;
  }

  /** Throws `pay-link.unknown`, also for an order that is long over. */
  async view(token: string): Promise<PayPageView> {
    const order = await this.#orderOf(token);
    const { watch, receipts } = this.#init;
    const { name, address } = order.masked;
    const funded = fundingOf(order) !== undefined;
    return {
      state: order.state,
      faceFen: order.faceFen,
      discountFen: order.discountFen,
      paidFen: order.paidFen,
      household: { name, address, ...meterTailOf(order.meterNo) },
      until: payableUntil(order, this.#init.policy.paymentTtlMs).toISOString(),
      kind: order.kind,
      ways: this.#payable(order)
        ? watch.ways(order.paidFen).map(({ channel, products, asksWho, down }) => ({
            channel,
            products: PHONE.filter((product) => products.has(product)),
            asksWho,
            down,
          }))
        : [],
      receiptCode: funded ? receipts.codeOf(order._id) : null,
    };
  }

  /** Where the wallet's browser goes so that it says who pays; it comes back to the page. */
  async consent(token: string, channel: Channel): Promise<string> {
    const order = await this.#orderOf(token);
    const identity = this.#init.watch.channels.get(channel)?.payerIdentity;
    if (identity === undefined) {
      throw new ProblemError({
        code: 'request.not-found',
        message: 'This wallet has no page that asks who pays.',
        orderNo: order._id,
      });
    }
    // The state is no secret: who brings another person's code here only has that person named as the payer.
    return identity.consentUrl(`${this.#init.links.urlOf(order._id)}?wallet=${channel}`, 'pay');
  }

  /** What the phone needs to pay now. Nothing of it is proof that it did. */
  async pay(
    token: string,
    request: { channel: Channel; product: PhoneProduct; authCode?: string | undefined },
    payerIp: string,
  ): Promise<PayHandle> {
    const order = await this.#orderOf(token);
    const { watch, payments, links } = this.#init;
    const { channel, product, authCode } = request;
    const way = watch.ways(order.paidFen).find((each) => each.channel === channel);
    if (way?.products.has(product) !== true) throw notThisWay(order);
    if (way.down !== null) throw notOffered(order);
    refuseUnlessPayable(order, new Date(this.#init.clock.now()));
    if (!this.#payable(order)) throw over(order);
    try {
      const identity = watch.channels.get(channel)?.payerIdentity;
      if (product === 'browser') {
        return await payments.hand(order, channel, { product, payerIp, returnUrl: links.urlOf(order._id) });
      }
      if (identity === undefined) return await payments.hand(order, channel, { product });
      if (authCode === undefined) throw askAgain(order);
      return await payments.hand(order, channel, { product, payerId: await identity.payerOf(authCode) });
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      if (error.code === 'payment.refused' && authCode !== undefined) throw askAgain(order, error);
      throw new ProblemError({
        code: 'payment.channel-unavailable',
        message: 'This wallet is not answering. Try again, or choose another.',
        cause: error,
      });
    }
  }

  #payable(order: Order): boolean {
    return isPayable(order, this.#init.clock.now(), this.#init.policy.paymentTtlMs);
  }

  async #orderOf(token: string): Promise<Order> {
    const { links, store, clock } = this.#init;
    const orderNo = links.orderNoOf(token);
    const order = orderNo === undefined ? null : await store.get(orderNo);
    if (order !== null && order.updatedAt.getTime() + AFTERGLOW_MS > clock.now()) return order;
    throw new ProblemError({
      code: 'pay-link.unknown',
      message: 'This link is not valid, or its purchase ended long ago. Scan the code on the screen again.',
    });
  }
}

const PHONE: readonly PhoneProduct[] = ['in-wallet', 'browser'];

function over(order: Order): ProblemError {
  return new ProblemError({
    code: 'order.closed',
    message: 'The time to pay is over. Start again at the screen.',
    orderNo: order._id,
  });
}

/** What no server of ours offered: it is not down, and will not be back. */
function notThisWay(order: Order): ProblemError {
  return new ProblemError({
    code: 'request.malformed',
    message: 'This wallet cannot be paid with in this way here. Choose a way that the order offers.',
    errors: [{ pointer: '/body/product', detail: 'is not one of the order’s ways' }],
    orderNo: order._id,
  });
}

function notOffered(order: Order): ProblemError {
  return new ProblemError({
    code: 'payment.channel-unavailable',
    message: 'This wallet cannot be used for this now. Choose another.',
    orderNo: order._id,
  });
}

function askAgain(order: Order, cause?: unknown): ProblemError {
  return new ProblemError({
    code: 'pay-link.ask-who',
    message: 'The wallet must say who pays. Open the link again.',
    orderNo: order._id,
    ...(cause === undefined ? {} : { cause }),
  });
}
