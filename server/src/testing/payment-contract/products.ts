import { describe, expect, it } from 'vitest';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { paymentKit } from './kit.ts';
import { RETURN, pays } from './payer-phone.ts';

/** What the merchant has of them, and how a payer pays from a browser of the phone. */
export function products(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('the products', () => {
    const kit = paymentKit(start);

    it('are those that the merchant has', () => {
      expect([...kit.harness.channel.products].toSorted()).toEqual([...nature.products].toSorted());
    });

    describe.runIf(nature.products.includes('browser'))("a page in a phone's browser", () => {
      it('is sent to the wallet, pays there, and comes back where the wallet can', async () => {
        const made = kit.request({ product: 'browser', payerIp: '203.0.113.7', returnUrl: RETURN });
        const handle = await kit.harness.channel.create(made);
        expect(handle).toMatchObject({
          kind: 'redirect',
          url: expect.stringContaining(nature.returns ? encodeURIComponent(RETURN) : '://') as string,
        });
        await pays(kit, made, handle);
      });
    });
  });
}
