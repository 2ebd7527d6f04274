import type { CommissionTerms } from '@bianmin/purchase/api/commission';
import type { DiscountRuleRequest } from '@bianmin/purchase/api/discount';
import { NORTH, PREFECTURE, SOUTH } from './month-world.ts';

const EACH = { channel: null, from: '2026-03-01', until: null, perOrderFen: 0, leastFen: 0, mostFen: null };

/** What the grid pays us until the middle of the month, and from then on. */
export const AGENCY = {
  ...{ ...EACH, kind: 'agency', org: 'province', basisPoints: 37, leastFen: 11, mostFen: 60 },
} as const satisfies CommissionTerms;
export const LATER_AGENCY = { ...AGENCY, from: '2026-03-16', basisPoints: 41 } as const;
export const LAST_OF_AGENCY = '2026-03-15';

/** What we pay communities, as it is agreed at the beginning. */
export const COMMISSIONS: readonly CommissionTerms[] = [
  { ...EACH, kind: 'commission', org: PREFECTURE, basisPoints: 75, perOrderFen: 3 },
  { ...EACH, kind: 'commission', org: NORTH, channel: 'cash', perOrderFen: 20, basisPoints: 0 },
  {
    ...{ ...EACH, kind: 'commission', org: NORTH, basisPoints: 125, leastFen: 90, mostFen: 200 },
    ...{ from: '2026-03-10', until: '2026-03-20' },
  },
];

/** All that held in the month, on the days on which it held. */
export const TERMS: readonly CommissionTerms[] = [
  { ...AGENCY, until: LAST_OF_AGENCY },
  LATER_AGENCY,
  ...COMMISSIONS,
];

const MONTHLY = { from: '2026-02-28T16:00:00Z', to: '2026-03-31T16:00:00Z', reason: 'Decided for March.' };

/** The first is paid in cash as well: what is left of it can be laid down in notes and coins. */
export const DISCOUNTS: readonly DiscountRuleRequest[] = [
  {
    names: { 'zh-CN': '春季优惠', ug: 'باھار', en: 'Spring' },
    ...{ ...MONTHLY, community: NORTH, tag: null, off: { kind: 'percent', percent: 10 } },
    ...{ capFen: 6_000, budgetFen: 9_000, funder: 'street-office' },
  },
  {
    names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار', en: 'Elderly' },
    ...{ ...MONTHLY, community: SOUTH, tag: 'elderly', off: { kind: 'percent', percent: 7 } },
    ...{ capFen: 3_777, budgetFen: 20_000, funder: 'elders-fund' },
  },
];
