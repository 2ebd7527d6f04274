import { inNotes } from '../../kernel/cash.ts';
import type { OrderDiscount } from '../../orders/model/discount-source.ts';

/** What the payer pays at least, in fen: a discount never makes a purchase free, since no channel takes nothing. */
const MIN_PAID_FEN = 100;

type DiscountOff =
  { readonly kind: 'percent'; readonly percent: number } | { readonly kind: 'fixed'; readonly fen: number };

/** A discount (社区优惠): for whom, when, how much, up to what, and who pays. */
export interface DiscountRule {
  readonly _id: string;
  readonly names: OrderDiscount['names'];
  /** `proposed`: a second person has not allowed it. */
  readonly status: 'proposed' | 'active' | 'paused';
  /** The organisation that it is for, with all below it; null: every household. From before they were chosen: a typed name. */
  readonly community: string | null;
  /** null: whatever tags a household has. */
  readonly tag: string | null;
  readonly from: Date;
  /** Not any more from here. */
  readonly to: Date;
  readonly off: DiscountOff;
  /** What one household can get in a month of Beijing's calendar, fen. */
  readonly capFen: number;
  /** What the rule gives in all, fen. */
  readonly budgetFen: number;
  readonly funder: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** What is known of a household for discounts, by a keyed digest of its customer number. */
export interface KnownHousehold {
  readonly _id: string;
  /** The organisation that it is of; from before they were chosen: a typed name. */
  readonly community: string;
  readonly tags: readonly string[];
  /** When it was allowed that this be said of it: nothing that was allowed earlier takes its place. Absent: before that was kept. */
  readonly since?: Date;
}

/** One with its place in the tree as that is now. */
export interface Household extends KnownHousehold {
  /** From the province down to its organisation; of one that is not in the tree its name alone. */
  readonly orgPath: readonly string[];
}

/** What the rule would give, in whole jiao, before its cap and budget are looked at; 0 where it is not for this purchase. Pure. */
export function offeredFen(
  rule: DiscountRule,
  init: { household: Household | null; faceFen: number; now: Date },
): number {
  const { household, faceFen, now } = init;
  if (rule.status !== 'active' || now < rule.from || now >= rule.to) return 0;
  if (rule.community !== null && household?.orgPath.includes(rule.community) !== true) return 0;
  if (rule.tag !== null && household?.tags.includes(rule.tag) !== true) return 0;
  const { off } = rule;
  const fen = off.kind === 'fixed' ? off.fen : Math.floor((faceFen * off.percent) / 100);
  return inNotes(Math.max(0, Math.min(fen, faceFen - MIN_PAID_FEN)));
}
