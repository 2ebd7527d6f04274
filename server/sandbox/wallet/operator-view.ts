import type { Ledger } from './ledger.ts';
import type { Refund, TradeState } from './model.ts';
import type { Delivery } from './notification.ts';
import type { Notifier } from './notifier.ts';

/** One payment number, as `GET /wallet/payments` gives it, newest first. Times are ms since the epoch. */
export interface PaymentView {
  readonly outTradeNo: string;
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

export type RefundView = Omit<Refund, 'fingerprint' | 'outcome' | 'settlesAt'> & {
  readonly notifications: PaymentView['notifications'];
};

interface Books {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
}

export function paymentViews({ ledger, notifier }: Books, limit = Infinity): PaymentView[] {
  return newest(ledger.trades, limit).map((trade) => ({
    outTradeNo: trade.outTradeNo,
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
      id,
      paidAt,
      totalFen,
      refundedFen: ledger.refunds
        .filter((each) => each.transactionId === id && each.status === 'SUCCESS')
        .reduce((sum, each) => sum + each.refundFen, 0),
    })),
    notifications: about(notifier, trade.outTradeNo),
  }));
}

export function refundViews({ ledger, notifier }: Books, limit = Infinity): RefundView[] {
  return newest(ledger.refunds, limit).map(
    ({ fingerprint: _fingerprint, outcome: _outcome, settlesAt: _settlesAt, ...refund }) => ({
      ...refund,
      notifications: about(notifier, refund.outRefundNo),
    }),
  );
}

function newest<Item>(items: readonly Item[], limit: number): Item[] {
  return items.slice(-limit).reverse();
}

function about(notifier: Notifier, number: string): PaymentView['notifications'] {
  return notifier.deliveries
    .filter((each) => each.about === number)
    .map(({ id, event, status, attempts }) => ({ id, event, status, attempts }));
}
