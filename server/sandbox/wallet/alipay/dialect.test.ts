import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeUrlOf } from '../../../src/gateways/payment/handle.ts';
import type { CreatePayment } from '../../../src/gateways/payment/contract.ts';
import { startAlipay } from '../../../src/testing/alipay-harness.ts';
import { MINUTE, fails } from '../../../src/testing/payment-contract/kit.ts';
import type { WalletHarness } from '../../../src/testing/wallet-harness.ts';
import { RETRY_SECONDS } from './constants.ts';

let harness: WalletHarness;
beforeEach(async () => {
  harness = await startAlipay();
});
afterEach(() => harness.close());

const NO = '260115100000000001p1';
const request = (changes: Partial<CreatePayment> = {}): CreatePayment => ({
  paymentNo: NO,
  amountFen: 4750,
  description: '电费',
  expiresAt: new Date(harness.now() + 5 * MINUTE),
  notifyUrl: harness.notifyUrl,
  terminalId: 'kiosk-1',
  ...changes,
});
const code = async (changes?: Partial<CreatePayment>): Promise<string> =>
  codeUrlOf(await harness.channel.create(request(changes)));
const query = (): ReturnType<typeof harness.channel.query> => harness.channel.query(NO);

describe('Alipay of the sandbox', () => {
  it('leaves a number free for other content until a phone opens its code', async () => {
    const first = await code();
    const second = await code({ amountFen: 6000 });
    expect(() => harness.wallet.scan(first)).toThrow(/dead-code/);
    await harness.scan(second);
    await fails(code(), 'payment.refused');
    await harness.pay(second);
    expect(await query()).toMatchObject({ status: 'succeeded', amountFen: 6000 });
  });

  it('repeats a notification on its schedule until the merchant says success', async () => {
    harness.answerWith(500);
    await harness.pay(await code());
    let sent = 1;
    for (const seconds of RETRY_SECONDS.slice(0, 3)) {
      expect(await harness.received()).toHaveLength(sent);
      await harness.advance(seconds * 1000);
      sent += 1;
    }
    harness.answerWith('accepted');
    await harness.advance((RETRY_SECONDS[3] ?? 0) * 1000);
    expect(await harness.received()).toHaveLength(sent + 1);
    await harness.advance(24 * 60 * MINUTE);
    expect(await harness.received()).toHaveLength(sent + 1);
    const ids = await Promise.all(
      (await harness.received()).map(
        async ({ headers, rawBody }) => (await harness.channel.parseNotification(headers, rawBody)).id,
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('gives up after eight tries', async () => {
    harness.answerWith(500);
    await harness.pay(await code());
    for (const seconds of RETRY_SECONDS) await harness.advance(seconds * 1000);
    await harness.advance(48 * 60 * MINUTE);
    expect(await harness.received()).toHaveLength(8);
    expect(harness.wallet.notifications('alipay')).toMatchObject([{ status: 'given-up' }]);
  });

  it('lets money arrive after the code has expired', async () => {
    const codeUrl = await code();
    harness.wallet.pay(codeUrl, 'late');
    await harness.advance(5 * MINUTE);
    expect(await query()).toEqual({ status: 'closed' });
    await harness.advance(5_000);
    expect(await query()).toMatchObject({ status: 'succeeded' });
  });

  it('holds a refund back and says nothing of it until it is done, then tells it', async () => {
    await harness.pay(await code());
    harness.wallet.setFaults({ refundDelayMs: 60_000 }, 'alipay');
    const refund = { paymentNo: NO, refundNo: `${NO}r1`, refundFen: 4750, totalFen: 4750, reason: '退回' };
    expect(await harness.channel.refund(refund)).toEqual({ status: 'sent', refundFen: 4750 });
    expect(await harness.channel.queryRefund(`${NO}r1`, NO)).toEqual({ status: 'not-found' });
    expect(await harness.channel.refund(refund)).toEqual({ status: 'sent', refundFen: 4750 });
    await harness.advance(60_000);
    expect(await harness.channel.refund(refund)).toEqual({ status: 'done', refundFen: 4750 });
    const last = (await harness.received()).at(-1);
    expect(
      await harness.channel.parseNotification(last?.headers ?? {}, last?.rawBody ?? Buffer.of()),
    ).toMatchObject({ kind: 'refund', refundNo: `${NO}r1`, status: 'done' });
    // All of it went back, so the trade is closed; the money did come all the same.
    expect(await query()).toMatchObject({ status: 'succeeded', amountFen: 4750 });
  });

  it('refuses another amount under a refund’s number', async () => {
    await harness.pay(await code());
    const refund = { paymentNo: NO, refundNo: `${NO}r1`, refundFen: 1000, totalFen: 4750, reason: '退回' };
    await harness.channel.refund(refund);
    await fails(harness.channel.refund({ ...refund, refundFen: 1001 }), 'payment.refused');
    expect(await harness.channel.queryRefund(`${NO}r1`, NO)).toEqual({ status: 'done', refundFen: 1000 });
  });

  it('is down as a whole when it is told to be', async () => {
    harness.wallet.setFaults({ outage: true }, 'alipay');
    await fails(query(), 'payment.unknown');
    harness.wallet.setFaults({ outage: false }, 'alipay');
    expect(await query()).toMatchObject({ status: 'not-found' });
  });

  it('shows the phone to a browser that opens a code’s address without a wallet', async () => {
    const codeUrl = await code();
    const opened = await fetch(codeUrl, { redirect: 'manual' });
    const phone = new URL(opened.headers.get('location') ?? '', harness.wallet.url);
    expect(phone.pathname).toBe('/phone');
    expect(phone.searchParams.get('code_url')).toBe(codeUrl);
    for (const page of ['/alipay/cashier', '/alipay/cashier.js', '/alipay/bridge.js']) {
      expect((await fetch(harness.wallet.url + page)).status).toBe(200);
    }
  });
});
