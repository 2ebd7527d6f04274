import type { Notice } from '../dialect.ts';
import type { Ledger } from '../ledger.ts';
import type { Refund, Trade, Transaction } from '../model.ts';
import { chinaTime } from '../time.ts';

export interface Merchant {
  readonly merchantNo: string;
  readonly institutionCode: string;
}

const STATUS = { NOTPAY: 'NOTPAY', SUCCESS: 'SUCCESS', REFUND: 'SUCCESS', CLOSED: 'CLOSE' } as const;
const REFUND_STATUS = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  ABNORMAL: 'FAIL',
  CLOSED: 'FAIL',
} as const;

/** As the query tells it. A payment that was given back stays a success. */
export function tradeView({ merchantNo }: Merchant, ledger: Ledger, trade: Trade): Record<string, unknown> {
  const [paid] = trade.transactions;
  return {
    merchantNo,
    outTradeNo: trade.outTradeNo,
    tradeNo: paid?.id ?? null,
    tradeAmt: String(trade.totalFen),
    payAmt: paid === undefined ? null : String(paid.totalFen),
    tradeStatus: STATUS[ledger.stateOf(trade)],
    payFinishedDate: paid === undefined ? null : stamp(paid.paidAt),
    resultCode: null,
    resultMsg: null,
  };
}

export function refundView({ merchantNo }: Merchant, refund: Refund): Record<string, unknown> {
  return {
    merchantNo,
    outTradeNo: refund.outTradeNo,
    outRefundNo: refund.outRefundNo,
    tradeNo: refund.id,
    refundAmt: refund.refundFen,
    refundStatus: REFUND_STATUS[refund.status],
  };
}

export function paymentNotice(merchant: Merchant, trade: Trade, paid: Transaction): Notice {
  return {
    event: 'PAY',
    content: {
      ...noticeFields(merchant, trade, paid),
      notifyType: 'PAY',
      tradeStatus: 'SUCCESS',
    },
  };
}

export function refundNotice(merchant: Merchant, ledger: Ledger, refund: Refund): Notice {
  const { trade, transaction } = ledger.find({ transactionId: refund.transactionId });
  return {
    event: 'REFUND',
    content: {
      ...noticeFields(merchant, trade, transaction),
      notifyType: 'REFUND',
      outRefundNo: refund.outRefundNo,
      refundAmt: String(refund.refundFen),
      tradeStatus: REFUND_STATUS[refund.status],
      refundFinishedDate: stamp(refund.successAt ?? refund.settlesAt),
    },
  };
}

function noticeFields(
  { merchantNo, institutionCode }: Merchant,
  trade: Trade,
  paid: Transaction | undefined,
): Record<string, unknown> {
  return {
    institutionCode,
    merchantNo,
    outTradeNo: trade.outTradeNo,
    tradeNo: paid?.id ?? null,
    totalAmt: String(trade.totalFen),
    payAmt: paid === undefined ? null : String(paid.totalFen),
    payFinishedDate: paid === undefined ? null : stamp(paid.paidAt),
    payTool: 'BESTPAY',
  };
}

/** `yyyy-MM-dd HH:mm:ss` in China's time. */
export function stamp(ms: number): string {
  return chinaTime(ms).slice(0, 19).replace('T', ' ');
}
