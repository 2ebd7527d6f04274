import { expect, describe, it } from 'vitest';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { MINUTE, fails, paymentKit } from './kit.ts';

/** A payment from its code to its end. */
export function payments(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('payments and refunds', () => {
    const kit = paymentKit(start);

    describe('a payment', () => {
      it('is pending until it is paid, then succeeded with amount and time', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual(
          nature.knownBeforeScan ? { status: 'pending' } : kit.notFound(),
        );
        await kit.harness.scan(codeUrl);
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'pending' });
        await kit.harness.pay(codeUrl);
        const evidence = await kit.harness.channel.query(made.paymentNo);
        expect(evidence).toMatchObject({ status: 'succeeded', amountFen: 5000 });
        expect(evidence.status === 'succeeded' && evidence.paidAt.getTime()).toBe(
          Math.floor(kit.harness.now() / 1000) * 1000,
        );
      });

      it('gives another code when asked again with the same content', async () => {
        const made = kit.request();
        const first = codeUrlOf(await kit.harness.channel.create(made));
        const second = codeUrlOf(await kit.harness.channel.create(made));
        expect(second).not.toBe(first);
        await expect(kit.harness.pay(first)).rejects.toThrow();
        await kit.harness.pay(second);
        expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it('refuses other content under the same number', async () => {
        const made = kit.request();
        await kit.harness.scan(codeUrlOf(await kit.harness.channel.create(made)));
        await fails(kit.harness.channel.create({ ...made, amountFen: 6000 }), 'payment.refused');
      });

      it('takes a description of any length', async () => {
        await kit.harness.channel.create(kit.request({ description: '电'.repeat(126) + '😀'.repeat(20) }));
      });

      it('is not found before it was made', async () => {
        expect(await kit.harness.channel.query('260115100000999999p1')).toEqual(kit.notFound());
      });

      it('is closed by the channel when its code has expired', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await kit.harness.scan(codeUrl);
        await kit.harness.advance(5 * MINUTE);
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'closed' });
      });
    });
  });
}
