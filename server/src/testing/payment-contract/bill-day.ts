import type { ChannelBill, ChannelBillRow } from '../../gateways/payment/contract.ts';
import type { PaymentHarness } from '../payment-harness.ts';
import { MINUTE } from './kit.ts';

const HOUR = 60 * MINUTE;
const CHINA = 8 * HOUR;

/** The harness's day in China, `YYYY-MM-DD`. */
export const today = (harness: PaymentHarness): string =>
  new Date(harness.now() + CHINA).toISOString().slice(0, 10);

/** To this hour of the next day in China. */
export async function nextDayAt(harness: PaymentHarness, hour: number): Promise<void> {
  const now = harness.now() + CHINA;
  await harness.advance(24 * HOUR - (now % (24 * HOUR)) + hour * HOUR);
}

/** All rows of a bill. */
export async function rowsOf(bill: ChannelBill): Promise<ChannelBillRow[]> {
  const rows: ChannelBillRow[] = [];
  for await (const row of bill.rows()) rows.push(row);
  return rows;
}
