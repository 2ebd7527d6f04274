import { z } from 'zod';
import { fieldsOf } from '../../../kernel/form-text.ts';
import type { ChannelNotification } from '../contract.ts';
import { PaymentError } from '../error.ts';
import { isSigned } from './keys.ts';
import type { AlipayTrust } from './keys.ts';
import { moment, tradeNo, tradeStatus, yuan } from './wire.ts';

export interface NotificationTrust extends AlipayTrust {
  readonly appId: string;
  readonly sellerId: string;
}

/** Not part of what is signed. Alipay, "异步通知验签": `sign` and `sign_type` are dropped first. */
const UNSIGNED: ReadonlySet<string> = new Set(['sign', 'sign_type', 'alipay_cert_sn']);

const notice = z.object({
  notify_id: z.string().min(1).max(128),
  app_id: z.string(),
  seller_id: z.string(),
  out_trade_no: z.string().min(1).max(64),
  trade_no: tradeNo,
  trade_status: tradeStatus,
  total_amount: yuan,
  gmt_payment: moment.optional(),
  /** Refunds only: their number at us. */
  out_biz_no: z.string().min(1).max(64).optional(),
  refund_fee: yuan.optional(),
});

/**
 * Verifies and opens a notification. `payment.bad-signature`: not signed by Alipay, byte for byte.
 * `payment.mismatch`: genuine, but not about this merchant, or of a form or an event that means nothing here.
 *
 * Its age is not judged: what Alipay signs is not the time of this delivery for sure, and its retries come up to
 * 25 hours later. A replay says what is known already, under a `notify_id` that counts once.
 */
export function openNotification(trust: NotificationTrust, rawBody: Buffer): ChannelNotification {
  const fields = verified(trust, rawBody);
  const result = notice.safeParse(Object.fromEntries([...fields].filter(([, value]) => value !== '')));
  if (!result.success) throw mismatch('form', result.error.issues[0]?.path.map(String).join('.'));
  const said = result.data;
  if (said.app_id !== trust.appId) throw mismatch('application');
  if (said.seller_id !== trust.sellerId) throw mismatch('merchant');
  // A refund is told with the trade's new state: still successful after a part of it, closed after all of it.
  if (said.out_biz_no !== undefined && said.refund_fee !== undefined) {
    return { kind: 'refund', id: said.notify_id, refundNo: said.out_biz_no, status: 'done' };
  }
  const paid = said.trade_status === 'TRADE_SUCCESS' || said.trade_status === 'TRADE_FINISHED';
  if (!paid) throw mismatch('event', said.trade_status);
  if (said.gmt_payment === undefined) throw mismatch('form', 'gmt_payment');
  return {
    kind: 'payment',
    id: said.notify_id,
    paymentNo: said.out_trade_no,
    transactionId: said.trade_no,
    amountFen: said.total_amount,
    paidAt: said.gmt_payment,
  };
}

/**
 * The form's fields, once they are proved. Written here and not left to the official library: that one takes
 * SHA-1 when the notification itself says so, knows one key only, and does not see a field that is there twice.
 */
function verified(trust: NotificationTrust, rawBody: Buffer): Map<string, string> {
  const fields = fieldsOf(rawBody.toString('utf8'));
  if (fields === undefined) throw badSignature('form');
  const signature = fields.get('sign');
  if (signature === undefined) throw badSignature('sign');
  if (fields.get('sign_type') !== 'RSA2') throw badSignature('sign_type');
  const content = [...fields]
    .filter(([name]) => !UNSIGNED.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  if (!isSigned(trust, fields.get('alipay_cert_sn'), content, signature)) throw badSignature('signature');
  return fields;
}

function badSignature(reason: string): PaymentError {
  return new PaymentError({
    code: 'payment.bad-signature',
    message: 'A payment notification was not signed by Alipay. It was refused; nothing changed.',
    context: { channel: 'alipay', reason },
  });
}

function mismatch(reason: string, field?: string): PaymentError {
  return new PaymentError({
    code: 'payment.mismatch',
    message: 'Alipay sent a notification about another merchant or in an unknown form. Check both.',
    context: { channel: 'alipay', reason, field },
  });
}
