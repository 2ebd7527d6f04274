import { z } from 'zod';
import { fen } from './scalars.ts';

/** The grid's number of a month's bill. */
export const billNo = z.string().regex(/^[0-9A-Za-z-]{1,32}$/, { error: 'must be a bill’s number' });

/** YYYY-MM. */
export const billPeriod = z.string().regex(/^\d{4}-\d{2}$/);

/** A month that was used first and is to be paid now. */
const accountBill = z.object({
  billNo,
  period: billPeriod,
  /** What is left of it. */
  dueFen: fen,
  /** YYYY-MM-DD. */
  dueOn: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** A part of it may be paid, in whole yuan; otherwise all of it at once. */
  partly: z.boolean(),
});
export type AccountBill = z.infer<typeof accountBill>;

/** Whether electricity flows. */
export const supply = z.enum(['on', 'off']);

/** Of a household whose balance the electricity company keeps (远程费控), and of one that has bills to pay. */
export const accountFacts = {
  /** What is bought goes into the account: there is no card in it. Absent: onto the card, or to the meter. */
  delivery: z.literal('account').optional(),
  supply: supply.optional(),
  /** The oldest first. */
  bills: z.array(accountBill).optional(),
};
