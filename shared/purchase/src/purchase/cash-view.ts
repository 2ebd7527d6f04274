import { minutesToWait } from './minutes.ts';
import type { Phase } from './state.ts';
import { payingView } from './paying-view.ts';
import type { PurchaseView } from './view.ts';

/** Questions after which the staff who wait are told that it takes long. */
const SLOW_TRIES = 2;

/** What staff see who take cash. */
export function cashView({ pay, step, held }: Extract<Phase, { name: 'cash' }>): PurchaseView {
  const { orderNo } = pay.order;
  switch (step.is) {
    case 'asking': {
      const { fault, waitMs, pinOnly } = step;
      const waitMinutes = waitMs === undefined ? null : minutesToWait(waitMs);
      const only = pinOnly === undefined ? {} : { pinOnly };
      return { screen: 'cash-staff', orderNo, fault, ...only, waitMinutes, held, busy: false };
    }
    case 'checking': {
      // Nothing is typed: what was pressed stays where it is.
      if (step.by === 'shift' && !held) return { ...payingView(pay), cashAsked: true } as PurchaseView;
      const only = step.by === undefined ? {} : { pinOnly: true as const };
      return { screen: 'cash-staff', orderNo, fault: null, ...only, waitMinutes: null, held, busy: true };
    }
    case 'offered':
    case 'taking': {
      const { committee, staff, takeFen, balanceFen, leftTodayFen } = step.offer;
      return {
        ...{ screen: 'cash-take', orderNo, household: pay.buyer.household, held },
        ...{ committee, staff, takeFen, balanceFen, leftTodayFen, busy: step.is === 'taking' },
      };
    }
    case 'unsure':
      return {
        ...{ screen: 'cash-unsure', orderNo, takeFen: step.offer.takeFen },
        slow: step.tries >= SLOW_TRIES,
      };
    case 'refused':
      return { screen: 'cash-refused', orderNo, why: step.why, held };
  }
}
