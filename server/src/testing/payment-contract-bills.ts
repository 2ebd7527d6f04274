import { describe, expect, it } from 'vitest';
import type { ChannelBill, ChannelBillRow } from '../gateways/payment/contract.ts';
import type { PaymentHarness } from './payment-harness.ts';
import { MINUTE, fails, paymentKit, refundOf } from './payment-kit.ts';

const HOUR = 60 * MINUTE;
const CHINA = 8 * HOUR;

const today = (harness: PaymentHarness): string => new Date(harness.now() + CHINA).toISOString().slice(0, 10);

/** A day's bill: there from ten the next morning, checked before it is read, and read as often as wanted. */
export function bills(start: () => Promise<PaymentHarness>): void {
  describe('the bill of a day', () => {
    const kit = paymentKit(start);

    /** To this hour of the next day in China. */
    const nextDayAt = async (hour: number): Promise<void> => {
      const now = kit.harness.now() + CHINA;
      await kit.harness.advance(24 * HOUR - (now % (24 * HOUR)) + hour * HOUR);
    };
    const rowsOf = async (bill: ChannelBill): Promise<ChannelBillRow[]> => {
      const rows: ChannelBillRow[] = [];
      for await (const row of bill.rows()) rows.push(row);
      return rows;
    };

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
      await nextDayAt(10);
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
      const fee = rows.reduce((sum, { feeMilliFen }) => sum + feeMilliFen, 0);
      expect(Math.round(fee / 1000)).toBe(bill.totals.feeFen);
      expect(await rowsOf(bill)).toEqual(rows);
      await bill.close();
    });

    it('says the same when it is downloaded again', async () => {
      const day = today(kit.harness);
      await kit.paid();
      await nextDayAt(10);
      const [first, second] = [
        await kit.harness.channel.downloadBill(day),
        await kit.harness.channel.downloadBill(day),
      ];
      expect(second.sha256).toBe(first.sha256);
      await Promise.all([first.close(), second.close()]);
    });

    it('is not there before ten: unavailable', async () => {
      const day = today(kit.harness);
      await kit.paid();
      await nextDayAt(9);
      await fails(kit.harness.channel.downloadBill(day), 'payment.unavailable');
    });

    // A channel that says "none" both for "not yet" and for "nothing" is believed a day later.
    it('is empty for a day on which nobody paid', async () => {
      const day = today(kit.harness);
      await nextDayAt(10);
      await nextDayAt(10);
      const bill = await kit.harness.channel.downloadBill(day);
      expect([bill.totals, await rowsOf(bill)]).toEqual([
        { payments: 0, paidFen: 0, refunds: 0, refundedFen: 0, feeFen: 0 },
        [],
      ]);
      await bill.close();
    });
  });
}

/** A merchant who gets no bills from the channel: it says so beforehand, and asks for none. */
export function noBills(start: () => Promise<PaymentHarness>): void {
  describe('the bill of a day that this merchant never gets', () => {
    const kit = paymentKit(start);

    it('is refused for good, not put off', async () => {
      for (const channel of [kit.harness.channel, await kit.harness.unreachable()]) {
        expect(channel.bills).toBe(false);
        await fails(channel.downloadBill(today(kit.harness)), 'payment.refused');
      }
    });
  });
}
