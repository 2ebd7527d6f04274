import { describe, expect, it } from 'vitest';
import type { PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit } from './kit.ts';
import { today } from './bill-day.ts';

/** A merchant who gets no bills from the channel: it says so beforehand, and asks for none. */
export function noBills(start: () => Promise<PaymentHarness>): void {
  describe('the bill of a day that this merchant never gets', () => {
    const kit = paymentKit(start);

    it('is refused for good, not put off', async () => {
      for (const channel of [kit.harness.channel, await kit.harness.unreachable()]) {
        expect(channel.bills).toBe(false);
        await fails(channel.downloadBill(today(kit.harness)), 'payment.refused');
      }
    });
  });
}
