import { describe, expect, it } from 'vitest';
import { NO, PHASES, ticket } from '../testing/card-purchase-states.ts';
import { problem } from '../testing/purchase-phases.ts';
import { problemPhaseView, problemView } from './problem-view.ts';

const trouble = { code: 'grid-busy', staffCode: 'grid.unavailable' } as const;

describe('a problem on the screen', () => {
  it('says that nothing was taken, or that the money is safe with its order', () => {
    const shown = { screen: 'problem', ...trouble, canRetry: false };
    expect(problemView(trouble, null)).toEqual({ ...shown, orderNo: null, moneySafe: 'nothing-taken' });
    expect(problemView(trouble, ticket('sold'))).toEqual({
      ...{ ...shown, orderNo: NO, moneySafe: 'safe-with-order' },
    });
    const safe = problem({ trouble, orderNo: NO, moneySafe: 'safe-with-order' });
    expect(problemPhaseView(safe)).toMatchObject({ ...shown, orderNo: NO, moneySafe: 'safe-with-order' });
  });

  it('says how long it will go on, in whole minutes, where that is known', () => {
    expect(problemView({ ...trouble, waitMs: 61_000 }, null)).toMatchObject({ waitMinutes: 2 });
    expect(problemView(trouble, null)).not.toHaveProperty('waitMinutes');
  });

  it('can be tried again where there is something to go back to', () => {
    expect(problemPhaseView(problem({ again: PHASES.who }))).toMatchObject({ canRetry: true });
    expect(problemPhaseView(problem())).toMatchObject({ canRetry: false });
  });

  it('can be left where no card lies in the reader', () => {
    expect(problemPhaseView(problem({ slot: null, again: PHASES.who }))).toMatchObject({ canLeave: true });
    expect(problemPhaseView(problem({ again: PHASES.who }))).not.toHaveProperty('canLeave');
    expect(problemPhaseView(problem({ slot: null }))).toMatchObject({ canLeave: true, canRetry: false });
    expect(problemPhaseView(problem({}))).not.toHaveProperty('canLeave');
  });
});
