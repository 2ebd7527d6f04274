import type { ChannelAnswers } from '@bianmin/purchase/api/staff';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Cases } from '../../cases/cases.ts';
import type { Order, Payment, Refund } from '../../orders/model/order.ts';
import type { PaymentReceiving } from '../../orders/desk/payment-receiving.ts';
import { toSuccess, type PaymentSources } from '../../orders/desk/payment-sources.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';

type PaymentAnswer = ChannelAnswers['payments'][number];
type RefundAnswer = ChannelAnswers['refunds'][number];

/** Refunds that their channel has been told of, or should have been. */
const TOLD: readonly Refund['status'][] = ['sent', 'unknown', 'abnormal', 'done'];

/**
 * Asks the channels about an order's payments and refunds, on a person's word. Money that a channel now says it has is
 * taken in as if its notification had come; beyond that nothing changes, and no channel is told to do anything.
 */
export class ChannelQuery {
  readonly #init: {
    readonly sources: PaymentSources;
    readonly receiving: PaymentReceiving;
    readonly trigger: Trigger;
    readonly cases: Pick<Cases, 'noteOrder'>;
    readonly audit: AuditTrail;
  };

  constructor(init: {
    sources: PaymentSources;
    receiving: PaymentReceiving;
    trigger: Trigger;
    cases: Pick<Cases, 'noteOrder'>;
    audit: AuditTrail;
  }) {
    this.#init = init;
  }

  async ask(order: Order, by: AdminPrincipal, where: Where): Promise<ChannelAnswers> {
    const { audit, cases, trigger } = this.#init;
    await audit.record(byAdmin(by, { action: 'order.query-channel', target: order._id, where }));
    let current = order;
    const payments: PaymentAnswer[] = [];
    // What a channel took twice on one number is asked about under that number, by the first of the two.
    for (const payment of order.payments.filter(({ channelNo }) => channelNo === undefined)) {
      const asked = await this.#askPayment(current, payment);
      current = asked.order;
      payments.push(asked.answer);
    }
    const refunds: RefundAnswer[] = [];
    for (const refund of order.refunds.filter(({ status }) => TOLD.includes(status))) {
      refunds.push(await this.#askRefund(order, refund));
    }
    const words = [...payments, ...refunds].map(({ no, says }) => `${no}: ${says}`).join('; ');
    const person = { id: by.userId, name: by.name };
    await cases.noteOrder(order._id, person, `Asked again, the channels say: ${words}.`);
    // A refund that ended is learnt by the order's own next step.
    if (refunds.length > 0) await trigger.request(order._id, `asked-${current.version}`);
    return { payments, refunds, changed: current.version !== order.version };
  }

  async #askPayment(order: Order, payment: Payment): Promise<{ answer: PaymentAnswer; order: Order }> {
    const { sources, receiving } = this.#init;
    const about = { no: payment.no, channel: payment.channel, held: payment.status };
    try {
      const evidence = await sources.evidenceOf(payment.channel).query(payment.no);
      if (evidence.status !== 'succeeded') {
        return { answer: { ...about, says: evidence.status, transactionId: null, amountFen: null }, order };
      }
      const { transactionId, amountFen } = evidence;
      const after = await receiving.received(order, toSuccess(payment, evidence), 'query');
      return { answer: { ...about, says: 'succeeded', transactionId, amountFen }, order: after };
    } catch (error) {
      return { answer: { ...about, says: silence(error), transactionId: null, amountFen: null }, order };
    }
  }

  async #askRefund(order: Order, refund: Refund): Promise<RefundAnswer> {
    const payment = order.payments.find(({ no }) => no === refund.paymentNo);
    const about = { no: refund.no, channel: payment?.channel ?? 'unknown', held: refund.status };
    if (payment === undefined) return { ...about, says: 'not-found' };
    try {
      const source = this.#init.sources.evidenceOf(payment.channel);
      const { status } = await source.queryRefund(refund.no, payment.channelNo ?? payment.no);
      return { ...about, says: status };
    } catch (error) {
      return { ...about, says: silence(error) };
    }
  }
}

/** A channel that says nothing is an answer too; anything else is our own failure. */
function silence(error: unknown): 'refused' | 'no-answer' {
  if (!(error instanceof PaymentError)) throw error;
  return error.code === 'payment.refused' ? 'refused' : 'no-answer';
}
