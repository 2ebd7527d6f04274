import { describe, expect, it } from 'vitest';
import { card, household, NO, order, PHASES, SERIAL, SLOT } from '../testing/card-purchase-states.ts';
import { PHASES as HOME } from '../testing/home-purchase-states.ts';
import { stateIn } from '../testing/purchase-phases.ts';
import { isBound, isHome } from './buyer.ts';
import { also, answered, enter, freeProblem, leave, orderProblem, stay, ticketFor, update } from './step.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

const trouble = { code: 'grid-busy', staffCode: 'grid.unavailable' } as const;
const cash = { orderNo: NO, says: 'paid', receipt: null, asOf: '' } as const;

describe('a step', () => {
  const state = stateIn(PHASES.who, { asking: 5, cash });

  it('enters a phase: a new turn, its question, and no question whether anybody is here', () => {
    const { asking: _, ...rest } = state;
    expect(enter(state, PHASES.identifying, DEFAULT_TIMINGS)).toEqual({
      state: { ...rest, turn: state.turn + 1, phase: PHASES.identifying },
      effects: [{ do: 'identify', turn: state.turn + 1 }],
    });
    expect(enter(state, PHASES.amount, DEFAULT_TIMINGS).effects).toEqual([]);
  });

  it('stays where it is, or knows more within its phase', () => {
    expect(stay(state)).toEqual({ state, effects: [] });
    expect(update(state, PHASES.amount)).toEqual({ state: { ...state, phase: PHASES.amount }, effects: [] });
    expect(answered(state)).not.toHaveProperty('asking');
    expect(answered(state)).toMatchObject({ turn: state.turn, phase: PHASES.who, cash });
  });

  it('asks for more than one thing, in their order', () => {
    const refresh = { do: 'refresh', orderNo: NO } as const;
    const quote = { do: 'quote', orderNo: NO } as const;
    const step = also(also(stay(state), refresh), quote, refresh);
    expect(step).toEqual({ state, effects: [refresh, quote, refresh] });
  });

  it('leaves a purchase: what may still be paid is closed', () => {
    const paying = stateIn(PHASES.pay);
    const left = leave(paying, PHASES.reading, DEFAULT_TIMINGS);
    expect(left.state.phase).toEqual(PHASES.reading);
    expect(left.effects.map((effect) => effect.do)).toEqual(['read', 'abandon']);
    expect(left.effects[1]).toEqual({ do: 'abandon', orderNo: NO });
    expect(leave(state, PHASES.idle, DEFAULT_TIMINGS).effects).toEqual([]);
  });
});

describe('a problem', () => {
  it('before any money has taken nothing', () => {
    expect(freeProblem(SLOT, trouble, PHASES.who)).toEqual({
      ...{ name: 'problem', slot: SLOT, trouble, orderNo: null, moneySafe: 'nothing-taken' },
      ...{ again: PHASES.who, auto: false },
    });
  });

  it('with an order has its money safe', () => {
    const init = { slot: null, trouble, orderNo: NO, again: null, auto: true };
    expect(orderProblem(init)).toEqual({ name: 'problem', ...init, moneySafe: 'safe-with-order' });
  });
});

describe('who buys', () => {
  it('is a card, a household by its number, or one that its box keeps', () => {
    const buyers = [PHASES.who.buyer, HOME.who.buyer, HOME.keptAmount.buyer];
    expect(buyers.map(isHome)).toEqual([false, true, true]);
    expect(buyers.map(isBound)).toEqual([false, false, true]);
  });

  it('has what it paid kept with its card', () => {
    expect(ticketFor(card, order('paid'))).toEqual({
      ...{ order: order('paid'), serial: SERIAL, household, resumed: false, tries: 0 },
    });
  });
});
