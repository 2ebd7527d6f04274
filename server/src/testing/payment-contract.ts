import { describe } from 'vitest';
import { billHours } from './payment-contract/bill-hours.ts';
import { bills } from './payment-contract/bills.ts';
import { closing } from './payment-contract/closing.ts';
import { inWallet } from './payment-contract/in-wallet.ts';
import { noBills } from './payment-contract/no-bills.ts';
import { notifications } from './payment-contract/notifications.ts';
import { payments } from './payment-contract/payments.ts';
import { products } from './payment-contract/products.ts';
import { refundBounds } from './payment-contract/refund-bounds.ts';
import { refunds } from './payment-contract/refunds.ts';
import { refusedCalls } from './payment-contract/refused-calls.ts';
import { refusedNotifications } from './payment-contract/refused-notifications.ts';
import { secondPayments } from './payment-contract/second-payments.ts';
import { unprovenCalls } from './payment-contract/unproven-calls.ts';
import { TYPICAL, type ChannelNature, type PaymentHarness } from './payment-harness.ts';

/** The suite that each payment channel's adapter passes. */
export function paymentContract(
  name: string,
  start: () => Promise<PaymentHarness>,
  nature: ChannelNature = TYPICAL,
): void {
  describe(`${name} keeps the payment channel's contract`, () => {
    payments(start, nature);
    closing(start, nature);
    refunds(start, nature);
    secondPayments(start, nature);
    refundBounds(start);
    unprovenCalls(start, nature);
    refusedCalls(start);
    notifications(start, nature);
    refusedNotifications(start, nature);
    products(start, nature);
    inWallet(start, nature);
    for (const subject of nature.bills ? [bills, billHours] : [noBills]) subject(start);
  });
}
