import type { Logger } from 'pino';
import type { RefundEvidence } from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderMover } from './mover.ts';
import { giveAgainAt, sendRefundBefore } from '../model/policy.ts';
import {
  lastSentAt,
  refundAccepted,
  refundEnded,
  refundNotSent,
  refundSent,
  refundSentAgain,
  refundTold,
  refundUnknown,
  type RefundReport,
} from '../model/moves/refund.ts';
import type { Order, Payment, Refund } from '../model/order.ts';
import type { PaymentSources } from './payment-sources.ts';

/** After so long no sending is under way, and persons may decide although its channel does not say, ms. */
const SILENT_FOR_GOOD_MS = 3 * 24 * 3_600_000;

/**
 * Giving money back: approved, stored as sent, sent, and asked about under the same number until it ended. Whether money is owed
 * is decided elsewhere: by rule in `model/moves/refund.ts`, at the request of two persons in `money/refunds/requests.ts`.
 */
export class RefundDesk {
  readonly #mover: OrderMover;
  readonly #sources: PaymentSources;
  readonly #log: Logger;

  constructor(init: { mover: OrderMover; sources: PaymentSources; log: Logger }) {
    this.#mover = init.mover;
    this.#sources = init.sources;
    this.#log = init.log;
  }

  /** Sends an approved refund. Only who stored it as sent sends it, and a second sending would be the same one. */
  async send(order: Order, refund: Refund): Promise<Order> {
    const moved = await this.#mover.move(order, (current) =>
      refundSent(current, refund.no, this.#mover.now()),
    );
    return moved.outcome === 'moved' ? this.#give(moved.order, refund.no) : moved.order;
  }

  /** Asks about a refund that was sent; one that the channel never saw is sent again under its number. */
  async resolve(order: Order, refund: Refund): Promise<Order> {
    try {
      const evidence = await this.#ask(order, refund);
      if (evidence.status === 'not-found') return await this.#giveAgain(order, refund);
      return await this.#evidence(order, refund, evidence);
    } catch (error) {
      this.#failureOf(error, order, refund);
      return order;
    }
  }

  /**
   * Asks once more about each refund that failed; what its channel made of it after all is written down. Throws
   * `payment.channel-unavailable` where a channel does not say.
   */
  async askAgain(order: Order): Promise<Order> {
    let current = order;
    for (const refund of order.refunds.filter(({ status }) => status === 'abnormal')) {
      try {
        const evidence = await this.#ask(order, refund);
        if (evidence.status !== 'not-found') current = await this.#evidence(current, refund, evidence);
      } catch (error) {
        const failure = this.#failureOf(error, order, refund);
        // The channel will never say: a wallet that is no more, an account that is shut.
        if (this.#isSilentForGood(refund)) continue;
        throw new ProblemError({
          code: 'payment.channel-unavailable',
          message: 'The channel cannot say now what became of the refund. Try again in a few minutes.',
          orderNo: order._id,
          cause: failure,
        });
      }
    }
    return current;
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

  /**
   * Another process may have sent it meanwhile, and it may have failed: then this one is not sent. Nor before its
   * time: a channel may not know yet what it works on.
   */
  async #giveAgain(order: Order, refund: Refund): Promise<Order> {
    const lastSent = lastTriedAt(refund);
    const sent = { owedAt: refund.at, lastSent, isAccepted: refund.status === 'sent' };
    const now = this.#mover.now();
    if (now < giveAgainAt(sent, now, this.#mover.policy)) return order;
    const moved = await this.#mover.move(order, (current) =>
      isAsRead(current, refund) ? refundSentAgain(current, refund.no, this.#mover.now()) : undefined,
    );
    return moved.outcome === 'moved' ? this.#give(moved.order, refund.no, 'again') : moved.order;
  }

  /** What its channel says of it now. Async, so that a channel that is no more rejects as one that is silent. */
  async #ask(order: Order, refund: Refund): Promise<RefundEvidence | { status: 'not-found' }> {
    const payment = paymentOf(order, refund);
    const source = this.#sources.evidenceOf(payment.channel);
    return source.queryRefund(refund.no, payment.channelNo ?? payment.no);
  }

  #isSilentForGood(refund: Refund): boolean {
    return this.#mover.now().getTime() - lastTriedAt(refund).getTime() > SILENT_FOR_GOOD_MS;
  }

  /**
   * Nothing is sent by a process that stood still since it wrote that down: meanwhile another may have sent it, and persons may
   * have paid it in another way. It is asked about as any other.
   */
  async #give(order: Order, refundNo: string, which: 'first' | 'again' = 'first'): Promise<Order> {
    const refund = order.refunds.find(({ no }) => no === refundNo);
    if (refund === undefined) throw new Error(`Order ${order._id} has no refund ${refundNo}.`);
    if (this.#mover.now() > sendRefundBefore(lastTriedAt(refund), this.#mover.policy)) {
      this.#log.warn({ orderNo: order._id, refundNo }, 'a refund was not sent: its process had stood still');
      return order;
    }
    const payment = paymentOf(order, refund);
    try {
      const evidence = await this.#sources.evidenceOf(payment.channel).refund({
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
          // That it did not leave this time says nothing of the time before.
          if (which === 'again') return order;
          return this.#move(order, (current) => refundNotSent(current, refund.no));
        case 'payment.refused':
        case 'payment.mismatch':
          return this.#failed(order, refund);
        case 'payment.unknown':
        case 'payment.bad-signature':
          return this.#move(order, (current) => refundUnknown(current, refund.no));
      }
    }
  }

  async #evidence(order: Order, refund: Refund, evidence: RefundEvidence): Promise<Order> {
    if (evidence.refundFen !== refund.fen) {
      this.#log.error({ orderNo: order._id, refundNo: refund.no }, 'a channel gave back another amount');
      return this.#failed(order, refund);
    }
    switch (evidence.status) {
      case 'done':
        return this.#move(order, (current) => refundEnded(current, refund.no, 'done'));
      case 'abnormal':
      case 'closed':
        return this.#failed(order, refund);
      case 'sent':
        // As it was read there may be nothing to change, while another sending has failed since.
        return this.#move(await this.#mover.again(order), (current) => refundAccepted(current, refund.no));
    }
  }

  /**
   * What one sending heard says nothing of another: of one since, nothing is changed; one of before may be on its way still, and
   * be worked on. That is asked about.
   */
  #failed(order: Order, refund: Refund): Promise<Order> {
    const { sentAt, sentAgainAt } = refund;
    const end = (sentAt?.getTime() ?? 0) + this.#mover.policy.refundUnderWayMs;
    const mayTravel = sentAgainAt !== undefined && this.#mover.now().getTime() < end;
    return this.#move(order, (current) => {
      if (!isAsRead(current, refund)) return undefined;
      return mayTravel ? refundUnknown(current, refund.no) : refundEnded(current, refund.no, 'abnormal');
    });
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

/** One that was never sent counts from when it was owed. */
function lastTriedAt(refund: Refund): Date {
  return lastSentAt(refund) ?? refund.at;
}

/** It has not been sent since it was read. */
function isAsRead(order: Order, read: Refund): boolean {
  const now = order.refunds.find(({ no }) => no === read.no);
  return now !== undefined && lastSentAt(now)?.getTime() === lastSentAt(read)?.getTime();
}

function paymentOf(order: Order, refund: Refund): Payment {
  const payment = order.payments.find((each) => each.no === refund.paymentNo);
  if (payment === undefined) throw new Error(`Refund ${refund.no} belongs to no payment of its order.`);
  return payment;
}
