import { expect, describe, it } from 'vitest';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { MINUTE, fails, failure, paymentKit } from './kit.ts';

/** Closing a payment, also one whose code was not scanned, and that no error tells what could pay it. */
export function closing(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('payments and refunds', () => {
    const kit = paymentKit(start);

    describe.runIf(!nature.knownBeforeScan)('a payment whose code was not scanned', () => {
      it('is not found, cannot be closed, and cannot be paid once it has expired', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await fails(kit.harness.channel.close(made.paymentNo), 'payment.refused');
        await kit.harness.advance(5 * MINUTE);
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual(kit.notFound());
      });
    });

    describe('closing', () => {
      it('ends an unpaid payment, and says the same when asked again', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await kit.harness.scan(codeUrl);
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('closed');
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('closed');
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'closed' });
      });

      it('leaves a paid payment as it is', async () => {
        const made = await kit.paid();
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('paid');
        expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it('is refused for a number that the channel does not know', async () => {
        await fails(kit.harness.channel.close('260115100000999999p1'), 'payment.refused');
      });
    });

    it('never names a secret or a code in an error', async () => {
      const made = kit.request();
      const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
      await kit.harness.scan(codeUrl);
      const error = await failure(kit.harness.channel.create({ ...made, amountFen: 1 }));
      const told = JSON.stringify({ message: error.message, context: error.context });
      expect(told).not.toContain(codeUrl);
      expect(told).not.toContain(made.notifyUrl);
      expect(told).not.toMatch(/WECHATPAY2|BEGIN|signature=/);
    });
  });
}
