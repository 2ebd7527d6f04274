import { expect, describe, it } from 'vitest';
import type { PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit } from './kit.ts';

/** A refund is never beyond what was paid. */
export function refundBounds(start: () => Promise<PaymentHarness>): void {
  describe('payments and refunds', () => {
    const kit = paymentKit(start);

    describe('a refund', () => {
      it('is refused beyond what was paid, for the unpaid and for the unknown', async () => {
        const made = await kit.paid();
        const refund = { paymentNo: made.paymentNo, totalFen: 5000, reason: '用户要求' };
        await kit.harness.channel.refund({ ...refund, refundNo: `${made.paymentNo}r1`, refundFen: 3000 });
        await fails(
          kit.harness.channel.refund({ ...refund, refundNo: `${made.paymentNo}r2`, refundFen: 2001 }),
          'payment.refused',
        );
        const unpaid = kit.request();
        await kit.harness.channel.create(unpaid);
        await fails(
          kit.harness.channel.refund({
            ...refund,
            paymentNo: unpaid.paymentNo,
            refundNo: 'unpaid0001r1',
            refundFen: 1,
          }),
          'payment.refused',
        );
        expect(await kit.harness.channel.queryRefund('unpaid0001r1', 'unpaid0001')).toEqual({
          status: 'not-found',
        });
      });
    });
  });
}
