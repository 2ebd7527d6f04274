import type { Ledger } from '../ledger.ts';
import type { Refund, Trade, Transaction } from '../model.ts';
import { chinaTime } from '../time.ts';

/** Who the trade belongs to, for the texts below. */
export interface Merchant {
  readonly appid: string;
  readonly mchid: string;
}

const STATE_WORDS = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
} as const;

/** A trade as a query or a notification tells it. WeChat Pay API v3, "查询订单", "支付通知". */
export function tradeView(
  ledger: Ledger,
  merchant: Merchant,
  trade: Trade,
  transaction: Transaction | undefined,
): Record<string, unknown> {
  const state = ledger.stateOf(trade, transaction);
  return {
    appid: merchant.appid,
    mchid: merchant.mchid,
    out_trade_no: trade.outTradeNo,
    trade_state: state,
    trade_state_desc: STATE_WORDS[state],
    ...(trade.attach === undefined ? {} : { attach: trade.attach }),
    ...(transaction === undefined
      ? { amount: { total: trade.totalFen, currency: 'CNY' } }
      : {
          transaction_id: transaction.id,
          trade_type: trade.tradeType,
          bank_type: 'OTHERS',
          success_time: chinaTime(transaction.paidAt),
          payer: { openid: transaction.payerId },
          amount: {
            total: transaction.totalFen,
            payer_total: transaction.totalFen,
            currency: 'CNY',
            payer_currency: 'CNY',
          },
        }),
  };
}

/** A refund as the API answers it. WeChat Pay API v3, "申请退款", "查询单笔退款". */
export function refundView(refund: Refund): Record<string, unknown> {
  return {
    refund_id: refund.id,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(refund.successAt === undefined ? {} : { success_time: chinaTime(refund.successAt) }),
    create_time: chinaTime(refund.createdAt),
    status: refund.status,
    funds_account: 'AVAILABLE',
    amount: {
      total: refund.totalFen,
      refund: refund.refundFen,
      payer_total: refund.totalFen,
      payer_refund: refund.refundFen,
      settlement_refund: refund.refundFen,
      settlement_total: refund.totalFen,
      discount_refund: 0,
      currency: 'CNY',
    },
  };
}

/** A refund as its notification tells it: other names, no application. WeChat Pay API v3, "退款结果通知". */
export function refundNotice(merchant: Merchant, refund: Refund): Record<string, unknown> {
  return {
    mchid: merchant.mchid,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    refund_id: refund.id,
    out_refund_no: refund.outRefundNo,
    refund_status: refund.status,
    ...(refund.successAt === undefined ? {} : { success_time: chinaTime(refund.successAt) }),
    user_received_account: '支付用户零钱',
    amount: {
      total: refund.totalFen,
      refund: refund.refundFen,
      payer_total: refund.totalFen,
      payer_refund: refund.refundFen,
    },
  };
}
