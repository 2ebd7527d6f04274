import { z } from 'zod';
import { day, format, month } from './books.ts';
import { CHANNELS } from './channels.ts';
import { orgId } from './org.ts';
import { timestamp } from './scalars.ts';

/** `agency`: the grid pays us for collecting. `commission`: we pay the organisation whose terminal sold. */
export const COMMISSION_KINDS = ['agency', 'commission'] as const;
export type CommissionKind = (typeof COMMISSION_KINDS)[number];

/** At most ten thousand yuan an order. */
const orderFen = z.int().min(0).max(1_000_000);

/** What is earned by each sale. Days are China's, both included. */
export const commissionTerms = z.strictObject({
  kind: z.enum(COMMISSION_KINDS),
  /** For sales of this organisation and of those below it that have no rule of their own. */
  org: orgId,
  /** How the order was paid; null: whichever way. */
  channel: z.enum([...CHANNELS, 'cash']).nullable(),
  from: day,
  /** The last day; null: until it is ended. */
  until: day.nullable(),
  perOrderFen: orderFen,
  /** Of the face value, in hundredths of a percent; half a fen counts as one. */
  basisPoints: z.int().min(0).max(10_000),
  leastFen: orderFen,
  mostFen: orderFen.nullable(),
});
export type CommissionTerms = z.infer<typeof commissionTerms>;

export const commissionRuleRequest = commissionTerms
  .extend({ reason: z.string().min(3).max(500) })
  .refine(({ from, until }) => until === null || from <= until, {
    error: 'must not be before `from`',
    path: ['until'],
  })
  .refine(({ leastFen, mostFen }) => mostFen === null || (mostFen > 0 && leastFen <= mostFen), {
    error: 'must be above zero and not less than `leastFen`',
    path: ['mostFen'],
  })
  .refine(({ perOrderFen, basisPoints, leastFen }) => perOrderFen + basisPoints + leastFen > 0, {
    error: 'must earn something',
    path: ['perOrderFen'],
  });
export type CommissionRuleRequest = z.infer<typeof commissionRuleRequest>;

const persons = z.object({
  maker: z.object({ id: z.string(), name: z.string() }),
  checker: z.object({ id: z.string(), name: z.string() }),
  at: timestamp,
});
export const adminCommissionRule = commissionTerms.extend({
  id: z.string(),
  made: persons,
  /** null: nobody ended it. */
  ended: persons.nullable(),
});
export type AdminCommissionRule = z.infer<typeof adminCommissionRule>;
export const commissionRuleList = z.object({ rules: z.array(adminCommissionRule) });
export const commissionRuleParam = z.strictObject({ id: z.uuid() });
/** `until`: the last day on which it holds. */
export const endCommissionRequest = z.strictObject({ until: day, reason: z.string().min(3).max(500) });

/** What an organisation earned in a month. */
export const commissionBillQuery = z.strictObject({ org: orgId, month, format });
