import { z } from 'zod';

/** Why an order got no discount, from what is furthest from one to what is nearest. */
export const NO_DISCOUNT = [
  /** No rule is in force: none there, not allowed, paused or over. */
  'no-rule',
  'not-begun',
  /** Rules are for some organisations or tags, and nothing is known of the household. */
  'household-unknown',
  /** The household is of another organisation. */
  'elsewhere',
  'tag-missing',
  /** The payer pays ¥1 at least, and a part of so little is nothing. */
  'too-small',
  'budget-spent',
  'cap-spent',
] as const;
export const noDiscount = z.enum(NO_DISCOUNT);
export type NoDiscount = z.infer<typeof noDiscount>;
