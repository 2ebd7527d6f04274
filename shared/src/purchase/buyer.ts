import type { Buyer, KnownHome } from './state.ts';

/** Whether this household buys by its number, without a card. */
export function isHome(buyer: Buyer): buyer is KnownHome {
  return 'proof' in buyer;
}
