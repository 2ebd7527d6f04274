import { expect, describe, it } from 'vitest';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { CallFault, ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit, refundOf } from './kit.ts';

/** Faults after which nothing is proven. */
const FAULTS: readonly CallFault[] = [
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

/** Calls without a proven answer: unknown, and none of it moves money twice. */
export function unprovenCalls(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('a call that goes wrong', () => {
    const kit = paymentKit(start);
    const unproven = FAULTS.filter((each) => !nature.noPlaceFor.includes(each));

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
  });
}
