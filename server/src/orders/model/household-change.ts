/** What can happen to a household between its payment and its meter, as the grid tells it: 换表, 过户, 销户. */
const HOUSEHOLD_CHANGES = ['meter-changed', 'holder-changed', 'customer-closed'] as const;
export type HouseholdChange = (typeof HOUSEHOLD_CHANGES)[number];

export function isHouseholdChange(reason: string | undefined): reason is HouseholdChange {
  return HOUSEHOLD_CHANGES.some((each) => each === reason);
}
