import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ChannelNotification } from '../contract.ts';
import { PaymentError } from '../error.ts';
import { objectIn, provenText } from './answer.ts';
import type { BestpayProfile } from './profile.ts';
import type { Shapes } from './wire.ts';

export interface NotificationInit {
  readonly merchantNo: string;
  readonly institutionCode: string;
  readonly keys: readonly KeyObject[];
  readonly profile: BestpayProfile;
  readonly shapes: Shapes;
  readonly clock: { now(): number };
}

/**
 * Verifies and opens a notification. `payment.bad-signature`: its fields are not signed by Bestpay.
 * `payment.mismatch`: genuine, but not about this merchant, or of a form or an event that means nothing here.
 *
 * No time of sending is signed, so its age is not judged; and it has no number, so its own content is its id: the
 * same words count once.
 */
export function openNotification(init: NotificationInit, rawBody: Buffer): ChannelNotification {
  const { profile, shapes, clock } = init;
  const fields = objectIn(rawBody);
  if (fields === undefined) throw badSignature('form');
  const text = provenText(fields, profile, init.keys);
  if (text === undefined) throw badSignature('signature');
  const result = shapes.notice.safeParse(fields);
  if (!result.success) throw mismatch('form', result.error.issues[0]?.path.map(String).join('.'));
  const said = result.data;
  if (said.merchantNo !== init.merchantNo) throw mismatch('merchant');
  if ((said.institutionCode ?? init.institutionCode) !== init.institutionCode) throw mismatch('institution');
  const id = createHash('sha256').update(text).digest('hex');
  const { notices, statuses, refundStatuses } = profile;
  if (notices.refund.includes(said.type)) {
    const { refundNo, refundFen } = said;
    if (refundNo === undefined) throw mismatch('form', 'refundNo');
    if (refundStatuses.done.includes(said.refundStatus ?? '')) {
      return { kind: 'refund', id, refundNo, status: 'done', refundFen };
    }
    if (refundStatuses.closed.includes(said.refundStatus ?? '')) {
      return { kind: 'refund', id, refundNo, status: 'closed', refundFen };
    }
    throw mismatch('event', said.refundStatus);
  }
  if (!notices.payment.includes(said.type)) throw mismatch('event', said.type);
  if (!statuses.paid.includes(said.status ?? '')) throw mismatch('event', said.status);
  if (said.transactionId === undefined) throw mismatch('form', 'transactionId');
  if (said.amountFen === undefined) throw mismatch('form', 'amountFen');
  return {
    kind: 'payment',
    id,
    paymentNo: said.paymentNo,
    transactionId: said.transactionId,
    amountFen: said.amountFen,
    // That it succeeded is proof enough; without a time, it is when we learned of it.
    paidAt: said.paidAt ?? new Date(clock.now()),
  };
}

function badSignature(reason: string): PaymentError {
  return new PaymentError({
    code: 'payment.bad-signature',
    message: 'A payment notification was not signed by Bestpay. It was refused; nothing changed.',
    context: { channel: 'bestpay', reason },
  });
}

function mismatch(reason: string, field?: string): PaymentError {
  return new PaymentError({
    code: 'payment.mismatch',
    message: 'Bestpay sent a notification about another merchant or in an unknown form. Check both.',
    context: { channel: 'bestpay', reason, field },
  });
}
