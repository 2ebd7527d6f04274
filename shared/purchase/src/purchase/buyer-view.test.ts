import { describe, expect, it } from 'vitest';
import { PHASES as CARD } from '../testing/card-purchase-states.ts';
import { PHASES as HOME } from '../testing/home-purchase-states.ts';
import { buyerView } from './buyer-view.ts';

describe('who buys, and for how much', () => {
  it('asks for the number, and shows no more of it than its end', () => {
    expect(buyerView(HOME.number)).toEqual({ screen: 'customer-no' });
    expect(buyerView(HOME.proof)).toEqual({ screen: 'proof', ending: '1001', fault: null, busy: false });
    expect(buyerView({ ...HOME.proof, fault: 'used' })).toMatchObject({ fault: 'used', busy: false });
    expect(buyerView(HOME.describing)).toEqual({ screen: 'proof', ending: '1001', fault: null, busy: true });
    expect(buyerView(HOME.recalling)).toEqual({ screen: 'recalling' });
  });

  it('shows the household of a card, and of one without', () => {
    const { household, limits } = CARD.who.buyer;
    expect(buyerView(CARD.who)).toEqual({ screen: 'who', household });
    expect(buyerView(HOME.who)).toEqual({
      screen: 'who',
      household: HOME.who.buyer.household,
      remote: true,
    });
    expect(buyerView(CARD.amount)).toEqual({ screen: 'amount', household, limits, busyFen: null });
  });

  it('is busy with an amount while its order is made', () => {
    const { household, limits } = HOME.ordering.buyer;
    const busy = { screen: 'amount', household, limits, busyFen: 5000, remote: true };
    expect(buyerView(HOME.ordering)).toEqual(busy);
    expect(buyerView(HOME.keptOrdering)).toEqual({ ...busy, bound: true });
  });
});
