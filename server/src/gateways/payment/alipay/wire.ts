import { z } from 'zod';
import { fenOfYuan } from '../yuan.ts';
import { momentOfStamp } from '../stamp.ts';

// Shapes of what Alipay's gateway sends, as far as they are used here. Sources: the pages of each call at
// opendocs.alipay.com (alipay.trade.precreate, .create, .query, .close, .refund, .fastpay.refund.query,
// alipay.system.oauth.token, alipay.data.dataservice.bill.downloadurl.query). Unknown fields are ignored.

/** Yuan as a text, never a number: the point is moved on the text. */
export const yuan = z.string().transform((text, context) => {
  const fen = fenOfYuan(text);
  if (fen !== undefined && fen >= 0) return fen;
  context.addIssue({ code: 'custom', message: 'not an amount in yuan' });
  return z.NEVER;
});

export const moment = z.string().transform((text, context) => {
  const at = momentOfStamp(text);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

/** Of a trade: at most 64 digits. */
export const tradeNo = z.string().regex(/^\d{16,64}$/u);

export const precreateAnswer = z.object({ out_trade_no: z.string(), qr_code: z.string().min(1).max(1024) });

export const createAnswer = z.object({ out_trade_no: z.string(), trade_no: tradeNo });

export const tradeStatus = z.enum(['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED']);

export const queryAnswer = z.object({
  out_trade_no: z.string(),
  trade_no: tradeNo,
  trade_status: tradeStatus,
  total_amount: yuan,
  /** When the money came; absent where none did. */
  send_pay_date: moment.optional(),
});

export const closeAnswer = z.object({ out_trade_no: z.string().optional() });

export const refundAnswer = z.object({
  out_trade_no: z.string(),
  /** `Y`: this very call moved money. `N`: it did not, be it that an earlier one did. */
  fund_change: z.enum(['Y', 'N']),
});

/** Without `refund_status`: not received, failed, or asked within seconds; the call does not say which. */
export const refundQueryAnswer = z.object({
  out_trade_no: z.string().optional(),
  out_request_no: z.string().optional(),
  refund_amount: yuan.optional(),
  refund_status: z.string().optional(),
});

/** An application has either kind of payer's number, by how it was set up. */
export const tokenAnswer = z
  .object({ user_id: z.string().min(1).max(128).optional(), open_id: z.string().min(1).max(128).optional() })
  .transform((answer) => answer.open_id ?? answer.user_id)
  .pipe(z.string());

export const billAnswer = z.object({ bill_download_url: z.url().max(2048) });
