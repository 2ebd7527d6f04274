import { expect, describe, it } from 'vitest';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit, refundOf } from './kit.ts';

/** Money that goes back, once under its number, as the channel notifies of it. */
export function refunds(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('payments and refunds', () => {
    const kit = paymentKit(start);

    describe('a refund', () => {
      it('is done at the latest when its time has come; the same number again gives nothing more', async () => {
        const made = await kit.paid();
        const refund = refundOf(made);
        expect(await kit.harness.channel.refund(refund)).toEqual({
          status: nature.refunds === 'later' ? 'sent' : 'done',
          refundFen: 5000,
        });
        await kit.harness.received();
        expect(await kit.harness.channel.refund(refund)).toEqual({ status: 'done', refundFen: 5000 });
        expect(await kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo)).toEqual({
          status: 'done',
          refundFen: 5000,
        });
        await fails(
          kit.harness.channel.refund({ ...refund, refundNo: `${made.paymentNo}r2` }),
          'payment.refused',
        );
        expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it.each(nature.refundOutcomes)('notifies that it is %s', async (outcome) => {
        const made = await kit.paid();
        kit.harness.refundsBecome(outcome);
        const refundNo = `${made.paymentNo}r1`;
        await kit.harness.channel.refund({
          paymentNo: made.paymentNo,
          refundNo,
          refundFen: 1200,
          totalFen: 5000,
          reason: '用户要求',
        });
        const notices = await kit.opened();
        expect(notices.at(-1)).toMatchObject({ kind: 'refund', refundNo, status: outcome });
        expect(await kit.harness.channel.queryRefund(refundNo, made.paymentNo)).toEqual({
          status: outcome,
          refundFen: 1200,
        });
      });
    });
  });
}
