import { expect, describe, it } from 'vitest';
import { codeUrlOf } from '../gateways/payment/handle.ts';
import type { CallFault, ChannelNature, PaymentHarness } from './payment-harness.ts';
import { fails, paymentKit, refundOf } from './payment-kit.ts';

/** How calls may fail, and that none of it moves money twice. */
export function failingCalls(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('a call that goes wrong', () => {
    const kit = paymentKit(start);

    const faults: CallFault[] = [
      'timeout-before',
      'timeout-after',
      'reset-before',
      'reset-after',
      'error-before',
      'error-after',
      'bad-signature',
      'unsigned',
      'unknown-key',
      'old-clock',
    ];
    const unproven = faults.filter((each) => !nature.noPlaceFor.includes(each));

    it.each(unproven)('create, %s: unknown; asking again under the same number settles it', async (fault) => {
      const made = kit.request();
      kit.harness.fail('create', fault);
      await fails(kit.harness.channel.create(made), 'payment.unknown');
      const isUnknown = fault.endsWith('-before') || !nature.knownBeforeScan;
      expect(await kit.harness.channel.query(made.paymentNo)).toEqual(
        isUnknown ? kit.notFound() : { status: 'pending' },
      );
      const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
      await kit.harness.pay(codeUrl);
      expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
    });

    it.each([...unproven, 'other-payment'] as const)(
      'refund, %s: unknown; the same number pays once',
      async (fault) => {
        const refund = refundOf(await kit.paid());
        kit.harness.fail('refund', fault);
        await fails(kit.harness.channel.refund(refund), 'payment.unknown');
        expect((await kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo)).status).toBe(
          fault.endsWith('-before') ? 'not-found' : 'done',
        );
        await kit.harness.channel.refund(refund);
        await kit.harness.received();
        expect(await kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo)).toEqual({
          status: 'done',
          refundFen: 5000,
        });
        await fails(
          kit.harness.channel.refund({ ...refund, refundNo: `${refund.paymentNo}r2`, refundFen: 1 }),
          'payment.refused',
        );
      },
    );

    it.each(['query', 'close', 'query-refund'] as const)('%s, timeout: unknown', async (operation) => {
      const made = await kit.paid();
      kit.harness.fail(operation, 'timeout-before');
      const call = {
        query: () => kit.harness.channel.query(made.paymentNo),
        close: () => kit.harness.channel.close(made.paymentNo),
        'query-refund': () => kit.harness.channel.queryRefund(`${made.paymentNo}r1`, made.paymentNo),
      }[operation];
      await fails(call(), 'payment.unknown');
    });

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

    it('nobody listens: unavailable', async () => {
      const nowhere = await kit.harness.unreachable();
      await fails(nowhere.create(kit.request()), 'payment.unavailable');
      await fails(nowhere.query('260115100000999999p1'), 'payment.unavailable');
    });
  });
}
