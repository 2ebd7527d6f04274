import type { BoundHome, Buyer, KnownHome, PurchaseEffect } from './state.ts';

/** Whether this household buys without a card. */
export function isHome(buyer: Buyer): buyer is KnownHome | BoundHome {
  return !('cardSession' in buyer);
}

/** Whether its own box keeps this household. */
export function isBound(buyer: Buyer): buyer is BoundHome {
  return 'homeId' in buyer;
}

/** What proves to the server that this terminal may sell to the buyer. */
export function claimOf(buyer: Buyer): Extract<PurchaseEffect, { do: 'create-order' }>['of'] {
  if (isBound(buyer)) return { homeId: buyer.homeId };
  if (isHome(buyer)) return { customerNo: buyer.customerNo, proof: buyer.proof };
  return { cardSession: buyer.cardSession };
}
