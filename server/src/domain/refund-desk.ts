import type { Logger } from 'pino';
import type { RefundEvidence } from '../payment/contract.ts';
import { PaymentError } from '../payment/error.ts';
import type { OrderMover } from './mover.ts';
import {
  refundAccepted,
  refundEnded,
  refundNotSent,
  refundSent,
  refundTold,
  refundUnknown,
  type RefundReport,
} from './moves/refund.ts';
import type { Order, Payment, Refund } from './order.ts';
import type { PaymentDesk } from './payment-desk.ts';

/** Giving money back: approved, stored as sent, sent, and asked about under the same number until it ended. */
export class RefundDesk {
  readonly #mover: OrderMover;
  readonly #desk: PaymentDesk;
  readonly #log: Logger;

  constructor(init: { mover: OrderMover; desk: PaymentDesk; log: Logger }) {
    this.#mover = init.mover;
    this.#desk = init.desk;
    this.#log = init.log;
  }

  /** Sends an approved refund. Only who stored it as sent sends it, and a second sending would be the same one. */
  async send(order: Order, refund: Refund): Promise<Order> {
    const moved = await this.#mover.move(order, (current) =>
      refundSent(current, refund.no, this.#mover.now()),
    );
    return moved.outcome === 'moved' ? this.#give(moved.order, refund) : moved.order;
  }

  /** Asks about a refund that was sent; one that the channel never saw is sent again under its number. */
  async resolve(order: Order, refund: Refund): Promise<Order> {
    const payment = paymentOf(order, refund);
    try {
      const evidence = await this.#desk
        .evidenceOf(payment.channel)
        .queryRefund(refund.no, payment.channelNo ?? payment.no);
      if (evidence.status === 'not-found') return await this.#give(order, refund);
      return await this.#evidence(order, refund, evidence);
    } catch (error) {
      this.#failureOf(error, order, refund);
      return order;
    }
  }

  /**
   * A channel reports what became of a refund. Where it does not say of which sum, that money went back counts only by evidence
   * that does.
   */
  async heard(order: Order, told: RefundReport, receivedAt: Date): Promise<Order> {
    if (told.status !== 'done' || told.refundFen !== undefined) {
      return this.#move(order, (current) => refundTold(current, told, receivedAt));
    }
    const refund = order.refunds.find(({ no }) => no === told.refundNo);
    const isNews = refundEnded(order, told.refundNo, 'done') !== undefined;
    return refund === undefined || !isNews ? order : this.resolve(order, refund);
  }

  async #give(order: Order, refund: Refund): Promise<Order> {
    const payment = paymentOf(order, refund);
    try {
      const evidence = await this.#desk.evidenceOf(payment.channel).refund({
        paymentNo: payment.channelNo ?? payment.no,
        ...(payment.transactionId === undefined ? {} : { transactionId: payment.transactionId }),
        refundNo: refund.no,
        refundFen: refund.fen,
        totalFen: payment.amountFen,
        reason: WORDS[refund.reason],
      });
      return await this.#evidence(order, refund, evidence);
    } catch (error) {
      const failure = this.#failureOf(error, order, refund);
      switch (failure.code) {
        case 'payment.unavailable':
          return this.#move(order, (current) => refundNotSent(current, refund.no));
        case 'payment.refused':
        case 'payment.mismatch':
          return this.#move(order, (current) => refundEnded(current, refund.no, 'abnormal'));
        case 'payment.unknown':
        case 'payment.bad-signature':
          return this.#move(order, (current) => refundUnknown(current, refund.no));
      }
    }
  }

  async #evidence(order: Order, refund: Refund, evidence: RefundEvidence): Promise<Order> {
    if (evidence.refundFen !== refund.fen) {
      this.#log.error({ orderNo: order._id, refundNo: refund.no }, 'a channel gave back another amount');
      return this.#move(order, (current) => refundEnded(current, refund.no, 'abnormal'));
    }
    switch (evidence.status) {
      case 'done':
        return this.#move(order, (current) => refundEnded(current, refund.no, 'done'));
      case 'abnormal':
      case 'closed':
        return this.#move(order, (current) => refundEnded(current, refund.no, 'abnormal'));
      case 'sent':
        return this.#move(order, (current) => refundAccepted(current, refund.no));
    }
  }

  async #move(order: Order, decide: Parameters<OrderMover['move']>[1]): Promise<Order> {
    return (await this.#mover.move(order, decide)).order;
  }

  #failureOf(error: unknown, order: Order, refund: Refund): PaymentError {
    if (!(error instanceof PaymentError)) throw error;
    this.#log.warn(
      { err: error, orderNo: order._id, refundNo: refund.no },
      'a refund has not gone through yet',
    );
    return error;
  }
}

/** What the payer reads beside the money. */
const WORDS: Record<Refund['reason'], string> = {
  'double-payment': '重复支付退款',
  'late-payment': '订单已关闭退款',
  'not-sold': '售电未成功退款',
  'not-credited': '远程充值未成功退款',
  requested: '退费',
  compensation: '补偿退款',
};

function paymentOf(order: Order, refund: Refund): Payment {
  const payment = order.payments.find((each) => each.no === refund.paymentNo);
  if (payment === undefined) throw new Error(`Refund ${refund.no} belongs to no payment of its order.`);
  return payment;
}
