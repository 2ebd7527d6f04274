import type { Notice } from '../dialect.ts';
import type { Ledger } from '../ledger.ts';
import type { Refund, Trade, Transaction } from '../model.ts';
import { chinaTime } from '../time.ts';
import { Refusal } from './refusal.ts';

export interface Merchant {
  readonly appId: string;
  readonly sellerId: string;
}

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED';

/** The trade under a number, as Alipay knows it: before a phone opened its code there is none. */
export function tradeOf(ledger: Ledger, outTradeNo: string): Trade {
  const { trade } = ledger.find({ outTradeNo });
  if (trade.scannedAt === undefined) throw new Refusal('ACQ.TRADE_NOT_EXIST');
  return trade;
}

/** Alipay numbers a trade when it begins, not when it is paid. */
export function tradeNoOf(trade: Trade): string {
  return trade.facts?.['tradeNo'] ?? '';
}

export function statusOf(ledger: Ledger, trade: Trade): TradeStatus {
  switch (ledger.stateOf(trade)) {
    case 'NOTPAY':
      return 'WAIT_BUYER_PAY';
    case 'SUCCESS':
    case 'REFUND':
      // Closed is also how a trade ends of which everything was given back.
      return refundedOf(ledger, trade) >= trade.totalFen ? 'TRADE_CLOSED' : 'TRADE_SUCCESS';
    case 'CLOSED':
      return 'TRADE_CLOSED';
  }
}

/** Fen that went back, in all refunds that are done. */
export function refundedOf(ledger: Ledger, trade: Trade): number {
  return trade.transactions
    .flatMap(({ id }) => ledger.refundsOf(id))
    .filter((each) => each.status === 'SUCCESS')
    .reduce((sum, each) => sum + each.refundFen, 0);
}

/** As `alipay.trade.query` tells it. */
export function tradeView(ledger: Ledger, trade: Trade): Record<string, string> {
  const [paid] = trade.transactions;
  return {
    out_trade_no: trade.outTradeNo,
    trade_no: tradeNoOf(trade),
    trade_status: statusOf(ledger, trade),
    total_amount: yuan(trade.totalFen),
    buyer_open_id: trade.payerId ?? '',
    ...(paid === undefined
      ? {}
      : {
          receipt_amount: yuan(paid.totalFen),
          buyer_pay_amount: yuan(paid.totalFen),
          send_pay_date: stamp(paid.paidAt),
        }),
  };
}

export function paymentNotice(merchant: Merchant, trade: Trade, paid: Transaction): Notice {
  return {
    event: 'TRADE_SUCCESS',
    content: {
      ...noticeFields(merchant, trade),
      trade_status: 'TRADE_SUCCESS',
      receipt_amount: yuan(paid.totalFen),
      buyer_pay_amount: yuan(paid.totalFen),
      gmt_payment: stamp(paid.paidAt),
    },
  };
}

/** A refund is told as the trade's new state, with what went back so far. A failed one is not told. */
export function refundNotice(merchant: Merchant, ledger: Ledger, refund: Refund): Notice | undefined {
  if (refund.status !== 'SUCCESS') return undefined;
  const { trade, transaction } = ledger.find({ transactionId: refund.transactionId });
  const status = statusOf(ledger, trade);
  return {
    event: status,
    content: {
      ...noticeFields(merchant, trade),
      trade_status: status,
      ...(transaction === undefined ? {} : { gmt_payment: stamp(transaction.paidAt) }),
      gmt_refund: `${stamp(refund.successAt ?? refund.createdAt)}.000`,
      refund_fee: yuan(refundedOf(ledger, trade)),
      out_biz_no: refund.outRefundNo,
    },
  };
}

function noticeFields({ appId, sellerId }: Merchant, trade: Trade): Record<string, string> {
  return {
    notify_type: 'trade_status_sync',
    app_id: appId,
    auth_app_id: appId,
    seller_id: sellerId,
    out_trade_no: trade.outTradeNo,
    trade_no: tradeNoOf(trade),
    total_amount: yuan(trade.totalFen),
    subject: trade.description,
    buyer_open_id: trade.payerId ?? '',
    gmt_create: stamp(trade.scannedAt ?? trade.createdAt),
  };
}

export function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

/** `yyyy-MM-dd HH:mm:ss` in China's time. */
export function stamp(ms: number): string {
  return chinaTime(ms).slice(0, 19).replace('T', ' ');
}
