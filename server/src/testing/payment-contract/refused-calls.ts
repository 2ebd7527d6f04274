import { expect, describe, it } from 'vitest';
import type { PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit, refundOf } from './kit.ts';

/** Calls whose answer is about something else, or that the channel cannot serve now. */
export function refusedCalls(start: () => Promise<PaymentHarness>): void {
  describe('a call that goes wrong', () => {
    const kit = paymentKit(start);

    it('query, signed but about another payment: mismatch', async () => {
      const made = await kit.paid();
      kit.harness.fail('query', 'other-payment');
      await fails(kit.harness.channel.query(made.paymentNo), 'payment.mismatch');
    });

    it('query of a refund, signed but about another refund: mismatch', async () => {
      const refund = refundOf(await kit.paid());
      await kit.harness.channel.refund(refund);
      kit.harness.fail('query-refund', 'other-payment');
      await fails(kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo), 'payment.mismatch');
    });

    it('refund on an empty account: unavailable; the same number later pays', async () => {
      const refund = refundOf(await kit.paid());
      kit.harness.fail('refund', 'poor');
      await fails(kit.harness.channel.refund(refund), 'payment.unavailable');
      expect(await kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo)).toEqual({
        status: 'not-found',
      });
      await kit.harness.channel.refund(refund);
      await kit.harness.received();
      expect(await kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo)).toEqual({
        status: 'done',
        refundFen: 5000,
      });
    });

    it('busy: unavailable, for nothing was done', async () => {
      const made = kit.request();
      kit.harness.fail('create', 'busy');
      await fails(kit.harness.channel.create(made), 'payment.unavailable');
      expect(await kit.harness.channel.query(made.paymentNo)).toEqual(kit.notFound());
    });

    it('nothing listens: unavailable', async () => {
      const nowhere = await kit.harness.unreachable();
      await fails(nowhere.create(kit.request()), 'payment.unavailable');
      await fails(nowhere.query('260115100000999999p1'), 'payment.unavailable');
    });
  });
}
