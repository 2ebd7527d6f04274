import { boughtOf } from './paid-view.ts';
import type { Phase } from './state.ts';
import type { PurchaseView } from './view.ts';

type CreditPhase = 'crediting' | 'credited' | 'credit-failed' | 'choosing' | 'bring-card';

/** What a household sees that bought without its card, or whose credit failed. */
export function creditView(phase: Extract<Phase, { name: CreditPhase }>): PurchaseView {
  const { orderNo, state, faceFen, paidFen, receiptCode, credit, choices } = phase.order;
  switch (phase.name) {
    case 'crediting': {
      const asks = state === 'paid' || state === 'grid-silent' ? 'grid' : 'meter';
      const slow = phase.slow || state === 'grid-silent' || credit?.status === 'unknown';
      return { screen: 'crediting', orderNo, paidFen, receiptCode, asks, slow };
    }
    case 'credited':
      return { screen: 'credited', ...boughtOf(phase.order), balanceFen: credit?.balanceFen ?? null };
    case 'credit-failed':
    case 'choosing': {
      const chosen = phase.name === 'choosing' ? phase.choice : null;
      return { screen: 'credit-failed', orderNo, paidFen, offers: phase.offers, chosen };
    }
    case 'bring-card':
      return { screen: 'bring-card', orderNo, faceFen, mayRefund: choices?.includes('refund') ?? false };
  }
}
