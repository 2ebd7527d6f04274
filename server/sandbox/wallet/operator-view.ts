import type { Book } from './book.ts';
import type { Delivery, Refund, Trade, TradeState, WalletName } from './model.ts';
import type { Notifier } from './notifier.ts';

/** One payment number, as `GET /wallet/payments` gives it, newest first. Times are ms since the epoch. */
export interface PaymentView {
  readonly wallet: WalletName;
  readonly outTradeNo: string;
  /** The wallet's own name for how it is paid. */
  readonly tradeType: string;
  readonly description: string;
  readonly attach?: string;
  readonly totalFen: number;
  readonly state: TradeState;
  /** Whether a phone could pay it now. */
  readonly payable: boolean;
  readonly codeUrl: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lateAt?: number;
  readonly transactions: readonly {
    readonly id: string;
    readonly paidAt: number;
    readonly totalFen: number;
    readonly refundedFen: number;
  }[];
  readonly notifications: readonly Pick<Delivery, 'id' | 'event' | 'status' | 'attempts'>[];
}

export type RefundView = { readonly wallet: WalletName } & Omit<
  Refund,
  'fingerprint' | 'outcome' | 'settlesAt' | 'shortFen'
> & {
    readonly notifications: PaymentView['notifications'];
  };

/** What came and went under one payment number. */
export type PaymentSum = Pick<PaymentView, 'wallet' | 'outTradeNo' | 'totalFen'> & {
  readonly transactions: readonly Pick<
    PaymentView['transactions'][number],
    'id' | 'totalFen' | 'refundedFen'
  >[];
};

export function paymentSum({ wallet, ledger }: Pick<Book, 'wallet' | 'ledger'>, trade: Trade): PaymentSum {
  const { outTradeNo, totalFen, transactions } = trade;
  return {
    ...{ wallet, outTradeNo, totalFen },
    transactions: transactions.map(({ id, totalFen: fen }) => ({
      ...{ id, totalFen: fen },
      refundedFen: refundedFen(ledger, id),
    })),
  };
}

/** Payments of one wallet, in reverse: newest first. */
export function paymentViews({ wallet, ledger, notifier }: Book, trades: readonly Trade[]): PaymentView[] {
  return trades.toReversed().map((trade) => ({
    wallet,
    outTradeNo: trade.outTradeNo,
    tradeType: trade.tradeType,
    description: trade.description,
    ...(trade.attach === undefined ? {} : { attach: trade.attach }),
    totalFen: trade.totalFen,
    state: ledger.stateOf(trade),
    payable: ledger.isPayable(trade.codeUrl),
    codeUrl: trade.codeUrl,
    createdAt: trade.createdAt,
    expiresAt: trade.expiresAt,
    ...(trade.lateAt === undefined ? {} : { lateAt: trade.lateAt }),
    transactions: trade.transactions.map(({ id, paidAt, totalFen }) => ({
      ...{ id, paidAt, totalFen },
      refundedFen: refundedFen(ledger, id),
    })),
    notifications: about(notifier, trade.outTradeNo),
  }));
}

/** Refunds of one wallet, in reverse: newest first. */
export function refundViews({ wallet, notifier }: Book, refunds: readonly Refund[]): RefundView[] {
  return refunds
    .toReversed()
    .map(({ fingerprint: _1, outcome: _2, settlesAt: _3, shortFen: _4, ...refund }) => ({
      wallet,
      ...refund,
      notifications: about(notifier, refund.outRefundNo),
    }));
}

function refundedFen(ledger: Book['ledger'], transactionId: string): number {
  const done = ledger.refundsOf(transactionId).filter(({ status }) => status === 'SUCCESS');
  return done.reduce((sum, { refundFen }) => sum + refundFen, 0);
}

function about(notifier: Notifier, number: string): PaymentView['notifications'] {
  return notifier.about(number).map(({ id, event, status, attempts }) => ({ id, event, status, attempts }));
}
