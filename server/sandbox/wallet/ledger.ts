import { BookError, CannotPayError } from './book-error.ts';
import type { LedgerInit } from './ledger-init.ts';
import type { LedgerState, Refund, Trade, TradeState, Transaction } from './model.ts';
import type { RefundPolicy } from './faults-request.ts';
import type { NewRefund } from './refund-book.ts';
import { RefundBook } from './refund-book.ts';

/** A payment that a merchant asks for; everything but the code makes the request's fingerprint. */
export type NewTrade = Pick<Trade, 'outTradeNo' | 'fingerprint' | 'description' | 'notifyUrl' | 'totalFen'> &
  Pick<Trade, 'tradeType' | 'expiresAt' | 'codeUrl'> &
  Partial<Pick<Trade, 'attach' | 'payerId' | 'facts'>>;

/** A wallet's books: trades, transactions and refunds, and the rules about them. No I/O, no timer. */
export class Ledger {
  readonly #init: LedgerInit;
  readonly #trades = new Map<string, Trade>();
  readonly #codes = new Map<string, Trade>();
  readonly #transactions = new Map<string, Trade>();
  readonly #refunds: RefundBook;

  constructor(init: LedgerInit) {
    this.#init = init;
    for (const trade of init.state?.trades ?? []) {
      this.#trades.set(trade.outTradeNo, trade);
      this.#codes.set(trade.codeUrl, trade);
      for (const { id } of trade.transactions) this.#transactions.set(id, trade);
    }
    this.#refunds = new RefundBook({ ...init, refunds: init.state?.refunds });
  }

  get trades(): readonly Trade[] {
    return [...this.#trades.values()];
  }

  get refunds(): readonly Refund[] {
    return this.#refunds.all;
  }

  get state(): LedgerState {
    return { trades: [...this.#trades.values()], refunds: [...this.#refunds.all] };
  }

  /** Books a payment. The same request again: a new code, the older one dies. A changed one is refused. */
  create(request: NewTrade): Trade {
    const now = this.#init.now();
    const known = this.#trades.get(request.outTradeNo);
    const begun = known !== undefined && (known.scannedAt !== undefined || !this.#init.rules.beginsAtScan);
    if (begun) {
      const state = this.stateOf(known);
      if (state === 'SUCCESS' || state === 'REFUND') throw new BookError('paid');
      if (known.fingerprint !== request.fingerprint) throw new BookError('different');
      if (state === 'CLOSED') throw new BookError('closed');
    }
    if (request.expiresAt <= now) throw new BookError('expiry-passed');
    const trade: Trade =
      known === undefined
        ? { ...request, codeAt: now, createdAt: now, transactions: [] }
        : Object.assign(known, begun ? { codeUrl: request.codeUrl } : request, { codeAt: now });
    this.#trades.set(trade.outTradeNo, trade);
    this.#codes.set(trade.codeUrl, trade);
    this.#init.changed();
    return trade;
  }

  /** The trade of a number or of a transaction; `no-trade` for neither. */
  find(key: { outTradeNo?: string | undefined; transactionId?: string | undefined }): {
    trade: Trade;
    transaction: Transaction | undefined;
  } {
    const { outTradeNo, transactionId } = key;
    const trade =
      transactionId === undefined
        ? this.#trades.get(outTradeNo ?? '')
        : this.#transactions.get(transactionId);
    if (trade === undefined) throw new BookError('no-trade');
    if (transactionId === undefined) return { trade, transaction: trade.transactions[0] };
    if (outTradeNo !== undefined && outTradeNo !== trade.outTradeNo) throw new BookError('other-trade');
    return { trade, transaction: trade.transactions.find((each) => each.id === transactionId) };
  }

  tradeOfCode(codeUrl: string): Trade | undefined {
    return this.#codes.get(codeUrl);
  }

  /** As a query by number sees it (the first transaction), or by `transaction`. */
  stateOf(trade: Trade, transaction: Transaction | undefined = trade.transactions[0]): TradeState {
    if (transaction !== undefined) {
      const refunded = this.refundsOf(transaction.id).some((each) => each.status !== 'CLOSED');
      return refunded ? 'REFUND' : 'SUCCESS';
    }
    if (trade.closedAt !== undefined) return 'CLOSED';
    return this.#init.closesOnExpiry() && this.#init.now() >= trade.expiresAt ? 'CLOSED' : 'NOTPAY';
  }

  /** Ends an unpaid trade. */
  close(outTradeNo: string): void {
    const { trade } = this.find({ outTradeNo });
    if (trade.transactions.length > 0) throw new BookError('paid');
    if (trade.closedAt !== undefined) throw new BookError('closed');
    trade.closedAt = this.#init.now();
    this.#init.changed();
  }

  /** Throws `CannotPayError` unless this code can be paid now. */
  payable(codeUrl: string): Trade {
    const trade = this.#codes.get(codeUrl);
    if (trade === undefined) throw new CannotPayError('unknown-code');
    const now = this.#init.now();
    if (trade.transactions.length > 0) throw new CannotPayError('already-paid');
    if (trade.closedAt !== undefined) throw new CannotPayError('closed');
    if (now >= trade.expiresAt) throw new CannotPayError('expired');
    if (trade.codeUrl !== codeUrl || now >= trade.codeAt + this.#init.rules.codeLifeMs) {
      throw new CannotPayError('dead-code');
    }
    return trade;
  }

  isPayable(codeUrl: string): boolean {
    try {
      this.payable(codeUrl);
      return true;
    } catch {
      return false;
    }
  }

  /** A phone opened the code; the first time counts. */
  scanned(trade: Trade): void {
    if (trade.scannedAt !== undefined) return;
    trade.scannedAt = this.#init.now();
    this.#init.changed();
  }

  /** Books a success, without asking whether it should be: `payable` did, or this is a fault. */
  book(trade: Trade): Transaction {
    this.scanned(trade);
    const now = this.#init.now();
    const transaction: Transaction = {
      id: this.#init.numbers.transaction(now, trade),
      paidAt: now,
      payerId: trade.payerId ?? this.#init.numbers.payer(),
      totalFen: trade.totalFen,
    };
    trade.transactions.push(transaction);
    this.#transactions.set(transaction.id, trade);
    this.#init.changed();
    return transaction;
  }

  /** A payer confirms now, the money comes at `at`. */
  bookLater(trade: Trade, at: number): void {
    this.scanned(trade);
    trade.lateAt = at;
    this.#init.changed();
  }

  /** The late money is here. */
  bookLate(trade: Trade): Transaction {
    delete trade.lateAt;
    return this.book(trade);
  }

  /** Gives money back. The same number again: the same refund, nothing more. */
  refund(request: NewRefund, policy: () => RefundPolicy): { refund: Refund; fresh: boolean } {
    return this.#refunds.add(request, policy, () => this.find(request));
  }

  findRefund(outRefundNo: string): Refund {
    return this.#refunds.find(outRefundNo);
  }

  refundsOf(transactionId: string): readonly Refund[] {
    return this.#refunds.of(transactionId);
  }

  settleRefund(refund: Refund): void {
    this.#refunds.settle(refund);
  }
}
