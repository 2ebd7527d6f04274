import type { Logger } from 'pino';
import type { CreatePayment, PaymentHandle, PaymentProduct } from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { OrderMover } from './mover.ts';
import {
  codeGiven,
  codeReplaced,
  handleGiven,
  paymentsClosed,
  paymentUnknown,
} from '../model/moves/payment.ts';
import type { Order, Payment } from '../model/order.ts';
import { isLive } from '../model/state.ts';
import type { PaymentReceiving } from './payment-receiving.ts';
import { isUnseen } from './payment-settling.ts';
import { toSuccess, type PaymentSources } from './payment-sources.ts';

export interface PaymentDeskInit {
  readonly mover: OrderMover;
  readonly sources: PaymentSources;
  readonly receiving: PaymentReceiving;
  readonly trigger: Trigger;
  readonly log: Logger;
  /** No trailing slash. */
  readonly publicUrl: string;
}

/** Begins the cause of a job that asks whether a payment was made. */
export const POLL = 'poll-';

/** How a phone pays, and what is known of it. */
export type HandRequest = Pick<CreatePayment, 'payerId' | 'payerIp' | 'returnUrl'> & {
  readonly product: Exclude<PaymentProduct, 'code'>;
};

/** Asks channels for what a payer pays with: a code to scan, or what their phone needs. */
export class PaymentDesk {
  readonly #init: PaymentDeskInit;
  readonly #mover: OrderMover;

  constructor(init: PaymentDeskInit) {
    this.#init = init;
    this.#mover = init.mover;
  }

  /**
   * Asks for the code of a stored payment; `unknown` is asked about and then asked for again, with the same
   * number and content, which gives the same payment. Throws `payment.unavailable` or `payment.refused` when
   * there is certainly no such payment, having closed it here.
   */
  async requestCode(order: Order, no: string): Promise<Order> {
    const payment = order.payments.find((each) => each.no === no);
    if (payment === undefined || !isLive(payment)) return order;
    try {
      return await this.#create(order, payment);
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      if (error.code === 'payment.unknown' || payment.status === 'unknown') {
        return this.#createAgain(order, payment);
      }
      const { order: now } = await this.#mover.move(order, (current) =>
        isUnseen(current, no) ? paymentsClosed(current, [no]) : undefined,
      );
      // Another call at the same moment has its code: it may be paid, and that is why no other is given.
      if (now.payments.some((each) => each.no === no && each.status !== 'closed')) return now;
      throw error;
    }
  }

  async #createAgain(order: Order, payment: Payment): Promise<Order> {
    try {
      const evidence = await this.#init.sources.evidenceOf(payment.channel).query(payment.no);
      if (evidence.status === 'succeeded')
        return await this.#init.receiving.received(order, toSuccess(payment, evidence), 'query');
      if (evidence.status !== 'closed') return await this.#create(order, payment);
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      this.#init.log.warn({ err: error, orderNo: order._id }, 'a channel gave no code yet');
    }
    const moved = await this.#mover.move(order, (current) => paymentUnknown(current, payment.no));
    await this.#init.trigger.request(order._id, `code-${moved.order.version}`, 2_000);
    return moved.order;
  }

  /** What a phone needs to pay a stored payment. Throws `PaymentError`; the payment stays, and is asked about. */
  async hand(order: Order, payment: Payment, request: HandRequest): Promise<PaymentHandle> {
    const handle = await this.#init.sources.channelOf(payment.channel).create({
      ...this.#contentOf(order, payment),
      ...request,
    });
    const moved = await this.#mover.move(order, (current) => handleGiven(current, payment.no));
    await this.pollLater(moved.order, payment);
    return handle;
  }

  async #create(order: Order, payment: Payment): Promise<Order> {
    const codeUrl = await this.#askCode(order, payment);
    let moved = await this.#mover.move(order, (current) => codeGiven(current, payment.no, codeUrl));
    const shown = moved.order.payments.find(({ no }) => no === payment.no)?.codeUrl ?? null;
    if (shown !== null && shown !== codeUrl) {
      // Asked for twice at once. Only the channel's newest code can be paid, and which of two that is cannot be told.
      const newest = await this.#askCode(moved.order, payment);
      moved = await this.#mover.move(moved.order, (current) => codeReplaced(current, payment.no, newest));
    }
    await this.pollLater(moved.order, payment);
    return moved.order;
  }

  async #askCode(order: Order, payment: Payment): Promise<string> {
    return codeUrlOf(
      await this.#init.sources.channelOf(payment.channel).create(this.#contentOf(order, payment)),
    );
  }

  #contentOf(order: Order, payment: Payment): CreatePayment {
    return {
      paymentNo: payment.no,
      amountFen: payment.amountFen,
      description: `电费充值 ¥${(order.faceFen / 100).toFixed(2)}`,
      expiresAt: payment.expiresAt,
      notifyUrl: `${this.#init.publicUrl}/v1/notify/${payment.channel}`,
      terminalId: order.terminalId,
    };
  }

  /** Asks again without waiting for a notification that may never come; costs no write. */
  async pollLater(order: Order, payment: Payment): Promise<void> {
    const now = this.#mover.clock.now();
    const age = now - payment.createdAt.getTime();
    const untilExpiry = payment.expiresAt.getTime() - now + 500;
    const delay = Math.max(500, Math.min(Math.max(10_000, age / 2), 60_000, untilExpiry));
    await this.#init.trigger.request(
      order._id,
      `${POLL}${payment.no}-${Math.round((now + delay) / 1000)}`,
      delay,
    );
  }
}
