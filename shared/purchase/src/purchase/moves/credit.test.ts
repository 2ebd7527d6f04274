import { describe, expect, it } from 'vitest';
import { household, SERIAL, SLOT } from '../../testing/card-purchase-states.ts';
import { NO, order, PHASES } from '../../testing/home-purchase-states.ts';
import { movesIn, problem, stateIn } from '../../testing/purchase-phases.ts';
import type { OrderState } from '../../api/order.ts';
import type { Phase } from '../state.ts';
import { also, enter, stay, update } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { onChoice, onNotChosen, settleHome, stillUndecided, ticketIn, undecided } from './credit.ts';

const state = stateIn(PHASES.pay);
const settles = (says: OrderState, next: Phase, over: Parameters<typeof order>[1] = {}) => {
  const news = order(says, over);
  expect(settleHome(state, news, T)).toEqual(enter(state, { ...next, order: news } as Phase, T));
};
const card = { serial: SERIAL, household };

describe('a paid order without a card', () => {
  it.each(['created', 'paying'] as const)('is not paid yet: %s', (says) => {
    expect(settleHome(state, order(says), T)).toEqual(stay(state));
  });

  it.each(['paid', 'grid-silent', 'crediting', 'sold', 'writing', 'write-failed'] as const)(
    'is on its way: %s',
    (says) => {
      settles(says, { name: 'crediting', order: order(says), slow: false });
      // No new turn: the wait goes on.
      for (const phase of [PHASES.crediting, PHASES.slow]) {
        const waiting = stateIn(phase);
        const news = order(says);
        expect(settleHome(waiting, news, T)).toEqual(update(waiting, { ...phase, order: news }));
      }
    },
  );

  it.each(['sold', 'writing', 'write-failed'] as const)(
    'whose credit failed waits for its card: %s',
    (says) => {
      settles(says, { name: 'bring-card', order: order(says) }, { credit: 'failed' });
      const news = order(says, { credit: 'failed' });
      const waiting = stateIn(PHASES.bring);
      expect(settleHome(waiting, news, T)).toEqual(update(waiting, { name: 'bring-card', order: news }));
    },
  );

  it('on its way is not said to be waiting for its card where the server says nothing of a credit', () => {
    const { credit: _, ...bare } = order('sold');
    expect(settleHome(state, bare, T).state.phase).toEqual({ name: 'crediting', order: bare, slow: false });
  });

  it('is to be decided about', () => {
    settles('credit-failed', { ...PHASES.failed });
  });

  it('is credited, or its card was written', () => {
    settles('done', PHASES.credited, { credit: 'credited' });
    const news = order('done', { credit: 'credited', version: 9 });
    const shown = stateIn(PHASES.credited);
    expect(settleHome(shown, news, T)).toEqual(update(shown, { name: 'credited', order: news }));
    for (const credit of ['failed', 'none'] as const) {
      expect(settleHome(state, order('done', { credit }), T)).toEqual(enter(state, { name: 'idle' }, T));
    }
    const { credit: _, ...bare } = order('done');
    expect(settleHome(state, bare, T)).toEqual(enter(state, { name: 'idle' }, T));
  });

  it.each(['refunding', 'refunded'] as const)('goes back: %s', (says) => {
    settles(says, { name: 'refund', slot: null, order: order(says) });
  });

  it.each(['closed', 'attention'] as const)('is for a person to look at: %s', (says) => {
    const trouble = { code: 'unexpected', staffCode: `order.${says}` } as const;
    const told = problem({ slot: null, trouble, orderNo: NO, moneySafe: 'safe-with-order' });
    expect(settleHome(state, order(says), T)).toEqual(enter(state, told, T));
  });
});

describe('an order that is to be decided about', () => {
  const failed = order('credit-failed');
  const ticket = { order: failed, ...card, resumed: true, tries: 0 };

  it('keeps its card, where that is in', () => {
    const offers = ['card', 'refund'];
    expect(undecided(failed, { slot: SLOT, ticket })).toEqual({
      ...{ name: 'credit-failed', slot: SLOT, card, order: failed, offers },
    });
    expect(undecided(failed, null)).toEqual({
      ...{ name: 'credit-failed', slot: null, card: null, order: failed, offers },
    });
    const { choices: _, ...bare } = failed;
    expect(undecided(bare, null)).toMatchObject({ offers: [] });
  });

  it('knows its card only for as long as that is in', () => {
    const here = { slot: SLOT, card, order: failed, offers: [] };
    expect(ticketIn(stateIn(PHASES.failedCardIn), here, failed)).toEqual({ slot: SLOT, ticket });
    expect(ticketIn(stateIn(PHASES.failedCardIn, { present: [] }), here, failed)).toBeNull();
    expect(ticketIn(stateIn(PHASES.failedCardIn), { ...here, slot: null }, failed)).toBeNull();
    expect(ticketIn(stateIn(PHASES.failedCardIn), { ...here, card: null }, failed)).toBeNull();
  });

  it('offers what was offered here and still can be chosen', () => {
    const left = (choices?: ('card' | 'refund')[]) => {
      const { choices: _, ...bare } = failed;
      const news = { ...bare, ...(choices === undefined ? {} : { choices }) };
      return stillUndecided(state, { ...PHASES.failed, offers: ['card'] }, news).state.phase;
    };
    expect(left(['card', 'refund'])).toMatchObject({ name: 'credit-failed', offers: ['card'] });
    expect(left(['refund'])).toMatchObject({ offers: [] });
    expect(left()).toMatchObject({ offers: [] });
  });
});

describe('a choice', () => {
  it('is made where it is offered', () => {
    for (const [phase, slot] of [
      [PHASES.failed, null],
      [PHASES.failedCardIn, SLOT],
    ] as const) {
      const before = stateIn(phase);
      const chosen = { ...phase, slot, name: 'choosing', choice: 'card' } as Phase;
      expect(onChoice(before, 'card', T)).toEqual(enter(before, chosen, T));
    }
    const only = stateIn({ ...PHASES.failed, offers: ['card'] });
    expect(onChoice(only, 'refund', T)).toEqual(stay(only));
  });

  it('may be changed while the card is waited for', () => {
    const before = stateIn(PHASES.bring);
    const { order: waiting } = PHASES.bring;
    const chosen: Phase = {
      ...{ name: 'choosing', slot: null, card: null, order: waiting, offers: ['refund'], choice: 'refund' },
    };
    expect(onChoice(before, 'refund', T)).toEqual(enter(before, chosen, T));
    expect(onChoice(before, 'card', T)).toEqual(stay(before));
    const { choices: _, ...bare } = waiting;
    const none = stateIn({ ...PHASES.bring, order: bare });
    expect(onChoice(none, 'refund', T)).toEqual(stay(none));
  });

  it('is made nowhere else', () => {
    const moved = movesIn((each) => onChoice(each, 'refund', T));
    expect(moved).toEqual(new Set(['credit-failed', 'bring-card']));
  });

  it('that was not taken is asked for again, and as it was where that passes', () => {
    const before = stateIn(PHASES.choosing);
    const fails = (code: string) => onNotChosen(before, PHASES.choosing, code, T);
    const paid = { slot: null, orderNo: NO, moneySafe: 'safe-with-order' } as const;
    const refresh = { do: 'refresh', orderNo: NO } as const;
    expect(fails('order.no-choice')).toEqual(also(enter(before, PHASES.failed, T), refresh));
    const away = { code: 'server-away', staffCode: 'server.unavailable' } as const;
    const told = problem({ ...paid, trouble: away, again: PHASES.choosing });
    expect(fails('server.unavailable')).toEqual(enter(before, told, T));
    const odd = { code: 'unexpected', staffCode: 'request.malformed' } as const;
    const asked = problem({ ...paid, trouble: odd, again: PHASES.failed });
    expect(fails('request.malformed')).toEqual(enter(before, asked, T));
  });

  it('that was not taken keeps the card that is in', () => {
    const before = stateIn(PHASES.choosingCardIn);
    const { state: after } = onNotChosen(before, PHASES.choosingCardIn, 'order.no-choice', T);
    expect(after.phase).toEqual(PHASES.failedCardIn);
    const told = onNotChosen(before, PHASES.choosingCardIn, 'request.malformed', T).state.phase;
    expect(told).toMatchObject({ slot: SLOT, again: PHASES.failedCardIn });
  });
});
