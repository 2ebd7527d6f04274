import { BookError } from './book-error.ts';
import type { LedgerInit } from './ledger-init.ts';
import type { RefundPolicy } from './faults-request.ts';
import type { Refund, Trade, Transaction } from './model.ts';

/** Money that a merchant wants to give back, of a trade or of one transaction of it. */
export interface NewRefund {
  readonly outRefundNo: string;
  readonly fingerprint: string;
  readonly outTradeNo?: string | undefined;
  readonly transactionId?: string | undefined;
  readonly refundFen: number;
  /** Compared with what was paid, where the wallet asks for it. */
  readonly totalFen?: number;
  readonly reason?: string | undefined;
  /** Absent: where the payment is notified. */
  readonly notifyUrl?: string | undefined;
}

interface RefundBookInit extends Pick<LedgerInit, 'rules' | 'numbers' | 'now' | 'changed'> {
  readonly refunds: readonly Refund[] | undefined;
}

/** The refunds of a wallet's books. */
export class RefundBook {
  readonly #init: RefundBookInit;
  readonly #refunds = new Map<string, Refund>();
  readonly #ofTransaction = new Map<string, Refund[]>();

  constructor(init: RefundBookInit) {
    this.#init = init;
    for (const refund of init.refunds ?? []) this.#keep(refund);
  }

  get all(): readonly Refund[] {
    return [...this.#refunds.values()];
  }

  of(transactionId: string): readonly Refund[] {
    return this.#ofTransaction.get(transactionId) ?? [];
  }

  find(outRefundNo: string): Refund {
    const refund = this.#refunds.get(outRefundNo);
    if (refund === undefined) throw new BookError('no-refund');
    return refund;
  }

  /** `policy` is asked where the refund is new. */
  add(
    request: NewRefund,
    policy: () => RefundPolicy,
    payment: () => { trade: Trade; transaction: Transaction | undefined },
  ): { refund: Refund; fresh: boolean } {
    const known = this.#refunds.get(request.outRefundNo);
    if (known !== undefined) {
      if (known.fingerprint !== request.fingerprint) throw new BookError('refund-different');
      this.#makeGood(known, request);
      return { refund: known, fresh: false };
    }
    const { trade, transaction } = payment();
    if (transaction === undefined) throw new BookError('not-paid');
    this.#check(request, transaction);
    const { outcome, delayMs, shortFen } = policy();
    const now = this.#init.now();
    const refund: Refund = {
      id: this.#init.numbers.refund(now),
      outRefundNo: request.outRefundNo,
      fingerprint: request.fingerprint,
      outTradeNo: trade.outTradeNo,
      transactionId: transaction.id,
      refundFen: request.refundFen,
      totalFen: transaction.totalFen,
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      // A real merchant sets the fallback in the platform's console.
      notifyUrl: request.notifyUrl ?? trade.notifyUrl,
      status: 'PROCESSING',
      outcome,
      settlesAt: now + delayMs,
      createdAt: now,
      ...(shortFen === 0 ? {} : { shortFen }),
    };
    this.#keep(refund);
    this.#init.changed();
    return { refund, fresh: true };
  }

  settle(refund: Refund): void {
    refund.status = refund.outcome;
    if (refund.status === 'SUCCESS') {
      refund.successAt = this.#init.now();
      refund.refundFen = Math.max(1, refund.refundFen - (refund.shortFen ?? 0));
    }
    this.#init.changed();
  }

  /** Too little was given; asked for once more, it is given in full. */
  #makeGood(refund: Refund, { refundFen }: NewRefund): void {
    if (refund.status !== 'SUCCESS' || refund.refundFen === refundFen) return;
    refund.refundFen = refundFen;
    this.#init.changed();
  }

  #keep(refund: Refund): void {
    this.#refunds.set(refund.outRefundNo, refund);
    const others = this.#ofTransaction.get(refund.transactionId);
    if (others === undefined) this.#ofTransaction.set(refund.transactionId, [refund]);
    else others.push(refund);
  }

  #check({ refundFen, totalFen }: NewRefund, transaction: Transaction): void {
    const { refundLifeMs, maxRefunds } = this.#init.rules;
    if (this.#init.now() > transaction.paidAt + refundLifeMs) throw new BookError('refund-too-late');
    if (totalFen !== undefined && totalFen !== transaction.totalFen) throw new BookError('refund-total');
    const earlier = this.of(transaction.id).filter((each) => each.status !== 'CLOSED');
    if (earlier.length >= maxRefunds) throw new BookError('refund-too-often');
    const taken = earlier.reduce((sum, each) => sum + each.refundFen, 0);
    if (taken + refundFen > transaction.totalFen) throw new BookError('refund-too-much');
  }
}
