import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreatePayment } from '../../../src/gateways/payment/contract.ts';
import { codeUrlOf } from '../../../src/gateways/payment/handle.ts';
import { bestpayAt, startBestpay } from '../../../src/testing/bestpay-harness.ts';
import { MINUTE, fails } from '../../../src/testing/payment-contract/kit.ts';
import type { WalletHarness } from '../../../src/testing/wallet-harness.ts';
import { RETRY_SECONDS } from './constants.ts';
import { SANDBOX_PROFILE } from './keys.ts';

const NO = '260115100000000001p1';
const DAY = 24 * 60 * MINUTE;
let harness: WalletHarness;
beforeEach(async () => {
  harness = await startBestpay();
});
afterEach(() => harness.close());

const request = (changes: Partial<CreatePayment> = {}): CreatePayment => ({
  paymentNo: NO,
  amountFen: 4750,
  description: '电费 a=1&b=2',
  expiresAt: new Date(harness.now() + 5 * MINUTE),
  notifyUrl: harness.notifyUrl,
  terminalId: 'kiosk-1',
  ...changes,
});
const code = async (changes?: Partial<CreatePayment>): Promise<string> =>
  codeUrlOf(await harness.channel.create(request(changes)));
const query = (): ReturnType<typeof harness.channel.query> => harness.channel.query(NO);
const refund = { paymentNo: NO, refundNo: `${NO}r1`, refundFen: 4750, totalFen: 4750, reason: '退回' };
const today = (): string => new Date(harness.now() + 8 * 60 * MINUTE).toISOString().slice(0, 10);

describe('Bestpay of the sandbox', () => {
  it('tells a payment three times, five minutes apart, until the merchant says SUCCESS', async () => {
    harness.answerWith(500);
    await harness.pay(await code());
    for (const seconds of RETRY_SECONDS) await harness.advance(seconds * 1000);
    await harness.advance(DAY);
    const received = await harness.received();
    expect(received).toHaveLength(3);
    expect(harness.wallet.notifications('bestpay')).toMatchObject([{ status: 'given-up' }]);
    const ids = await Promise.all(
      received.map(async (each) => (await harness.channel.parseNotification(each.headers, each.rawBody)).id),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('ends with the merchant’s own words', async () => {
    await harness.pay(await code());
    await harness.advance(DAY);
    expect(await harness.received()).toHaveLength(1);
    expect(harness.channel.acknowledge(true).body).toBe('{"resultCode":"SUCCESS","resultMsg":"OK"}');
  });

  it('lets money arrive after the code has expired', async () => {
    harness.wallet.pay(await code(), 'late');
    await harness.advance(5 * MINUTE);
    expect(await query()).toEqual({ status: 'closed' });
    await harness.advance(5_000);
    expect(await query()).toMatchObject({ status: 'succeeded', amountFen: 4750 });
  });

  it('works on a refund as long as it is told to; the payment stays a success', async () => {
    await harness.pay(await code());
    harness.wallet.setFaults({ refundDelayMs: 60_000 }, 'bestpay');
    const sent = { status: 'sent', refundFen: 4750 };
    expect(await harness.channel.refund(refund)).toEqual(sent);
    expect(await harness.channel.queryRefund(refund.refundNo, NO)).toEqual(sent);
    await harness.advance(60_000);
    expect(await harness.channel.queryRefund(refund.refundNo, NO)).toEqual({ ...sent, status: 'done' });
    expect(await query()).toMatchObject({ status: 'succeeded', amountFen: 4750 });
  });

  it('refuses another amount under a refund’s number, and another transaction', async () => {
    await harness.pay(await code());
    await fails(harness.channel.refund({ ...refund, transactionId: '20260115000000000' }), 'payment.refused');
    await harness.channel.refund({ ...refund, refundFen: 1000 });
    await fails(harness.channel.refund(refund), 'payment.refused');
  });

  it('is down as a whole when it is told to be', async () => {
    harness.wallet.setFaults({ outage: true }, 'bestpay');
    await fails(query(), 'payment.unknown');
  });

  it('takes nothing that another merchant signed', async () => {
    const stranger = bestpayAt(harness.wallet.url, harness, { BESTPAY_INSTITUTION_CODE: '3178' });
    await fails(stranger.query(NO), 'payment.refused');
    const answered = await fetch(`${harness.wallet.url}/mapi/sdkRequest`, {
      method: 'POST',
      body: new URLSearchParams({ path: '/x', commonParams: '{}', bizContent: '{}', sign: 'AAAA' }),
    });
    expect(await answered.json()).toMatchObject({ success: false, errorCode: 'API100001' });
  });
});

describe('a server that was told nothing of its codes', () => {
  it('takes what it cannot read for unknown, never for "no money came"', async () => {
    const untold = bestpayAt(harness.wallet.url, harness, { BESTPAY_PROFILE: '{}' });
    await fails(untold.query(NO), 'payment.unknown');
    await code();
    expect(await untold.query(NO)).toEqual({ status: 'pending' });
    await fails(untold.create(request({ amountFen: 1 })), 'payment.unknown');
  });

  it('takes a status that it was not told for no answer', async () => {
    const profile = JSON.stringify({ ...SANDBOX_PROFILE, statuses: { pending: ['WAIT'] } });
    const other = bestpayAt(harness.wallet.url, harness, { BESTPAY_PROFILE: profile });
    await code();
    await fails(other.query(NO), 'payment.mismatch');
  });
});

describe('a bill of the sandbox', () => {
  it.each(['hash', 'totals'] as const)('whose %s is not its own is not taken', async (billFault) => {
    const day = today();
    await harness.pay(await code());
    harness.wallet.setFaults({ billsAtOnce: true, billFault }, 'bestpay');
    await fails(harness.channel.downloadBill(day), 'payment.mismatch');
    harness.wallet.setFaults({ billFault: 'none' }, 'bestpay');
    await (await harness.channel.downloadBill(day)).close();
  });

  it('lies as it is told to, and adds up all the same', async () => {
    const day = today();
    await harness.pay(await code());
    const lies = [
      { kind: 'amount', number: NO, fen: 1 } as const,
      { kind: 'stranger', number: NO, as: 'stranger0001' } as const,
    ];
    for (const [lie, fen] of lies.map((each, index) => [each, [4751, 9500][index]] as const)) {
      harness.wallet.setFaults({ billsAtOnce: true, billLies: [lie] }, 'bestpay');
      const bill = await harness.channel.downloadBill(day);
      expect(bill.totals.paidFen).toBe(fen);
      await bill.close();
    }
  });
});
