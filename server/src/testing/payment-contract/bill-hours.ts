import { describe, expect, it } from 'vitest';
import type { PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit } from './kit.ts';
import { nextDayAt, today } from './bill-day.ts';

/** A day's bill is there from ten the next morning, and stays the same. */
export function billHours(start: () => Promise<PaymentHarness>): void {
  describe('the bill of a day', () => {
    const kit = paymentKit(start);

    it('says the same when it is downloaded again', async () => {
      const day = today(kit.harness);
      await kit.paid();
      await nextDayAt(kit.harness, 10);
      const [first, second] = [
        await kit.harness.channel.downloadBill(day),
        await kit.harness.channel.downloadBill(day),
      ];
      expect(second.sha256).toBe(first.sha256);
      await Promise.all([first.close(), second.close()]);
    });

    it('is not there before ten: unavailable', async () => {
      const day = today(kit.harness);
      await kit.paid();
      await nextDayAt(kit.harness, 9);
      await fails(kit.harness.channel.downloadBill(day), 'payment.unavailable');
    });
  });
}
