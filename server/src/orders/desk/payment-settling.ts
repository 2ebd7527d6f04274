import type { Logger } from 'pino';
import type { PaymentEvidence } from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { OrderMover } from './mover.ts';
import type { Order, Payment } from '../model/order.ts';
import type { PaymentEvidenceSource, PaymentSources } from './payment-sources.ts';

/** After so long a code is over by our own clock, whatever its channel's says, ms. */
const CLOCK_BELIEVED_MS = 24 * 3_600_000;

/**
 * What settling a payment came to; `unknown` when the channel could not say, `unseen` when it does not know a payment
 * whose code was not given out as it was asked: over, unless it is by now.
 */
type Settled =
  | { readonly status: 'unseen' | 'unknown' }
  | { readonly status: 'closed'; readonly lookAgainAt?: Date }
  | (PaymentEvidence & { readonly status: 'succeeded' });

/** Asks channels what became of a payment, and has them close it. Changes no order. */
export class PaymentSettling {
  readonly #sources: PaymentSources;
  readonly #mover: Pick<OrderMover, 'clock' | 'policy'>;
  readonly #log: Logger;

  constructor(init: { sources: PaymentSources; mover: Pick<OrderMover, 'clock' | 'policy'>; log: Logger }) {
    this.#sources = init.sources;
    this.#mover = init.mover;
    this.#log = init.log;
  }

  /**
   * Query, close, query: only the channel's evidence closes a payment. That a question is answered "closed" does not: who answers
   * may not know yet of money that came just before the code ran out. Who closes knows.
   */
  settle(payment: Payment): Promise<Settled> {
    return this.#unlessSilent(payment, 'a channel could not say what became of a payment', () =>
      this.#settle(payment),
    );
  }

  /** Asks once more about a payment that was closed unseen; `closed`: it need not be asked about again. */
  lookAgain(payment: Payment): Promise<Settled> {
    return this.#unlessSilent(payment, 'a channel was asked once more and did not say', () =>
      this.#lookAgain(payment),
    );
  }

  /** A channel that does not say leaves a payment unknown; anything else is a fault of ours. */
  async #unlessSilent(payment: Payment, silence: string, ask: () => Promise<Settled>): Promise<Settled> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      this.#log.warn({ err: error, paymentNo: payment.no }, silence);
      return { status: 'unknown' };
    }
  }

  async #settle(payment: Payment): Promise<Settled> {
    const channel = this.#sources.evidenceOf(payment.channel);
    const first = await channel.query(payment.no);
    if (first.status === 'succeeded') return first;
    if (first.status === 'not-found') {
      // No payer has seen a code, or the code is dead: what the channel does not know then cannot be paid.
      if (hasNoCode(payment)) return { status: 'unseen' };
      if (payment.expiresAt.getTime() <= this.#mover.clock.now()) return this.#deadUnseen(payment, first.at);
    }
    const closing = await this.#closing(channel, payment, first.status);
    const second = await channel.query(payment.no);
    if (second.status === 'succeeded') return second;
    const sure =
      closing === 'closed' ||
      (closing === 'unknown' && second.status === 'closed' && this.#isLongOver(payment));
    return { status: sure ? 'closed' : 'unknown' };
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

  async #lookAgain(payment: Payment): Promise<Settled> {
    const channel = this.#sources.evidenceOf(payment.channel);
    const evidence = await channel.query(payment.no);
    if (evidence.status === 'succeeded') return evidence;
    const isSure =
      evidence.status === 'not-found'
        ? this.#untilSureMs(payment, evidence.at) <= 0 || this.#isDayOver(payment)
        : evidence.status === 'closed'
          ? this.#isLongOver(payment)
          : (await channel.close(payment.no)) === 'closed';
    return { status: isSure ? 'closed' : 'unknown' };
  }

  /** Longer than books lag. */
  #isLongOver(payment: Payment): boolean {
    return this.#untilSureMs(payment, null) <= 0;
  }

  /**
   * Closed, for no payer waits longer for a code that was never scanned; asked about once more when that is sure. By the channel's
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
}

/** Nothing to pay it with was given out. */
function hasNoCode({ codeUrl, handed }: Payment): boolean {
  return codeUrl === null && handed !== true;
}

/** Nothing to pay this one with was given out; false of a number that is not the order's. */
export function isUnseen({ payments }: Order, no: string): boolean {
  return payments.some((each) => each.no === no && hasNoCode(each));
}
