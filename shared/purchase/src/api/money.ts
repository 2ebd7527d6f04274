import { z } from 'zod';
import { day, month, reconciledDay } from './books.ts';
import { CHANNELS } from './channels.ts';
import { orderNo, timestamp, words } from './scalars.ts';

/** More than one order's `fen` holds. */
const sum = z.int();

/** Yesterday in China where no day is named: the last one that is over. */
export const moneyQuery = z.strictObject({ day: day.optional() });

/** What the bank sent. */
const sent = { fen: sum, reference: z.string(), paidOn: day };

/**
 * Beside its own paper: `even`; another sum, which midnight, two persons or a case explain (`explained`) or nothing does
 * (`differs`); `without-bill`: it has none; `not-yet`: the day was not compared.
 */
const compared = z.enum(['even', 'explained', 'differs', 'without-bill', 'not-yet']);
export type Compared = z.infer<typeof compared>;

/** One day of all money, by the ledger. Amounts in fen; each sum is that of the lines which `moneyLines` lists. */
export const moneyDay = z.object({
  day,
  /** Of a day that goes on more may come. */
  over: z.boolean(),
  reconciled: reconciledDay.pick({ state: true, stale: true, counts: true }),
  grid: z.object({
    grid: z.string(),
    sales: z.int(),
    undone: z.int(),
    /** For meters and accounts, arrears and fees: the three are what is owed for the day. */
    creditFen: sum,
    arrearsFen: sum,
    feeFen: sum,
    owedFen: sum,
    /** Of that, what the grid took from our deposit. */
    drawnFen: sum,
    /**
     * What is still to be paid. Of a transfer that was less than its days come to the oldest days are paid first; nothing is missing
     * once two persons settled that.
     */
    toPayFen: sum,
    /** The bank transfer that paid the day with others, and what was sent later of it; null: none did. */
    transfer: z.object({ from: day, to: day, ...sent, rests: z.array(z.object(sent)) }).nullable(),
    compared,
  }),
  /** As it is now, whatever the day. */
  deposit: z.object({
    /** Null: the grid does not say. */
    availableFen: sum.nullable(),
    asOf: timestamp.nullable(),
    daysLeft: z.number().nullable(),
  }),
  channels: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      payments: z.int(),
      paidFen: sum,
      refunds: z.int(),
      refundedFen: sum,
      /** What the channel kept, by its bill: nothing before that is there. */
      feeFen: sum,
      /** What two persons settled. */
      settledFen: sum,
      /** What the channel owes us for the day. */
      netFen: sum,
      compared,
    }),
  ),
  floats: z.array(
    z.object({
      float: z.string(),
      name: z.string(),
      payments: z.int(),
      takenFen: sum,
      givenBackFen: sum,
      toppedUpFen: sum,
      /** What two persons settled. */
      settledFen: sum,
    }),
  ),
  /** Who pays what of households' electricity. */
  discounts: z.array(z.object({ funder: z.string(), fen: sum })),
  /** Payers' money that came and was not sold or given back by the day's end; below zero: more of earlier days' was. */
  heldFen: sum,
  /** On its way back to payers. */
  refundableFen: sum,
  /** Any other account of the books on which something moved. */
  others: z.array(z.object({ account: z.string(), fen: sum })),
});
export type MoneyDay = z.infer<typeof moneyDay>;

/** An account's name as the books have it, such as `grid:collection-v1:credit`. */
const ACCOUNT = '[a-z]+(?::[A-Za-z0-9_.-]{1,48}){0,3}';

/** What a sum is made of: the postings of a day on these accounts, in the order of their numbers. */
export const moneyLinesQuery = z.strictObject({
  day,
  /** One to four accounts, with commas between. */
  accounts: z.string().regex(new RegExp(`^${ACCOUNT}(?:,${ACCOUNT}){0,3}$`), { error: 'must be accounts' }),
  /** The page after the one that ended with this line. */
  after: z
    .string()
    .regex(/^[^|]{1,100}\|\d{1,9}\|[^|]{1,32}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const moneyLine = z.object({
  id: z.string(),
  /** Null: it is no order's, but a bill's, a case's or a top-up's. */
  orderNo: orderNo.nullable(),
  source: z.string(),
  /** The event that made it, such as `sale.sold`. */
  name: z.string(),
  at: timestamp,
  /** By account, debits above zero; those on which it did nothing are left out. */
  legs: z.array(z.object({ account: z.string(), fen: sum })),
});
export type MoneyLine = z.infer<typeof moneyLine>;
export const moneyLines = z.object({ lines: z.array(moneyLine), next: z.string().nullable() });
export type MoneyLines = z.infer<typeof moneyLines>;

export const moneyMonthQuery = z.strictObject({ month });
/** A month of days as they were compared last; null: it was not compared. */
export const moneyMonth = z.object({
  /** The first day that was ever compared or booked, of any month; null: none was. Before it there is nothing to compare. */
  firstDay: reconciledDay.shape.day.nullable(),
  days: z.array(
    z.object({
      ...reconciledDay.pick({ day: true, state: true, stale: true }).shape,
      owedFen: sum.nullable(),
      channelsFen: sum.nullable(),
      feeFen: sum.nullable(),
      /** Differences of the day, cases each. */
      differences: z.int(),
    }),
  ),
});
export type MoneyMonth = z.infer<typeof moneyMonth>;

/** The name of the setting that says through whose hands money goes. */
export const FUND_FLOWS_SETTING = 'FUND_FLOWS';
const flow = z.strictObject({
  /** Who takes the money by contract with the channel (收单商户). */
  merchantOfRecord: words(1, 80),
  /** Where it is settled to, as people know it: a bank and the last digits. */
  account: words(1, 80),
  /** The licensed institution that moves it. */
  licensedParty: words(1, 80),
});
/** As configured. Commissions are `invoiced`, or `split` by the licensed channel: never paid out of others' money. */
export const fundFlows = z.strictObject({
  commissions: z.enum(['invoiced', 'split']),
  channels: z.partialRecord(z.enum([...CHANNELS, 'cash']), flow),
});
export type FundFlows = z.infer<typeof fundFlows>;

/** Through whose hands money goes; null: it is not configured. */
export const moneyFlows = z.object({ setting: z.string(), flows: fundFlows.nullable() });
export type MoneyFlows = z.infer<typeof moneyFlows>;
