import { isBound, isHome } from './buyer.ts';
import type { Buyer } from './buyer.ts';
import type { Phase } from './state.ts';
import type { PurchaseView } from './view.ts';

type BuyerPhase = 'customer-no' | 'proof' | 'describing' | 'recalling' | 'who' | 'amount' | 'ordering';

/** Up to the order: who buys, and for how much. */
export function buyerView(phase: Extract<Phase, { name: BuyerPhase }>): PurchaseView {
  switch (phase.name) {
    case 'customer-no':
      return { screen: 'customer-no' };
    case 'proof':
    case 'describing':
      return {
        screen: 'proof',
        ending: phase.customerNo.slice(-4),
        fault: phase.name === 'proof' ? phase.fault : null,
        busy: phase.name === 'describing',
      };
    case 'recalling':
      return { screen: 'recalling' };
    case 'who':
      return { screen: 'who', household: phase.buyer.household, ...remote(phase.buyer) };
    case 'amount':
    case 'ordering':
      return {
        screen: 'amount',
        household: phase.buyer.household,
        limits: phase.buyer.limits,
        busyFen: phase.name === 'ordering' ? phase.faceFen : null,
        ...remote(phase.buyer),
        ...(isBound(phase.buyer) ? { bound: true } : {}),
      };
  }
}

/** Of one that buys without its card. */
export function remote(buyer: Buyer): { remote?: true } {
  return isHome(buyer) ? { remote: true } : {};
}
