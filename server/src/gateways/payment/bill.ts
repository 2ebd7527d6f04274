import { createHash } from 'node:crypto';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { BillTotals, ChannelBill, ChannelBillRow } from './contract.ts';
import { PaymentError } from './error.ts';

/**
 * What a channel says about its own bill; what is absent, it does not say. Refunds are all that it lists, also those that it
 * could not make.
 */
export interface ToldTotals {
  readonly rows?: number;
  readonly payments?: number;
  readonly paidFen?: number;
  readonly refunds?: number;
  readonly refundedFen?: number;
  readonly feeMilliFen?: number;
}

export interface CheckedBillInit {
  readonly channel: Channel;
  readonly day: string;
  readonly sha256: string;
  /** Reads the kept file from its start; `payment.mismatch` where a row is not of a known form. */
  readonly rows: () => AsyncIterable<ChannelBillRow>;
  /** Asked after all rows were read, since most bills say it at their end. */
  readonly told: () => ToldTotals;
  readonly close: () => Promise<void>;
}

/** Reads a kept bill once and gives it only if its rows sum up to what it says. Closes it otherwise. */
export async function checkedBill(init: CheckedBillInit): Promise<ChannelBill> {
  const { channel, day, sha256, rows, close } = init;
  try {
    const { totals, listed } = await sum(rows());
    for (const [name, told] of Object.entries(init.told()) as [keyof ToldTotals, number | undefined][]) {
      if (told !== undefined && told !== listed[name]) throw billMismatch(channel, day, name);
    }
    return { day, sha256, totals, rows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The bill of a day on which nothing happened. */
export function emptyBill(day: string): ChannelBill {
  return {
    day,
    sha256: createHash('sha256').digest('hex'),
    totals: { payments: 0, paidFen: 0, refunds: 0, refundedFen: 0, feeFen: 0 },
    rows: async function* () {
      // Nothing happened.
    },
    close: () => Promise.resolve(),
  };
}

/** `what` names the total, the column or the hash that disagrees. */
export function billMismatch(channel: Channel, day: string, what: string): PaymentError {
  return new PaymentError({
    code: 'payment.mismatch',
    message: `The bill of ${day} is inconsistent. Nothing was taken from it; download it again.`,
    context: { channel, operation: 'bill', what },
  });
}

async function sum(
  rows: AsyncIterable<ChannelBillRow>,
): Promise<{ totals: BillTotals; listed: Required<ToldTotals> }> {
  let [payments, paidFen, feeMilliFen] = [0, 0, 0];
  const [all, made] = [
    { refunds: 0, refundedFen: 0 },
    { refunds: 0, refundedFen: 0 },
  ];
  for await (const row of rows) {
    feeMilliFen += row.feeMilliFen;
    if (row.kind === 'payment') {
      payments += 1;
      paidFen += row.fen;
      continue;
    }
    const goesBack = row.status === 'done' || row.status === 'sent';
    for (const sums of goesBack ? [all, made] : [all]) {
      sums.refunds += 1;
      sums.refundedFen += row.fen;
    }
  }
  const feeFen = Math.sign(feeMilliFen) * Math.round(Math.abs(feeMilliFen) / 1000);
  return {
    totals: { payments, paidFen, ...made, feeFen: feeFen || 0 },
    listed: { rows: payments + all.refunds, payments, paidFen, ...all, feeMilliFen },
  };
}
