import type { Clock } from '@bianmin/card/clock';
import { CannotPayError } from './book-error.ts';
import type { Dialect } from './dialect.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Refund, Trade, Transaction, WalletName } from './model.ts';
import { newDelivery, type Notifier } from './notifier.ts';

/**
 * `once`: one phone, now. `late`: the payer confirms now and the money arrives after the code has expired,
 * whether the order was closed by then or not. `twice`: two phones; the channel takes both, which it should
 * not, as two transactions of one payment number.
 */
export const PAY_MODES = ['once', 'late', 'twice'] as const;
export type PayMode = (typeof PAY_MODES)[number];

export interface PayResult {
  readonly wallet: WalletName;
  readonly outTradeNo: string;
  readonly totalFen: number;
  /** Empty for `late`: nothing has arrived yet. */
  readonly transactionIds: readonly string[];
  /** For `late`: when the money arrives, ms since the epoch. */
  readonly arrivesAt?: number;
}

interface WorldInit {
  readonly wallet: WalletName;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly faults: Faults;
}

/** What payers and time do to the books, and what the merchant is told of it. */
export class World {
  readonly #init: WorldInit;
  readonly #stop = new AbortController();

  constructor(init: WorldInit) {
    this.#init = init;
    for (const trade of init.ledger.trades) if (trade.lateAt !== undefined) this.#arm(trade, trade.lateAt);
    for (const refund of init.ledger.refunds) if (refund.status === 'PROCESSING') this.settleLater(refund);
  }

  /** A payer scans a code and confirms. Throws `CannotPayError` when the wallet would not let them. */
  pay(codeUrl: string, mode: PayMode = 'once'): PayResult {
    const { ledger, faults } = this.#init;
    const trade = this.#payable(codeUrl, mode);
    const result = { wallet: this.#init.wallet, outTradeNo: trade.outTradeNo, totalFen: trade.totalFen };
    switch (mode) {
      case 'once':
        return { ...result, transactionIds: [this.#paid(trade, ledger.book(trade))] };
      case 'twice': {
        const first = trade.transactions[0]?.id ?? this.#paid(trade, ledger.book(trade));
        if (this.#init.dialect.rules.takesTwice === false) throw new CannotPayError('already-paid');
        return { ...result, transactionIds: [first, this.#paid(trade, ledger.book(trade))] };
      }
      case 'late': {
        const arrivesAt = Math.max(trade.expiresAt, this.#init.clock.now()) + faults.settings.lateMs;
        ledger.bookLater(trade, arrivesAt);
        this.#arm(trade, arrivesAt);
        return { ...result, transactionIds: [], arrivesAt };
      }
    }
  }

  /** A phone opens a code and shows what it asks; a wallet may know of the trade from now on only. */
  scan(codeUrl: string): void {
    const { ledger } = this.#init;
    ledger.scanned(ledger.payable(codeUrl));
  }

  /** Lets every late payment arrive now. Gives the transactions. */
  settleLate(): string[] {
    const { ledger } = this.#init;
    return ledger.trades
      .filter((trade) => trade.lateAt !== undefined)
      .map((trade) => this.#paid(trade, ledger.bookLate(trade)));
  }

  /** Settles a refund when its time has come, and says so. */
  settleLater(refund: Refund): void {
    const { ledger, dialect } = this.#init;
    this.#at(refund.settlesAt, () => {
      if (refund.status !== 'PROCESSING') return;
      ledger.settleRefund(refund);
      const notice = dialect.refundNotice(ledger, refund);
      if (notice === undefined) return;
      this.#tell({ kind: 'refund', about: refund.outRefundNo, url: refund.notifyUrl, ...notice });
    });
  }

  /** The merchant is told that a complaint came or changed, at the address of the payment that it is about. */
  complained(id: string, event: string, action: string): void {
    const { dialect, ledger } = this.#init;
    const outTradeNo = dialect.complaints?.find(id).outTradeNo;
    const { trade } = ledger.find({ outTradeNo });
    const content = { complaint_id: id, action_type: action };
    this.#tell({ kind: 'complaint', about: id, url: trade.notifyUrl, event, content });
  }

  close(): void {
    this.#stop.abort(new Error('The wallet is closing.'));
  }

  #payable(codeUrl: string, mode: PayMode): Trade {
    const { ledger } = this.#init;
    try {
      return ledger.payable(codeUrl);
    } catch (error) {
      // Two phones: the second scan finds the order paid already, and the fault is that it goes through.
      const paid = error instanceof CannotPayError && error.reason === 'already-paid';
      const trade = paid && mode === 'twice' ? ledger.tradeOfCode(codeUrl) : undefined;
      if (trade !== undefined) return trade;
      // A payer who confirmed just before the code died: the money is on its way all the same.
      const gone = error instanceof CannotPayError && ['expired', 'closed'].includes(error.reason);
      const late = gone && mode === 'late' ? ledger.tradeOfCode(codeUrl) : undefined;
      if (late !== undefined) return late;
      throw error;
    }
  }

  #paid(trade: Trade, transaction: Transaction): string {
    const { ledger, dialect } = this.#init;
    const notice = dialect.paymentNotice(ledger, trade, transaction);
    this.#tell({ kind: 'payment', about: trade.outTradeNo, url: trade.notifyUrl, ...notice });
    return transaction.id;
  }

  #tell(news: Omit<Parameters<typeof newDelivery>[0], 'createdAt'>): void {
    const { notifier, clock } = this.#init;
    notifier.send(newDelivery({ ...news, createdAt: clock.now() }));
  }

  #arm(trade: Trade, at: number): void {
    this.#at(at, () => {
      if (trade.lateAt === at) this.#paid(trade, this.#init.ledger.bookLate(trade));
    });
  }

  #at(time: number, work: () => void): void {
    const { clock } = this.#init;
    const waiting = time - clock.now();
    if (waiting <= 0) queueMicrotask(work);
    else clock.sleep(waiting, this.#stop.signal).then(work, () => undefined);
  }
}
