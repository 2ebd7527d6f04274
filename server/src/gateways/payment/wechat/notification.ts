import { createPublicKey, verify as verifyBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from '@bianmin/card/json-text';
import { Aes } from 'wechatpay-axios-plugin';
import type { z } from 'zod';
import type { ChannelNotification, ComplaintNotice } from '../contract.ts';
import { complaintResource } from './complaint-wire.ts';
import { PaymentError } from '../error.ts';
import { notificationEnvelope, paidResource, refundResource } from './wire.ts';

/** WeChat Pay API v3, "签名认证": refuse what was signed more than five minutes from now. */
const TOLERANCE_S = 300;

const LINE_END = Buffer.from('\n');

/** Signatures of the platform's probes begin so and must not verify. WeChat Pay API v3, "签名探测流量". */
const PROBE = 'WECHATPAY/SIGNTEST/';

export interface NotificationTrust {
  readonly appid: string;
  readonly mchid: string;
  /** 32 characters. */
  readonly apiV3Key: string;
  /** By serial: platform public keys and platform certificates side by side. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
}

/** PEM public keys or certificates by serial, as key objects. */
export function loadPlatformKeys(pems: Readonly<Record<string, string>>): Map<string, KeyObject> {
  return new Map(Object.entries(pems).map(([serial, pem]) => [serial, createPublicKey(pem)]));
}

/**
 * Verifies and opens a notification. `payment.bad-signature`: not signed by the channel for these bytes now,
 * or not sealed for us. `payment.mismatch`: genuine, but not about this merchant, or of a form unknown here.
 */
export function openNotification(
  trust: NotificationTrust,
  nowMs: number,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): ChannelNotification | ComplaintNotice {
  verify(trust, nowMs, headers, rawBody);
  const envelope = parse(notificationEnvelope, rawBody.toString('utf8'), 'envelope');
  const content = open(trust, envelope.resource);
  switch (envelope.event_type) {
    case 'TRANSACTION.SUCCESS': {
      const paid = parse(paidResource, content, 'resource');
      if (paid.mchid !== trust.mchid) throw mismatch('merchant');
      if (paid.appid !== trust.appid) throw mismatch('application');
      if (paid.amount.currency !== 'CNY') throw mismatch('currency');
      return {
        kind: 'payment',
        id: envelope.id,
        paymentNo: paid.out_trade_no,
        transactionId: paid.transaction_id,
        amountFen: paid.amount.total,
        paidAt: paid.success_time,
      };
    }
    case 'REFUND.SUCCESS':
    case 'REFUND.ABNORMAL':
    case 'REFUND.CLOSED': {
      const refund = parse(refundResource, content, 'resource');
      if (refund.mchid !== trust.mchid) throw mismatch('merchant');
      if (envelope.event_type !== `REFUND.${refund.refund_status}`) throw mismatch('event');
      const status = ({ SUCCESS: 'done', ABNORMAL: 'abnormal', CLOSED: 'closed' } as const)[
        refund.refund_status
      ];
      const { out_refund_no: refundNo, amount } = refund;
      return { kind: 'refund', id: envelope.id, refundNo, status, refundFen: amount.refund };
    }
    case 'COMPLAINT.CREATE':
    case 'COMPLAINT.STATE_CHANGE': {
      const { complaint_id: complaintNo } = parse(complaintResource, content, 'resource');
      return { kind: 'complaint', id: envelope.id, complaintNo };
    }
    default:
      throw mismatch('event');
  }
}

function verify(
  trust: NotificationTrust,
  nowMs: number,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): void {
  const timestamp = headers['wechatpay-timestamp'];
  const nonce = headers['wechatpay-nonce'];
  const serial = headers['wechatpay-serial'];
  const signature = headers['wechatpay-signature'];
  if (
    typeof timestamp !== 'string' ||
    typeof nonce !== 'string' ||
    typeof serial !== 'string' ||
    typeof signature !== 'string'
  ) {
    throw badSignature('headers');
  }
  if (signature.startsWith(PROBE)) throw badSignature('probe');
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) throw badSignature('timestamp');
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_S) throw badSignature('clock');
  const key = trust.platformKeys.get(serial);
  if (key === undefined) throw badSignature('serial');
  const bytes = Buffer.from(signature, 'base64');
  // Node's decoder forgives stray characters and bits; a signature has one spelling only.
  if (bytes.toString('base64') !== signature) throw badSignature('encoding');
  // The bytes as they came: decoding them first would let different bytes pass as the same text.
  const signed = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`, 'utf8'), rawBody, LINE_END]);
  const genuine = verifyBytes('sha256', signed, key, bytes);
  if (!genuine) throw badSignature('signature');
}

function open(trust: NotificationTrust, resource: z.output<typeof notificationEnvelope>['resource']): string {
  try {
    return Aes.AesGcm.decrypt(resource.ciphertext, trust.apiV3Key, resource.nonce, resource.associated_data);
  } catch {
    // No cause: an error of the cipher says nothing that helps and may be logged.
    throw badSignature('seal');
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, part: string): z.output<Schema> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw mismatch(part);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw mismatch(part, field);
}

function badSignature(reason: string): PaymentError {
  return new PaymentError({
    code: 'payment.bad-signature',
    message:
      'WeChat Pay did not sign this payment notification for this merchant, or its time is wrong. It was refused; nothing changed.',
    context: { channel: 'wechat', reason },
  });
}

function mismatch(reason: string, field?: string): PaymentError {
  return new PaymentError({
    code: 'payment.mismatch',
    message: 'WeChat Pay sent a notification about another merchant or in an unknown form. Check both.',
    context: { channel: 'wechat', reason, field },
  });
}
