import { expect, describe, it } from 'vitest';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { paymentKit } from './kit.ts';

/** A second phone on one payment: its money goes back, or it cannot pay. */
export function secondPayments(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('payments and refunds', () => {
    const kit = paymentKit(start);

    describe('a refund', () => {
      it.runIf(nature.takesTwice)('gives back the second of two transactions on one payment', async () => {
        const made = await kit.paid('twice');
        const notices = await kit.opened();
        const transactions = notices.map((each) => (each.kind === 'payment' ? each.transactionId : ''));
        expect(new Set(transactions).size).toBe(2);
        const funding = await kit.transactionOf(made.paymentNo);
        const extra = transactions.find((each) => each !== funding) ?? '';
        const refund = { paymentNo: made.paymentNo, refundFen: 5000, totalFen: 5000, reason: '重复付款退回' };
        await kit.harness.channel.refund({
          ...refund,
          refundNo: `${made.paymentNo}r1`,
          transactionId: extra,
        });
        await kit.harness.received();
        expect(await kit.harness.channel.queryRefund(`${made.paymentNo}r1`, made.paymentNo)).toMatchObject({
          status: 'done',
        });
        // The first one is untouched: all of it can still be given back.
        await kit.harness.channel.refund({
          ...refund,
          refundNo: `${made.paymentNo}r2`,
          transactionId: funding,
        });
      });

      it.skipIf(nature.takesTwice)('is never owed for a second phone, which cannot pay', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await expect(kit.harness.pay(codeUrl, 'twice')).rejects.toThrow();
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.opened()).toHaveLength(1);
      });
    });
  });
}
