import { describe, expect, it } from 'vitest';
import type { PaymentHarness } from '../payment-harness.ts';
import { feeFenOf } from '../bill-fee.ts';
import { paymentKit, refundOf } from './kit.ts';
import { nextDayAt, rowsOf, today } from './bill-day.ts';

/** What a day's bill says, and that it can be read as often as wanted. */
export function bills(start: () => Promise<PaymentHarness>): void {
  describe('the bill of a day', () => {
    const kit = paymentKit(start);

    it('can be had', () => {
      expect(kit.harness.channel.bills).toBe(true);
    });

    it('lists what was paid and given back, in fen, and adds up', async () => {
      const day = today(kit.harness);
      const made = await kit.paid();
      const other = await kit.paid();
      const refund = { ...refundOf(made), refundFen: 1250 };
      await kit.harness.channel.refund(refund);
      await kit.harness.received();
      const transactionId = await kit.transactionOf(made.paymentNo);
      await nextDayAt(kit.harness, 10);
      const bill = await kit.harness.channel.downloadBill(day);
      expect(bill.day).toBe(day);
      expect(bill.sha256).toMatch(/^[0-9a-f]{64}$/u);
      expect(bill.totals).toMatchObject({ payments: 2, paidFen: 10_000, refunds: 1, refundedFen: 1250 });
      const rows = await rowsOf(bill);
      expect(rows).toMatchObject([
        { kind: 'payment', paymentNo: made.paymentNo, transactionId, fen: 5000 },
        { kind: 'payment', paymentNo: other.paymentNo, fen: 5000 },
        { kind: 'refund', paymentNo: made.paymentNo, refundNo: refund.refundNo, transactionId, fen: 1250 },
      ]);
      expect(feeFenOf(rows)).toBe(bill.totals.feeFen);
      expect(await rowsOf(bill)).toEqual(rows);
      await bill.close();
    });

    // A channel that says "none" both for "not yet" and for "nothing" is believed a day later.
    it('is empty for a day without payments', async () => {
      const day = today(kit.harness);
      await nextDayAt(kit.harness, 10);
      await nextDayAt(kit.harness, 10);
      const bill = await kit.harness.channel.downloadBill(day);
      expect([bill.totals, await rowsOf(bill)]).toEqual([
        { payments: 0, paidFen: 0, refunds: 0, refundedFen: 0, feeFen: 0 },
        [],
      ]);
      await bill.close();
    });
  });
}
