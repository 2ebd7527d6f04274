import type { Logger } from 'pino';
import { joinTrace, newTraceId, runWithTrace } from '@bianmin/purchase/node/trace';
import type { CreditDesk } from './credit-desk.ts';
import { dueOf, mayBeSent } from '../model/due.ts';
import type { OrderMover } from './mover.ts';
import type { Order } from '../model/order.ts';
import type { PaymentClosing } from './payment-closing.ts';
import { POLL, type PaymentDesk } from './payment-desk.ts';
import type { PaymentReceiving } from './payment-receiving.ts';
import { toSuccess, type PaymentSources } from './payment-sources.ts';
import { answerOverdueAt, codeOverdueAt } from '../model/policy.ts';
import type { RefundDesk } from './refund-desk.ts';
import type { SaleDesk } from './sale-desk.ts';
import { fundingOf, fundingRefundOf, isLive, isToBeAsked, mayCredit } from '../model/state.ts';
import { hasTime, inSteps } from '../../kernel/time-left.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { NotificationStore } from '../store/notifications.ts';
import { asSpan, type SpanSink } from '../../adapters/tracing/span.ts';

/** An order that is still moving after this many steps in one go, or after `LIMITS.step`, is looked at again later. */
const MAX_STEPS = 12;

/**
 * Moves one order as far as it goes now. Given nothing but its number: it reads the order, does what the facts
 * ask for, and leaves when nothing is left that can be done at this time. Safe to call at any time, twice at
 * once, or never again: each step is a compare-and-set, and what must be looked at again has its `dueAt`.
 */
export class Advancer {
  readonly #mover: OrderMover;
  readonly #sources: PaymentSources;
  readonly #payments: PaymentDesk;
  readonly #receiving: PaymentReceiving;
  readonly #closing: PaymentClosing;
  readonly #sales: SaleDesk;
  readonly #credits: CreditDesk;
  readonly #refunds: RefundDesk;
  readonly #notifications: NotificationStore;
  readonly #log: Logger;
  readonly #spans: SpanSink | undefined;

  constructor(init: {
    mover: OrderMover;
    sources: PaymentSources;
    payments: PaymentDesk;
    receiving: PaymentReceiving;
    closing: PaymentClosing;
    sales: SaleDesk;
    credits: CreditDesk;
    refunds: RefundDesk;
    notifications: NotificationStore;
    log: Logger;
    spans?: SpanSink | undefined;
  }) {
    this.#mover = init.mover;
    this.#sources = init.sources;
    this.#payments = init.payments;
    this.#receiving = init.receiving;
    this.#closing = init.closing;
    this.#sales = init.sales;
    this.#credits = init.credits;
    this.#refunds = init.refunds;
    this.#notifications = init.notifications;
    this.#log = init.log;
    this.#spans = init.spans;
  }

  /**
   * Its lines in the log are the order's, whatever asked for it. `cause`: as it was queued. Whether a payment was made unheard is
   * no question any more once this process left the order without one that can be.
   */
  advance(orderNo: string, cause = ''): Promise<void> {
    const recent = cause.startsWith(POLL) ? this.#mover.recent(orderNo) : undefined;
    if (recent?.payments.some(isLive) === false) return Promise.resolve();
    return runWithTrace(newTraceId(), () => inSteps(() => this.#advance(orderNo)));
  }

  async #advance(orderNo: string): Promise<void> {
    const found = await this.#mover.store.get(orderNo);
    if (found === null) {
      this.#log.warn({ orderNo }, 'a job names an order that does not exist');
      return;
    }
    joinTrace(found.traceId);
    const span = { name: 'advance order', facts: { 'bianmin.order_no': orderNo } };
    await asSpan(this.#spans, span, () => this.#goOn(found));
  }

  async #goOn(found: Order): Promise<void> {
    let order = await this.#hear(found);
    for (let step = 0; step < MAX_STEPS && hasTime(); step += 1) {
      const next = await this.#step(order);
      if (next === undefined || next === order) return;
      order = next;
    }
  }

  /** Notifications that were stored for this order and not yet taken in. */
  async #hear(order: Order): Promise<Order> {
    if (order.payments.length === 0) return order;
    let current = order;
    for (const { content, receivedAt } of await this.#notifications.ofOrder(order._id)) {
      if (content.kind === 'payment') {
        current = await this.#receiving.received(current, content, 'notification');
      } else {
        current = await this.#refunds.heard(current, content, receivedAt);
      }
    }
    return current;
  }

  /** One step, or undefined when there is nothing to do now. Each part of an order goes by its own time. */
  async #step(order: Order): Promise<Order | undefined> {
    return (
      (await this.#paymentStep(order)) ??
      (await this.#saleStep(order)) ??
      (await this.#creditStep(order)) ??
      (await this.#refundStep(order)) ??
      (await this.#lastLook(order)) ??
      (await this.#settleDown(order))
    );
  }

  async #paymentStep(order: Order): Promise<Order | undefined> {
    if (order.attention === 'payment-mismatch') return undefined;
    const now = this.#mover.now();
    const live = order.payments.filter(isLive);
    const numbers = live.map(({ no }) => no);
    const due = this.#isDue(order, ...numbers);
    if (fundingOf(order) !== undefined) {
      // No other payment shall be made for this any more.
      return due
        ? this.#progress(order, numbers, this.#closing.closePayments(order, live, undefined))
        : undefined;
    }
    if (order.closure.status === 'closed') return undefined;
    const { status, reason = 'cancelled' } = order.closure;
    if (status === 'asked') {
      return due || this.#isDue(order, 'closing')
        ? this.#progress(order, [...numbers, 'closing'], this.#closing.closeOrder(order, reason))
        : undefined;
    }
    const expired = live.filter((payment) => payment.expiresAt <= now);
    const outlived = live.length === 0 && this.#isDue(order, 'closing');
    if (expired.length > 0 || outlived) {
      const parts = [...expired.map(({ no }) => no), 'closing'];
      return this.#progress(order, parts, this.#closing.closePayments(order, expired, 'expired'));
    }
    return this.#askPayments(order);
  }

  /** Payments that can be paid: a question costs nothing, and answers for a notification that got lost. */
  async #askPayments(order: Order): Promise<Order | undefined> {
    for (const payment of order.payments.filter(isLive)) {
      try {
        if (payment.codeUrl === null && payment.handed !== true && payment.product === undefined) {
          // Asked again before it is answered, a channel gives another code, and the first is dead on the screen.
          const asking = payment.status === 'created' && codeOverdueAt(payment.createdAt) > this.#mover.now();
          if (asking) continue;
          const asked = await this.#payments.requestCode(order, payment.no);
          if (asked !== order) return asked;
          continue;
        }
        const evidence = await this.#sources.evidenceOf(payment.channel).query(payment.no);
        if (evidence.status === 'succeeded') {
          return await this.#receiving.received(order, toSuccess(payment, evidence), 'query');
        }
        await this.#payments.pollLater(order, payment);
      } catch (error) {
        if (!(error instanceof PaymentError)) throw error;
        this.#log.warn({ err: error, orderNo: order._id }, 'a channel was asked and did not say');
      }
    }
    return undefined;
  }

  async #saleStep(order: Order): Promise<Order | undefined> {
    const { reversal, sale, write } = order;
    const undoing = reversal.status === 'sent' || reversal.status === 'unknown';
    if (undoing && (order.attention === null || order.attention === 'late-sale')) {
      return this.#isDue(order, 'reversal') && !this.#inFlight(reversal)
        ? this.#progress(order, ['reversal'], this.#sales.resolveReversal(order))
        : undefined;
    }
    if (order.attention !== null) return undefined;
    if (write.status === 'written') {
      return write.confirmed !== true && this.#isDue(order, 'confirm')
        ? this.#progress(order, ['confirm'], this.#sales.confirm(order))
        : undefined;
    }
    if (fundingOf(order) === undefined || fundingRefundOf(order) !== undefined) return undefined;
    switch (sale.status) {
      case 'none':
        return sale.firstSentAt === undefined || this.#isDue(order, 'sale')
          ? this.#progress(order, ['sale'], this.#sales.start(order))
          : undefined;
      case 'sent':
      case 'unknown':
        return this.#isDue(order, 'sale') && !this.#inFlight(sale)
          ? this.#progress(order, ['sale'], this.#sales.resolveSale(order))
          : undefined;
      case 'sold':
      case 'rejected':
        return undefined;
    }
  }

  async #creditStep(order: Order): Promise<Order | undefined> {
    if (!mayCredit(order)) return undefined;
    const { credit } = order;
    switch (credit.status) {
      case 'none':
        return credit.firstSentAt === undefined || this.#isDue(order, 'credit')
          ? this.#progress(order, ['credit'], this.#credits.start(order))
          : undefined;
      case 'sent':
      case 'unknown':
        return this.#isDue(order, 'credit') && !this.#inFlight(credit)
          ? this.#progress(order, ['credit'], this.#credits.resolve(order))
          : undefined;
      case 'credited':
      case 'failed':
        return undefined;
    }
  }

  async #refundStep(order: Order): Promise<Order | undefined> {
    for (const refund of order.refunds) {
      if (!mayBeSent(order, refund)) continue;
      const due = this.#isDue(order, refund.no);
      if (refund.status === 'approved' && (refund.sentAt === undefined || due)) {
        return this.#progress(order, [refund.no], this.#refunds.send(order, refund));
      }
      if ((refund.status === 'sent' || refund.status === 'unknown') && due) {
        const resolved = await this.#progress(order, [refund.no], this.#refunds.resolve(order, refund));
        if (resolved !== undefined) return resolved;
      }
    }
    return undefined;
  }

  /** Payments that were closed unseen. Last, since a channel that is silent must not keep anything else waiting. */
  async #lastLook(order: Order): Promise<Order | undefined> {
    if (order.attention === 'payment-mismatch') return undefined;
    const closed = order.payments.filter((each) => isToBeAsked(each) && this.#isDue(order, each.no));
    if (closed.length === 0) return undefined;
    const parts = closed.map(({ no }) => no);
    return this.#progress(order, parts, this.#closing.lookAgain(order, closed));
  }

  /** Due, and nothing could be done: later again, so that the sweeper does not turn on the spot. */
  async #settleDown(order: Order): Promise<undefined> {
    if (order.dueAt === null || order.dueAt > this.#mover.now()) return undefined;
    await this.#mover.postpone(order, (part) => this.#isDue(order, part));
    return undefined;
  }

  /** Whether the time of one of these parts has come. */
  #isDue(order: Order, ...parts: readonly string[]): boolean {
    const now = this.#mover.now();
    return parts.some((part) => {
      const at = dueOf(order, part);
      return at !== null && at <= now;
    });
  }

  /** The process that sent it may still be waiting for the answer. */
  #inFlight(fact: Order['sale'] | Order['reversal'] | Order['credit']): boolean {
    if (fact.status !== 'sent' || fact.sentAt === undefined) return false;
    return this.#mover.now() < answerOverdueAt(fact.sentAt, this.#mover.policy);
  }

  /**
   * The order if the step changed anything of it or of its times, so that steps follow on; undefined where it did not. Parts
   * that were asked about and said nothing new are asked again later.
   */
  async #progress(order: Order, parts: readonly string[], step: Promise<Order>): Promise<Order | undefined> {
    const after = await step;
    const open = parts.filter((part) => this.#isDue(after, part));
    const next = open.length > 0 ? await this.#mover.postpone(after, (part) => open.includes(part)) : after;
    const moved = after.version !== order.version || (open.length > 0 && !this.#isDue(next, ...open));
    return moved ? next : undefined;
  }
}
