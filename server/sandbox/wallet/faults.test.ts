import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeUrlOf } from '../../src/gateways/payment/handle.ts';
import { startAlipay } from '../../src/testing/alipay-harness.ts';
import { startBestpay } from '../../src/testing/bestpay-harness.ts';
import type { WalletHarness } from '../../src/testing/wallet-harness.ts';
import { startWechat } from '../../src/testing/wechat-harness.ts';
import type { WalletName } from './model.ts';

const MINUTE = 60_000;
const AMOUNT = 4_750;

describe.each([
  ['wechat', startWechat],
  ['alipay', startAlipay],
  ['bestpay', startBestpay],
] as const)('at %s', (name: WalletName, start: () => Promise<WalletHarness>) => {
  let harness: WalletHarness;
  let made = 0;
  beforeEach(async () => {
    harness = await start();
  });
  afterEach(() => harness.close());

  async function offered(): Promise<{ paymentNo: string; codeUrl: string }> {
    made += 1;
    const paymentNo = `260115100000${String(made).padStart(6, '0')}p1`;
    const handle = await harness.channel.create({
      ...{ paymentNo, amountFen: AMOUNT, description: '电费 50.00 元' },
      expiresAt: new Date(harness.now() + 5 * MINUTE),
      ...{ notifyUrl: harness.notifyUrl, terminalId: 'kiosk-1' },
    });
    const codeUrl = codeUrlOf(handle);
    await harness.scan(codeUrl);
    return { paymentNo, codeUrl };
  }

  /** How many answers are being held back; a sandbox that holds none never gets there. */
  async function held(sleepers: number): Promise<void> {
    while (harness.clock.sleepers < sleepers) await turn();
  }

  it('a slow answer was true when the call was made, a slow call is worked on when its time has come', async () => {
    const { paymentNo, codeUrl } = await offered();
    const before = harness.clock.sleepers;
    harness.wallet.setFaults({ api: [{ on: 'query', kind: 'slow-after', delayMs: 4_000 }] }, name);
    const early = harness.channel.query(paymentNo);
    await held(before + 1);
    await harness.pay(codeUrl);
    await harness.advance(4_000);
    expect(await early).toEqual({ status: 'pending' });
    const other = await offered();
    const then = harness.clock.sleepers;
    harness.wallet.setFaults({ api: [{ on: 'query', kind: 'slow-before', delayMs: 4_000 }] }, name);
    const late = harness.channel.query(other.paymentNo);
    await held(then + 1);
    await harness.pay(other.codeUrl);
    await harness.advance(4_000);
    expect(await late).toMatchObject({ status: 'succeeded' });
  });

  it('a query that is behind knows nothing of the money, and only of the payment that is named', async () => {
    const [one, other] = [await offered(), await offered()];
    for (const { codeUrl } of [one, other]) await harness.pay(codeUrl);
    const about = other.paymentNo;
    harness.wallet.setFaults({ api: [{ on: 'query', kind: 'behind', about }] }, name);
    expect(await harness.channel.query(one.paymentNo)).toMatchObject({ status: 'succeeded' });
    expect(await harness.channel.query(other.paymentNo)).toEqual({ status: 'pending' });
    expect(await harness.channel.query(other.paymentNo)).toMatchObject({ status: 'succeeded' });
  });

  it('one refund takes as long as its knob says, and the next is as usual', async () => {
    const [one, other] = [await offered(), await offered()];
    for (const { codeUrl } of [one, other]) await harness.pay(codeUrl);
    const about = one.paymentNo;
    harness.wallet.setFaults({ refunds: [{ about, delayMs: 60 * MINUTE }] }, name);
    const refund = (paymentNo: string) =>
      harness.channel.refund({
        ...{ paymentNo, refundNo: `${paymentNo}r1`, refundFen: AMOUNT, totalFen: AMOUNT, reason: '退款' },
      });
    expect((await refund(one.paymentNo)).status).toBe('sent');
    await refund(other.paymentNo);
    await harness.advance(59 * MINUTE);
    const asked = ({ paymentNo }: typeof one) => harness.channel.queryRefund(`${paymentNo}r1`, paymentNo);
    expect(await asked(other)).toEqual({ status: 'done', refundFen: AMOUNT });
    expect((await asked(one)).status).not.toBe('done');
    await harness.advance(MINUTE);
    expect(await asked(one)).toEqual({ status: 'done', refundFen: AMOUNT });
  });

  it('a refund that falls short is so when it is done, and made good when it is asked for once more', async () => {
    const { paymentNo, codeUrl } = await offered();
    await harness.pay(codeUrl);
    harness.wallet.setFaults({ refunds: [{ delayMs: MINUTE, shortFen: 300 }] }, name);
    const refundNo = `${paymentNo}r1`;
    const request = { paymentNo, refundNo, refundFen: AMOUNT, totalFen: AMOUNT, reason: '退款' };
    expect(await harness.channel.refund(request)).toEqual({ status: 'sent', refundFen: AMOUNT });
    await harness.advance(MINUTE);
    expect(await harness.channel.queryRefund(refundNo, paymentNo)).toEqual({
      ...{ status: 'done', refundFen: AMOUNT - 300 },
    });
    expect(await harness.channel.refund(request)).toEqual({ status: 'done', refundFen: AMOUNT });
    expect(harness.wallet.payments(name)[0]?.transactions[0]?.refundedFen).toBe(AMOUNT);
  });
});
