import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import type { Packet } from '../../../../sandbox/wallet/dialect.ts';
import { newDelivery } from '../../../../sandbox/wallet/notifier.ts';
import type { KeyMode } from '../../../../sandbox/wallet/wechat/keys.ts';
import { packNotification } from '../../../../sandbox/wallet/wechat/notification.ts';
import { changedBits, outcomeOf } from '../../../testing/notification-proof.ts';
import { testWechatKeys } from '../../../testing/wechat-harness.ts';
import { loadPlatformKeys, openNotification } from './notification.ts';
import type { NotificationTrust } from './notification.ts';

const keys = testWechatKeys();
const now = Date.UTC(2026, 0, 15, 2, 0, 0);
const trust: NotificationTrust = {
  appid: keys.appid,
  mchid: keys.mchid,
  apiV3Key: keys.apiV3Key,
  platformKeys: loadPlatformKeys({
    [keys.publicKeyMode.serial]: keys.publicKeyMode.trusted,
    [keys.certificateMode.serial]: keys.certificateMode.trusted,
  }),
};
const content = {
  appid: keys.appid,
  mchid: keys.mchid,
  out_trade_no: '260115100000000001p1',
  transaction_id: '4200000000000000000000000001',
  trade_state: 'SUCCESS',
  success_time: '2026-01-15T10:00:00+08:00',
  amount: { total: 4750, payer_total: 4750, currency: 'CNY', payer_currency: 'CNY' },
};

function packet(mode: KeyMode = 'publicKeyMode', changes: Record<string, unknown> = {}): Packet {
  return packNotification(keys, {
    delivery: newDelivery({
      kind: 'payment',
      event: 'TRANSACTION.SUCCESS',
      about: content.out_trade_no,
      url: 'http://127.0.0.1/',
      content: { ...content, ...changes },
      createdAt: now,
    }),
    signWith: mode,
    nowMs: now,
  });
}

/** As Node's HTTP server hands headers over. */
function lower(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function open(headers: Record<string, string>, body: Buffer, at = now): ReturnType<typeof openNotification> {
  return openNotification(trust, at, headers, body);
}

function codeOf(work: () => unknown): string {
  const outcome = outcomeOf(work);
  return typeof outcome === 'string' ? outcome : 'opened';
}

describe('a notification of WeChat Pay', () => {
  it.each<KeyMode>(['publicKeyMode', 'certificateMode'])('opens when signed in %s', (mode) => {
    const { headers, body } = packet(mode);
    expect(open(lower(headers), Buffer.from(body))).toMatchObject({
      kind: 'payment',
      paymentNo: content.out_trade_no,
      transactionId: content.transaction_id,
      amountFen: 4750,
      paidAt: new Date(now),
    });
  });

  it('trusts the platform’s certificate by what a certificate says', () => {
    const certificate = new X509Certificate(keys.certificateMode.trusted);
    expect(certificate.serialNumber).toBe(keys.certificateMode.serial);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('is refused when any one bit of what was signed, or of the signature, is another', () => {
    const { headers, body } = packet();
    const signed = lower(headers);
    const raw = Buffer.from(body);
    const passed: string[] = [];
    for (const part of [
      'body',
      'wechatpay-timestamp',
      'wechatpay-nonce',
      'wechatpay-serial',
      'wechatpay-signature',
    ]) {
      const original = part === 'body' ? raw : Buffer.from(signed[part] ?? '', 'latin1');
      for (const { bit, changed } of changedBits(original)) {
        const code = codeOf(() =>
          part === 'body'
            ? open(signed, changed)
            : open({ ...signed, [part]: changed.toString('latin1') }, raw),
        );
        if (code !== 'payment.bad-signature') passed.push(`${part}, bit ${bit}: ${code}`);
      }
    }
    expect(passed).toEqual([]);
  });

  it('is refused when cut short or lengthened anywhere', () => {
    const { headers, body } = packet();
    const raw = Buffer.from(body);
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }), (at, extra) => {
        const longer = Buffer.concat([raw.subarray(0, at), extra, raw.subarray(at)]);
        expect(codeOf(() => open(lower(headers), raw.subarray(0, at)))).toBe('payment.bad-signature');
        expect(codeOf(() => open(lower(headers), longer))).toBe('payment.bad-signature');
      }),
      { numRuns: runs(300) },
    );
  });

  it('throws nothing but a PaymentError for any headers and bytes', () => {
    const header = fc.oneof(fc.string(), fc.constantFrom(keys.publicKeyMode.serial, String(now / 1000)));
    const headers = fc.record({
      'wechatpay-timestamp': header,
      'wechatpay-nonce': header,
      'wechatpay-serial': header,
      'wechatpay-signature': header,
    });
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 64 }), (given, body) => {
        expect(codeOf(() => open(given, Buffer.from(body)))).toBe('payment.bad-signature');
      }),
    );
  });

  it.each([
    [300, 'opened'],
    [-300, 'opened'],
    [301, 'payment.bad-signature'],
    [-301, 'payment.bad-signature'],
  ])('signed %i seconds from now: %s', (seconds, outcome) => {
    const { headers, body } = packet();
    expect(codeOf(() => open(lower(headers), Buffer.from(body), now + seconds * 1000))).toBe(outcome);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another merchant', { mchid: '1900000109' }],
    ['another application', { appid: 'wxd678efh567hg6787' }],
    ['another state', { trade_state: 'NOTPAY' }],
    ['another currency', { amount: { total: 4750, currency: 'HKD' } }],
    ['half a fen', { amount: { total: 47.5, currency: 'CNY' } }],
    ['no amount', { amount: undefined }],
    ['a time that is none', { success_time: 'yesterday' }],
  ])('genuine but with %s: mismatch', (_, changes) => {
    const { headers, body } = packet('publicKeyMode', changes);
    expect(codeOf(() => open(lower(headers), Buffer.from(body)))).toBe('payment.mismatch');
  });
});
