import type { Logger } from 'pino';
import type { Channel } from '@bianmin/shared/api/channels';
import type {
  CreatePayment,
  PaymentChannel,
  PaymentEvidence,
  PaymentHandle,
  PaymentProduct,
} from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { OrderMetrics } from './metrics.ts';
import type { OrderMover } from './mover.ts';
import {
  checkSuccess,
  closingAsked,
  codeGiven,
  codeReplaced,
  handleGiven,
  lastLookTaken,
  paymentsClosed,
  paymentSucceeded,
  paymentUnknown,
  type PaymentSuccess,
} from '../model/moves/payment.ts';
import { needsAttention } from '../model/moves/sale.ts';
import type { Closure, Order, Payment, PaymentMeans } from '../model/order.ts';
import { fundingOf, isLive } from '../model/state.ts';

export interface PaymentDeskInit {
  readonly mover: OrderMover;
  readonly channels: ReadonlyMap<Channel, PaymentChannel>;
  /** For cash; absent: no cash is taken here. */
  readonly floats?: PaymentEvidenceSource | undefined;
  readonly trigger: Trigger;
  readonly metrics: OrderMetrics;
  readonly log: Logger;
  /** No trailing slash. */
  readonly publicUrl: string;
  /** Sends a sale that this desk has just stored as sent, and gives the order as it is then. */
  readonly sell: (order: Order) => Promise<Order>;
  /** Whether money for an order that was closed buys after all; else it is given back. */
  readonly fulfilsLate: (order: Order) => Promise<boolean>;
}

/** After so long a code is over by our own clock, whatever its channel's says, ms. */
const CLOCK_BELIEVED_MS = 24 * 3_600_000;

/** What can be asked about a payment that was begun, and undone of it. */
export type PaymentEvidenceSource = Pick<PaymentChannel, 'query' | 'close' | 'refund' | 'queryRefund'>;

/** How a phone pays, and what is known of it. */
export type HandRequest = Pick<CreatePayment, 'payerId' | 'payerIp' | 'returnUrl'> & {
  readonly product: Exclude<PaymentProduct, 'code'>;
};

/**
 * What settling a payment came to; `unknown` when the channel could not say, `unseen` when it does not know a payment
 * whose code was not given out as it was asked: over, unless it is by now.
 */
type Settled =
  | { readonly status: 'unseen' | 'unknown' }
  | { readonly status: 'closed'; readonly lookAgainAt?: Date }
  | (PaymentEvidence & { readonly status: 'succeeded' });

/** All that is said to and heard from payment channels about being paid. */
export class PaymentDesk {
  readonly #init: PaymentDeskInit;
  readonly #mover: OrderMover;

  constructor(init: PaymentDeskInit) {
    this.#init = init;
    this.#mover = init.mover;
  }

  /** Who knows what became of a payment: its channel, or for cash the float that stands for it. */
  evidenceOf(means: PaymentMeans): PaymentEvidenceSource {
    if (means !== 'cash') return this.channelOf(means);
    if (this.#init.floats !== undefined) return this.#init.floats;
    throw new PaymentError({ code: 'payment.unavailable', message: 'There are no floats here.' });
  }

  /** Throws `payment.unavailable` where this server has no such channel; cash is none. */
  channelOf(channel: PaymentMeans): PaymentChannel {
    const found = channel === 'cash' ? undefined : this.#init.channels.get(channel);
    if (found !== undefined) return found;
    throw new PaymentError({ code: 'payment.unavailable', message: `There is no channel ${channel} here.` });
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
      const evidence = await this.evidenceOf(payment.channel).query(payment.no);
      if (evidence.status === 'succeeded')
        return await this.received(order, toSuccess(payment, evidence), 'query');
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
    const handle = await this.channelOf(payment.channel).create({
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
    return codeUrlOf(await this.channelOf(payment.channel).create(this.#contentOf(order, payment)));
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
      `poll-${payment.no}-${Math.round((now + delay) / 1000)}`,
      delay,
    );
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

  /**
   * Query, close, query: only the channel's evidence closes a payment. That a question is answered "closed" does not: who answers
   * may not know yet of money that came just before the code ran out. Who closes knows.
   */
  async settle(payment: Payment): Promise<Settled> {
    try {
      const channel = this.evidenceOf(payment.channel);
      const first = await channel.query(payment.no);
      if (first.status === 'succeeded') return first;
      if (first.status === 'not-found') {
        // Nobody has seen a code, or the code is dead: what the channel does not know then cannot be paid.
        if (hasNoCode(payment)) return { status: 'unseen' };
        if (payment.expiresAt.getTime() <= this.#mover.clock.now())
          return this.#deadUnseen(payment, first.at);
      }
      const closing = await this.#closing(channel, payment, first.status);
      const second = await channel.query(payment.no);
      if (second.status === 'succeeded') return second;
      const both = first.status === 'closed' && second.status === 'closed';
      const sure = closing === 'closed' || (closing === 'unknown' && both && this.#isLongOver(payment));
      return { status: sure ? 'closed' : 'unknown' };
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      this.#init.log.warn(
        { err: error, paymentNo: payment.no },
        'a channel could not say what became of a payment',
      );
      return { status: 'unknown' };
    }
  }

  /** A channel may refuse to close what it closed by itself. */
  async #closing(
    channel: PaymentEvidenceSource,
    payment: Payment,
    said: PaymentEvidence['status'],
  ): Promise<'closed' | 'paid' | 'unknown'> {
    try {
      return await channel.close(payment.no);
    } catch (error) {
      if (!(error instanceof PaymentError) || said !== 'closed') throw error;
      return 'unknown';
    }
  }

  /** Longer than books lag. */
  #isLongOver(payment: Payment): boolean {
    return this.#untilSureMs(payment, null) <= 0;
  }

  /**
   * Closed, for nobody waits longer for a code that was never scanned; asked about once more when that is sure. By the channel's
   * own clock, where it tells it: ours may be ahead, while the code can still be paid.
   */
  #deadUnseen(payment: Payment, at: Date | null): Settled {
    const leftMs = this.#untilSureMs(payment, at);
    if (leftMs <= 0) return { status: 'closed' };
    const { clock, policy } = this.#mover;
    return { status: 'closed', lookAgainAt: new Date(clock.now() + Math.min(leftMs, policy.maxBackoffMs)) };
  }

  /** How long until a code's end is past for its channel's books, too. */
  #untilSureMs({ expiresAt }: Payment, channelsNow: Date | null): number {
    const { clock, policy } = this.#mover;
    const now = clock.now();
    return expiresAt.getTime() + policy.booksLagMs - Math.min(now, channelsNow?.getTime() ?? now);
  }

  /** A day later by our clock, whatever the channel's says: that one may stand still. */
  #isDayOver({ expiresAt }: Payment): boolean {
    return this.#mover.clock.now() >= expiresAt.getTime() + CLOCK_BELIEVED_MS;
  }

  /** Asks once more about payments that were closed unseen: what was paid after all is received, late. */
  async lookAgain(order: Order, payments: readonly Payment[]): Promise<Order> {
    let current = order;
    for (const payment of payments) {
      try {
        current = await this.#lookAgain(current, payment);
      } catch (error) {
        if (!(error instanceof PaymentError)) throw error;
        this.#init.log.warn(
          { err: error, paymentNo: payment.no },
          'a channel was asked once more and did not say',
        );
      }
    }
    return current;
  }

  async #lookAgain(order: Order, payment: Payment): Promise<Order> {
    const channel = this.evidenceOf(payment.channel);
    const evidence = await channel.query(payment.no);
    if (evidence.status === 'succeeded') {
      return this.received(order, toSuccess(payment, evidence), 'query');
    }
    const isSure =
      evidence.status === 'not-found'
        ? this.#untilSureMs(payment, evidence.at) <= 0 || this.#isDayOver(payment)
        : evidence.status === 'closed'
          ? this.#isLongOver(payment)
          : (await channel.close(payment.no)) === 'closed';
    if (!isSure) return order;
    return (await this.#mover.move(order, (current) => lastLookTaken(current, payment.no))).order;
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
      const settled = await this.settle(payment);
      if (settled.status === 'succeeded') {
        current = await this.received(current, toSuccess(payment, settled), 'query');
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
      await this.#init.trigger.request(order._id, `close-${current.version}`, 2_000);
    }
    return current;
  }
}

/** Nothing to pay it with was given out. */
function hasNoCode({ codeUrl, handed }: Payment): boolean {
  return codeUrl === null && handed !== true;
}

function isUnseen({ payments }: Order, no: string): boolean {
  return payments.some((each) => each.no === no && hasNoCode(each));
}

export function toSuccess(
  payment: Payment,
  evidence: PaymentEvidence & { readonly status: 'succeeded' },
): PaymentSuccess {
  const { transactionId, amountFen, paidAt } = evidence;
  return { paymentNo: payment.no, transactionId, amountFen, paidAt };
}
