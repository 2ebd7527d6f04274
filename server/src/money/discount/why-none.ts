import { NO_DISCOUNT, type NoDiscount } from '@bianmin/purchase/api/no-discount';
import { offeredFen, type DiscountRule, type Household } from './rule.ts';

/** What is bought, by whom and when. */
interface Purchase {
  readonly household: Household | null;
  readonly faceFen: number;
  readonly now: Date;
}

/** Why a rule in force is not for this purchase, whatever its budget and cap have left; undefined: it is for it. Pure. */
export function refusal(rule: DiscountRule, purchase: Purchase): NoDiscount | undefined {
  const { household, now } = purchase;
  const { community, tag } = rule;
  if (now < rule.from) return 'not-begun';
  if (household === null && (community !== null || tag !== null)) return 'household-unknown';
  if (community !== null && household?.orgPath.includes(community) !== true) return 'elsewhere';
  if (tag !== null && household?.tags.includes(tag) !== true) return 'tag-missing';
  return offeredFen(rule, purchase) === 0 ? 'too-small' : undefined;
}

/** Of the reasons why rules give nothing that of the one which comes nearest; undefined where one would have given something. Pure. */
export function nearest(whys: readonly (NoDiscount | 'raced')[]): NoDiscount | undefined {
  return whys.includes('raced') ? undefined : NO_DISCOUNT.findLast((each) => whys.includes(each));
}
