import { describe, expect, it } from 'vitest';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit } from './kit.ts';
import { RETURN, payerWhoConsents, pays } from './payer-phone.ts';

/** How a payer pays by a page inside the wallet. */
export function inWallet(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('the products', () => {
    const kit = paymentKit(start);
    const consented = () => payerWhoConsents(kit.harness);

    describe.runIf(nature.products.includes('in-wallet'))('a page inside the wallet', () => {
      it('learns who the payer is by a consent that comes back, by a code that works once', async () => {
        const { payerIdentity } = kit.harness.channel;
        const consent = payerIdentity?.consentUrl(RETURN, 'state1') ?? '';
        const { code, state, back } = await kit.harness.phone.consent(consent);
        expect([state, back]).toEqual(['state1', RETURN]);
        const payerId = await payerIdentity?.payerOf(code);
        expect(payerId).toMatch(/^[\w-]{10,128}$/u);
        await fails(payerIdentity?.payerOf(code) ?? Promise.resolve(), 'payment.refused');
        expect(await consented()).toBe(payerId);
      });

      it('pays by what the page invokes, known to the channel at once', async () => {
        const made = kit.request({ product: 'in-wallet', payerId: await consented() });
        const handle = await kit.harness.channel.create(made);
        expect(handle.kind).toBe('invoke');
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'pending' });
        await pays(kit, made, handle);
      });

      it('is refused without a payer', async () => {
        await fails(kit.harness.channel.create(kit.request({ product: 'in-wallet' })), 'payment.refused');
      });

      it('can be asked for again, and closed', async () => {
        const made = kit.request({ product: 'in-wallet', payerId: await consented() });
        await kit.harness.channel.create(made);
        const second = await kit.harness.channel.create(made);
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('closed');
        const code = await kit.harness.phone.codeOf(second);
        await expect(kit.harness.pay(code)).rejects.toThrow();
      });
    });
  });
}
