import type { Household } from '@bianmin/purchase/purchase/view/household';

/** What a household's balance is called: where it is, and whether it was read just now. */
export function balanceKey({ isAccount, isLive }: Pick<Household, 'isAccount' | 'isLive'>) {
  if (isAccount) return 'account.balance';
  return isLive ? 'who.balanceNow' : 'who.balance';
}
