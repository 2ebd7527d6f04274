import { cashView } from './cash-view.ts';
import { buyerView } from './buyer-view.ts';
import { creditView } from './credit-view.ts';
import { paidView } from './paid-view.ts';
import { payingView } from './paying-view.ts';
import { problemPhaseView, problemView } from './problem-view.ts';
import type { PurchaseState } from './state.ts';
import type { PurchaseView } from './view.ts';

/** What a person sees of a state. Pure, and without words. */
export function screenOf(state: PurchaseState): PurchaseView {
  const { phase, cash, asking, assisted } = state;
  const view = {
    ...bareScreenOf(state),
    ...(assisted === undefined || isFree(phase) ? {} : { assisted }),
    ...('forgotten' in phase ? { forgotten: phase.forgotten } : {}),
    ...(asking === undefined ? {} : { asking }),
  };
  if (cash === undefined || !('orderNo' in view) || view.orderNo !== cash.orderNo) return view;
  return { ...view, cash: { says: cash.says, receipt: cash.receipt } };
}

/** Nobody is served. */
function isFree({ name }: PurchaseState['phase']): boolean {
  return name === 'starting' || name === 'idle' || name === 'out-of-service';
}

function bareScreenOf(state: PurchaseState): PurchaseView {
  const { phase } = state;
  switch (phase.name) {
    case 'out-of-service':
      return problemView(phase.trouble, phase.ticket);
    case 'idle':
      return idleView(state);
    case 'rest':
      return waitView(state);
    case 'starting':
    case 'reading':
      return { screen: 'reading' };
    case 'identifying':
      if (phase.trouble === null) return { screen: 'reading' };
      return { ...problemView(phase.trouble, null), canRetry: true };
    case 'problem':
      return problemPhaseView(phase);
    case 'customer-no':
    case 'proof':
    case 'describing':
    case 'recalling':
    case 'who':
    case 'amount':
    case 'ordering':
      return buyerView(phase);
    case 'cash':
      return cashView(phase);
    case 'pay':
    case 'closing':
    case 'expired':
      return payingView(phase);
    case 'uncredited':
      return uncreditedView(phase);
    case 'crediting':
    case 'credited':
    case 'credit-failed':
    case 'choosing':
    case 'bring-card':
      return creditView(phase);
    default:
      return paidView(phase);
  }
}

function uncreditedView({
  purchase,
  shown,
}: Extract<PurchaseState['phase'], { name: 'uncredited' }>): PurchaseView {
  const { orderNo, creditFen, belowFen, around } = purchase;
  return {
    ...{ screen: 'uncredited', orderNo, creditFen, shown },
    ...(belowFen === undefined ? {} : { belowFen }),
    ...(around === undefined ? {} : { around }),
  };
}

function idleView(state: PurchaseState): PurchaseView {
  if (state.readers.length === 0) {
    // A household without a reader tops up without its card.
    return { ...problemView({ code: 'no-reader', staffCode: 'reader.none' }, null), withoutCard: true };
  }
  if (state.present.length > 1) {
    return problemView({ code: 'two-readers', staffCode: 'reader.two-cards' }, null);
  }
  return { ...waitView(state), withoutCard: true };
}

function waitView(state: PurchaseState): Extract<PurchaseView, { screen: 'wait' }> {
  return { screen: 'wait', reader: state.readers[0] ?? '' };
}
