import type { OrderView } from '../api/order.ts';
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
      return { screen: 'crediting', orderNo, paidFen, receiptCode, asks, slow, ...accountOf(phase.order) };
    }
    case 'credited':
      return {
        ...{ screen: 'credited', ...boughtOf(phase.order), balanceFen: credit?.balanceFen ?? null },
        ...accountOf(phase.order),
        ...supplyOf(phase.order),
      };
    case 'credit-failed':
    case 'choosing': {
      const chosen = phase.name === 'choosing' ? phase.choice : null;
      return { screen: 'credit-failed', orderNo, paidFen, offers: phase.offers, chosen };
    }
    case 'bring-card':
      return { screen: 'bring-card', orderNo, faceFen, mayRefund: choices?.includes('refund') ?? false };
  }
}

function accountOf({ kind, bill }: OrderView): { account?: true; period?: string } {
  if (kind !== 'account') return {};
  return bill === undefined ? { account: true } : { account: true, period: bill.period };
}

function supplyOf({ credit }: OrderView): { supply?: 'off' | 'restored' } {
  if (credit?.restored === true) return { supply: 'restored' };
  return credit?.supply === 'off' ? { supply: 'off' } : {};
}
