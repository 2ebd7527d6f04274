import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAlipay } from '../../../testing/alipay-harness.ts';
import { MINUTE, fails } from '../../../testing/payment-contract/kit.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import { codeUrlOf } from '../handle.ts';

const DAY = 24 * 60 * MINUTE;
let harness: WalletHarness;
beforeEach(async () => {
  harness = await startAlipay();
});
afterEach(() => harness.close());

const today = (): string => new Date(harness.now() + 8 * 60 * MINUTE).toISOString().slice(0, 10);

/** Moves to this hour of the day after `day`, or of a later one. */
async function toHour(day: string, hour: number, later = 1): Promise<void> {
  const at = Date.parse(`${day}T00:00:00+08:00`) + later * DAY + hour * 60 * MINUTE;
  await harness.advance(at - harness.now());
}

async function bought(paymentNo: string): Promise<void> {
  const handle = await harness.channel.create({
    paymentNo,
    amountFen: 4750,
    description: '电费, 50.00 元',
    expiresAt: new Date(harness.now() + 5 * MINUTE),
    notifyUrl: harness.notifyUrl,
    terminalId: 'kiosk-1',
  });
  await harness.pay(codeUrlOf(handle));
}

describe('a day’s bill of Alipay', () => {
  it('gives payments and refunds with their fees, and sums up to its own summary', async () => {
    const [first, second] = ['260115100000000001p1', '260115100000000002p1'];
    await bought(first);
    await bought(second);
    const refund = { paymentNo: first, refundNo: `${first}r1`, totalFen: 4750, reason: '部分退回' };
    await harness.channel.refund({ ...refund, refundFen: 1250 });
    const day = today();
    await toHour(day, 10);
    const bill = await harness.channel.downloadBill(day);
    expect(bill.totals).toEqual({
      payments: 2,
      paidFen: 9500,
      refunds: 1,
      refundedFen: 1250,
      feeFen: 50,
    });
    const rows = [];
    for await (const row of bill.rows()) rows.push(row);
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual(
      expect.objectContaining({ kind: 'payment', paymentNo: second, fen: 4750, feeMilliFen: 29_000 }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({
        kind: 'refund',
        paymentNo: first,
        refundNo: `${first}r1`,
        fen: 1250,
        feeMilliFen: -8_000,
        status: 'done',
      }),
    );
    expect((await harness.channel.downloadBill(day)).sha256).toBe(bill.sha256);
    await bill.close();
  });

  it('is not there before 10:00 of the next day, nor on the day itself', async () => {
    await bought('260115100000000001p1');
    const day = today();
    await fails(harness.channel.downloadBill(day), 'payment.unavailable');
    await fails(harness.channel.downloadBill('2026-1-1'), 'payment.refused');
    await toHour(day, 9);
    await fails(harness.channel.downloadBill(day), 'payment.unavailable');
    await toHour(day, 10);
    await (await harness.channel.downloadBill(day)).close();
  });

  it('of a quiet day is empty, once it is sure that none is coming', async () => {
    const day = today();
    await toHour(day, 12);
    await fails(harness.channel.downloadBill(day), 'payment.unavailable');
    await toHour(day, 10, 2);
    expect((await harness.channel.downloadBill(day)).totals.payments).toBe(0);
  });
});
