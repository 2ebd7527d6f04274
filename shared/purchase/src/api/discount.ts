import { z } from 'zod';
import { adminApproval } from './approvals.ts';
import { discountNames } from './discount-names.ts';
import { orgId } from './org.ts';
import { fen, timestamp } from './scalars.ts';

/** `elderly`, `low-income`, … */
export const HOUSEHOLD_TAG = /^[a-z][a-z0-9-]{0,31}$/;
export const householdTag = z.string().regex(HOUSEHOLD_TAG, {
  error: 'must be 1 to 32 of a-z, 0-9, dash',
});
/** So many a household has at the most. */
export const MOST_TAGS = 8;
export const CUSTOMER_NO = /^[0-9A-Za-z]{1,20}$/;

/** At most nine tenths: what the payer pays is never nothing, and at least ¥1. */
export const discountOff = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), percent: z.int().min(1).max(90) }),
  z.strictObject({ kind: z.literal('fixed'), fen: fen.min(1) }),
]);

export const discountRuleRequest = z
  .strictObject({
    names: discountNames,
    /** The organisation that it is for, with all below it; null, and the province: every household. */
    community: orgId.nullable(),
    /** null: whatever tags a household has. */
    tag: householdTag.nullable(),
    from: timestamp,
    /** Not any more from here. */
    to: timestamp,
    off: discountOff,
    /** What one household can get in a calendar month. */
    capFen: fen.min(1),
    /** What the rule gives in all. */
    budgetFen: z.int().min(1).max(9_999_999_999),
    /** Who pays it: the ledger's account is `discount:` and this. */
    funder: z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, { error: 'must be 1 to 48 of a-z, 0-9, dash' }),
    reason: z.string().min(3).max(500),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    error: 'must be after `from`',
    path: ['to'],
  });
export type DiscountRuleRequest = z.infer<typeof discountRuleRequest>;

export const adminDiscount = z.object({
  id: z.string(),
  names: discountNames,
  status: z.enum(['proposed', 'active', 'paused']),
  /** An organisation; null: every household; of a rule from before they were chosen what was typed. */
  community: z.string().nullable(),
  tag: z.string().nullable(),
  /** Known households of the reader's scope that it is for, up to 101, which is more than a hundred; null: it is for every household. */
  households: z.int().nullable(),
  from: timestamp,
  to: timestamp,
  off: discountOff,
  capFen: z.int(),
  budgetFen: z.int(),
  /** Of the budget; the three add up to it once the rule is allowed. */
  leftFen: z.int(),
  heldFen: z.int(),
  spentFen: z.int(),
  funder: z.string(),
  createdBy: z.string(),
  createdAt: timestamp,
});
export type AdminDiscount = z.infer<typeof adminDiscount>;
export const discountList = z.object({ discounts: z.array(adminDiscount) });
export const discountParam = z.strictObject({ id: z.uuid() });
export const discountResponse = z.object({ discount: adminDiscount, approval: adminApproval });

/** A paused rule gives nothing more; what it gave stays. */
export const pauseDiscountRequest = z.strictObject({
  paused: z.boolean(),
  reason: z.string().min(3).max(500),
});

/** What is known of households for discounts; replaces what was known of the same ones. */
export const householdsRequest = z.strictObject({
  households: z
    .array(
      z.strictObject({
        customerNo: z.string().regex(CUSTOMER_NO),
        /** The organisation that it is of. */
        community: orgId,
        tags: z.array(householdTag).max(MOST_TAGS),
      }),
    )
    .min(1)
    .max(500),
  reason: z.string().min(3).max(500),
});
export type HouseholdsRequest = z.infer<typeof householdsRequest>;
