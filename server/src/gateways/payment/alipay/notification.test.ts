import fc from 'fast-check';
import { AlipaySdk } from 'alipay-sdk';
import { describe, expect, it } from 'vitest';
import type { PackInit } from '../../../../sandbox/wallet/dialect.ts';
import { newDelivery } from '../../../../sandbox/wallet/notifier.ts';
import { packNotification } from '../../../../sandbox/wallet/alipay/pack.ts';
import { sign, signedText } from '../../../../sandbox/wallet/alipay/signing.ts';
import { testAlipayKeys } from '../../../testing/alipay-harness.ts';
import { changedBits, outcomeOf } from '../../../testing/notification-proof.ts';
import { trustOf } from './keys.ts';
import { openNotification } from './notification.ts';
import type { NotificationTrust } from './notification.ts';

const keys = testAlipayKeys();
const now = Date.UTC(2026, 0, 15, 2, 0, 0);
const trust: NotificationTrust = {
  ...trustOf(keys.publicKeyMode.publicKey, keys.certificateMode.certificate),
  appId: keys.appId,
  sellerId: keys.sellerId,
};
const content = {
  notify_type: 'trade_status_sync',
  app_id: keys.appId,
  seller_id: keys.sellerId,
  out_trade_no: '260115100000000001p1',
  trade_no: '2026011522001400000000000001',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '47.50',
  subject: '电费 50.00 元 & more',
  gmt_payment: '2026-01-15 10:00:00',
};
const told = {
  kind: 'payment',
  paymentNo: content.out_trade_no,
  transactionId: content.trade_no,
  amountFen: 4750,
  paidAt: new Date(now),
};

function packet(changes: Record<string, string | undefined> = {}, init: Partial<PackInit> = {}): Buffer {
  const fields = Object.entries({ ...content, ...changes }).filter(([, value]) => value !== undefined);
  const delivery = newDelivery({
    kind: 'payment',
    event: 'TRADE_SUCCESS',
    about: content.out_trade_no,
    url: 'http://127.0.0.1/',
    content: Object.fromEntries(fields),
    createdAt: now,
  });
  return Buffer.from(
    packNotification(keys, { delivery, nowMs: now, signWith: 'publicKeyMode', ...init }).body,
  );
}

const outcome = (body: Buffer): unknown => outcomeOf(() => openNotification(trust, body));

describe('a notification of Alipay', () => {
  it.each(['publicKeyMode', 'certificateMode'] as const)('opens when signed in %s', (signWith) => {
    expect(outcome(packet({}, { signWith }))).toMatchObject(told);
  });

  it('is one that the official library proves as well', () => {
    const sdk = new AlipaySdk({
      appId: keys.appId,
      privateKey: keys.app.privateKey,
      keyType: 'PKCS8',
      alipayPublicKey: keys.publicKeyMode.publicKey,
    });
    const form = Object.fromEntries(new URLSearchParams(packet().toString()));
    expect(sdk.checkNotifySignV2(form)).toBe(true);
    expect(sdk.checkNotifySignV2({ ...form, total_amount: '0.01' })).toBe(false);
  });

  it('says the same or nothing when any one bit of it is another', () => {
    const raw = packet();
    const original = outcome(raw);
    const passed: string[] = [];
    for (const { bit, changed } of changedBits(raw)) {
      const result = outcome(changed);
      // A bit can spell the same byte otherwise: %e7 for %E7.
      if (result !== 'payment.bad-signature' && JSON.stringify(result) !== JSON.stringify(original)) {
        passed.push(`bit ${bit}: ${JSON.stringify(result)}`);
      }
    }
    expect(passed).toEqual([]);
  });

  it('throws nothing but a PaymentError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(outcome(Buffer.from(bytes))).toBe('payment.bad-signature');
      }),
    );
  });

  it('is refused with a field that is there twice, whichever comes first', () => {
    const raw = packet().toString();
    expect(outcome(Buffer.from(`${raw}&total_amount=0.01`))).toBe('payment.bad-signature');
    expect(outcome(Buffer.from(`total_amount=0.01&${raw}`))).toBe('payment.bad-signature');
  });

  it('is refused with a field that was not signed', () => {
    expect(outcome(Buffer.from(`${packet().toString()}&out_biz_no=r1`))).toBe('payment.bad-signature');
  });

  it('cannot choose a weaker signature, nor do without one', () => {
    const form = new URLSearchParams(packet().toString());
    form.set('sign_type', 'RSA');
    expect(outcome(Buffer.from(form.toString()))).toBe('payment.bad-signature');
    form.set('sign_type', 'RSA2');
    form.delete('sign');
    expect(outcome(Buffer.from(form.toString()))).toBe('payment.bad-signature');
  });

  it('is not believed under the number of a certificate that did not sign it', () => {
    const form = new URLSearchParams(packet().toString());
    form.set('alipay_cert_sn', [...trust.certificates.keys()][0] ?? '');
    expect(outcome(Buffer.from(form.toString()))).toBe('payment.bad-signature');
  });

  it('signed by the merchant itself is not believed', () => {
    const fields = new Map(Object.entries(content));
    const signature = sign(signedText(fields), keys.app.privateKey);
    const form = new URLSearchParams([...fields, ['sign_type', 'RSA2'], ['sign', signature]]);
    expect(outcome(Buffer.from(form.toString()))).toBe('payment.bad-signature');
  });

  it('of a refund is told by its own number, of a part and of all', () => {
    const refund = { out_biz_no: '260115100000000001p1r1', refund_fee: '12.50' };
    for (const trade_status of ['TRADE_SUCCESS', 'TRADE_CLOSED']) {
      expect(outcome(packet({ ...refund, trade_status }))).toMatchObject({
        kind: 'refund',
        refundNo: refund.out_biz_no,
        status: 'done',
      });
    }
  });

  it('that the time to refund is over is a payment still', () => {
    expect(outcome(packet({ trade_status: 'TRADE_FINISHED' }))).toMatchObject(told);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['another seller', { seller_id: '2088000000000000' }],
    ['no seller', { seller_id: undefined }],
    ['another application', { app_id: '2021000000000000' }],
    ['a trade that waits', { trade_status: 'WAIT_BUYER_PAY' }],
    ['a trade that closed unpaid', { trade_status: 'TRADE_CLOSED', gmt_payment: undefined }],
    ['a state that is none', { trade_status: 'PAID' }],
    ['half a fen', { total_amount: '47.505' }],
    ['less than nothing', { total_amount: '-47.50' }],
    ['no amount', { total_amount: undefined }],
    ['an amount that only looks like one', { total_amount: '4.75e1' }],
    ['a time that is none', { gmt_payment: 'yesterday' }],
    ['no time', { gmt_payment: undefined }],
  ])('genuine but with %s: mismatch', (_, changes) => {
    expect(outcome(packet(changes))).toBe('payment.mismatch');
  });
});
