import { describe, expect, it } from 'vitest';
import type { CreatePayment, PaymentHandle } from '../gateways/payment/contract.ts';
import type { ChannelNature, PaymentHarness } from './payment-harness.ts';
import { fails, paymentKit } from './payment-kit.ts';

const RETURN = 'https://example.com/p/token';

/** How a payer whose phone is already in the hand pays: by a page inside the wallet, or from a browser. */
export function products(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('the products', () => {
    const kit = paymentKit(start);

    it('are those that the merchant has', () => {
      expect([...kit.harness.channel.products].toSorted()).toEqual([...nature.products].toSorted());
    });

    const pays = async (made: CreatePayment, handle: PaymentHandle): Promise<void> => {
      await kit.harness.pay(await kit.harness.phone.codeOf(handle));
      expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({
        status: 'succeeded',
        amountFen: made.amountFen,
      });
      expect(await kit.opened()).toMatchObject([{ kind: 'payment', paymentNo: made.paymentNo }]);
    };

    const consented = async (): Promise<string> => {
      const { payerIdentity } = kit.harness.channel;
      const { code } = await kit.harness.phone.consent(payerIdentity?.consentUrl(RETURN, 'state1') ?? '');
      return (await payerIdentity?.payerOf(code)) ?? '';
    };

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
        await pays(made, handle);
      });

      it('is refused for nobody', async () => {
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

    describe.runIf(nature.products.includes('browser'))("a page in a phone's browser", () => {
      it('is sent to the wallet, pays there, and comes back where the wallet can', async () => {
        const made = kit.request({ product: 'browser', payerIp: '203.0.113.7', returnUrl: RETURN });
        const handle = await kit.harness.channel.create(made);
        expect(handle).toMatchObject({
          kind: 'redirect',
          url: expect.stringContaining(nature.returns ? encodeURIComponent(RETURN) : '://') as string,
        });
        await pays(made, handle);
      });
    });
  });
}
