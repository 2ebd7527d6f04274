import type { PhoneView } from '@bianmin/purchase/api/phone-view';

/** What the phone beside a television is about now. */
export type TelevisionStep =
  | { readonly is: 'wait' }
  | {
      readonly is: 'choose';
      readonly household: PhoneView['household'];
      readonly limits: NonNullable<PhoneView['limits']>;
    }
  /** The television asks whether this amount is right. */
  | { readonly is: 'sure' | 'preparing'; readonly faceFen: number }
  /** On an order's own page, whose token this is. */
  | { readonly is: 'pay'; readonly token: string; readonly paidFen: number }
  /** Only the television's screen has a code that can be paid. */
  | { readonly is: 'code'; readonly paidFen: number }
  | { readonly is: 'paid' | 'crediting'; readonly paidFen: number; readonly orderNo: string | null }
  | {
      readonly is: 'writing';
      readonly faceFen: number;
      readonly progress: number;
      readonly orderNo: string | null;
    }
  | {
      readonly is: 'done';
      readonly onCard: boolean;
      readonly faceFen: number;
      readonly receiptCode: string | null;
      readonly orderNo: string | null;
    }
  | { readonly is: 'pulled'; readonly paid: boolean; readonly orderNo: string | null }
  | { readonly is: 'closed' }
  | { readonly is: 'refund'; readonly done: boolean; readonly fen: number; readonly orderNo: string | null }
  | { readonly is: 'look'; readonly nothingTaken: boolean; readonly orderNo: string | null }
  /** The television is not heard of; the visit is over and it goes on alone; or the grid is silent. */
  | { readonly is: 'away' | 'over' | 'silent'; readonly orderNo: string | null };

/** The page of one order on this very site: nothing else that a television might say is gone to. */
const PAY_PAGE = /^https?:\/\/[^/]+\/p\/([\w-]{22})$/;

export function televisionStepOf(of: {
  readonly view: PhoneView | undefined;
  readonly away: boolean;
  /** The visit is over: what was shown last counts where it is an outcome. */
  readonly over: boolean;
  /** Chosen here, and not heard yet. */
  readonly sentFen: number | null;
}): TelevisionStep {
  const { view } = of;
  const orderNo = (view && view.orderNo) || null;
  const step = view === undefined ? { is: 'wait' as const } : stepOfView(view, of.sentFen, orderNo);
  if (isOutcome(step)) return step;
  if (of.over) return { is: 'over', orderNo };
  return of.away ? { is: 'away', orderNo } : step;
}

/** Nothing that happens to television or visit makes it untrue. */
function isOutcome({ is }: TelevisionStep): boolean {
  return is === 'done' || is === 'closed' || is === 'refund';
}

function stepOfView(view: PhoneView, sentFen: number | null, orderNo: string | null): TelevisionStep {
  const { faceFen = 0, paidFen = 0 } = view;
  switch (view.screen) {
    case 'amount': {
      const { busyFen = null, chosenFen = sentFen, household, limits } = view;
      if (busyFen !== null) return { is: 'preparing', faceFen: busyFen };
      if (chosenFen !== null) return { is: 'sure', faceFen: chosenFen };
      return limits === undefined ? { is: 'wait' } : { is: 'choose', household, limits };
    }
    case 'pay': {
      const { codeUrl = null, closing } = view;
      if (codeUrl === null || closing === true) return { is: 'preparing', faceFen: paidFen };
      const page = PAY_PAGE.exec(codeUrl);
      return page === null ? { is: 'code', paidFen } : { is: 'pay', token: page[1] || '', paidFen };
    }
    case 'selling':
      return { is: 'paid', paidFen, orderNo };
    case 'writing':
      return { is: 'writing', faceFen, progress: view.progress || 0, orderNo };
    case 'done':
    case 'credited':
      return {
        ...{ is: 'done', onCard: view.screen === 'done', faceFen },
        ...{ receiptCode: view.receiptCode || null, orderNo },
      };
    case 'crediting':
      return { is: 'crediting', paidFen, orderNo };
    case 'pulled':
    case 'other-card':
      return { is: 'pulled', paid: view.paid !== false, orderNo };
    case 'grid-silent':
      return { is: 'silent', orderNo };
    case 'expired':
      return { is: 'closed' };
    case 'refund':
      return { is: 'refund', done: view.done === true, fen: view.fen || 0, orderNo };
    default:
      return { is: 'look', nothingTaken: view.moneySafe === 'nothing-taken', orderNo };
  }
}
