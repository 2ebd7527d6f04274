import { describe, expect, it } from 'vitest';
import { household, NO, PHASES, offers } from '../testing/cash-purchase-states.ts';
import { cashView } from './cash-view.ts';
import { payingView } from './paying-view.ts';

describe('what staff see who take cash', () => {
  it('is the keypad, with why it is there once more', () => {
    const keypad = { screen: 'cash-staff', orderNo: NO, held: false };
    expect(cashView(PHASES.asking)).toEqual({ ...keypad, fault: null, waitMinutes: null, busy: false });
    expect(cashView(PHASES.checking)).toEqual({ ...keypad, fault: null, waitMinutes: null, busy: true });
    const locked = { ...PHASES.asking, step: { is: 'asking', fault: 'locked', waitMs: 61_000 } } as const;
    expect(cashView(locked)).toEqual({ ...keypad, fault: 'locked', waitMinutes: 2, busy: false });
  });

  it('is the PIN alone where the shift is known', () => {
    const keypad = { screen: 'cash-staff', orderNo: NO, waitMinutes: null, fault: null, pinOnly: true };
    expect(cashView(PHASES.pinOnly)).toEqual({ ...keypad, held: false, busy: false });
    expect(cashView(PHASES.byShiftPin)).toEqual({ ...keypad, held: false, busy: true });
    // With cash in the hand there is no code to go back to.
    expect(cashView(PHASES.byShiftHeld)).toEqual({ ...keypad, held: true, busy: true });
  });

  it('stays at the code while the shift is asked, and says so', () => {
    expect(cashView(PHASES.byShift)).toEqual({ ...payingView(PHASES.pay), cashAsked: true });
  });

  it('is how much to take from whom, and what the float holds', () => {
    const shown = {
      ...{ screen: 'cash-take', orderNo: NO, household, committee: '天山一社区', staff: 'zhang' },
      ...{ takeFen: 5000, balanceFen: 95_000, leftTodayFen: 45_000 },
    };
    expect(cashView(PHASES.offered)).toEqual({ ...shown, held: false, busy: false });
    expect(cashView(PHASES.taking)).toEqual({ ...shown, held: true, busy: true });
  });

  it('is that it is being asked about, and from the second question on that it takes long', () => {
    const unsure = { screen: 'cash-unsure', orderNo: NO, takeFen: 5000 };
    for (const [tries, slow] of [
      [0, false],
      [1, false],
      [2, true],
    ] as const) {
      expect(cashView({ ...PHASES.unsure, step: { is: 'unsure', offer: offers.offer, tries } })).toEqual({
        ...unsure,
        slow,
      });
    }
  });

  it('is why none is taken here', () => {
    const refused = { screen: 'cash-refused', orderNo: NO, why: 'empty' };
    expect(cashView(PHASES.refused)).toEqual({ ...refused, held: false });
    expect(cashView({ ...PHASES.refused, held: true })).toEqual({ ...refused, held: true });
  });
});
