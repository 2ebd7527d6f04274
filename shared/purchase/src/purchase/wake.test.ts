import { describe, expect, it } from 'vitest';
import { order, PHASES as CARD, SLOT } from '../testing/card-purchase-states.ts';
import { PHASES as CASH } from '../testing/cash-purchase-states.ts';
import { PHASES as HOME } from '../testing/home-purchase-states.ts';
import type { Phase } from './state.ts';
import type { PurchaseTimings } from './timings.ts';
import { asksFirst, waitOf, wakeOf } from './wake.ts';
import type { Wake } from './wake.ts';

/** Each wait has its own length, so that none is taken for another. */
const WAITS: PurchaseTimings = {
  ...{ rereadMs: 1, codeMs: 2, silentMs: 3, pulledMs: 4, otherCardMs: 5, unansweredMs: 6 },
  ...{ askMs: 7, forgottenMs: 8, lingerMs: 9, readMs: 10, retryMs: 3_000, closingMs: 12 },
};
const outOf = <P extends Phase>(phase: P) => ({ ...phase, slot: null });
const problem: Extract<Phase, { name: 'problem' }> = {
  ...{ name: 'problem', slot: SLOT, trouble: { code: 'grid-busy', staffCode: 'grid.unavailable' } },
  ...{ orderNo: null, moneySafe: 'nothing-taken', again: CARD.who, auto: false },
};
const retried = (waitMs?: number): Phase => ({
  ...problem,
  ...{ auto: true, trouble: { ...problem.trouble, ...(waitMs === undefined ? {} : { waitMs }) } },
});
const CODE_ENDS = Date.parse('2026-01-15T02:05:00Z');
const withPayment = (over: object | null): Phase => {
  const { payment, ...rest } = order('paying');
  return {
    ...CARD.pay,
    order: { ...rest, payment: over === null || payment === null ? null : { ...payment, ...over } },
  };
};

const TABLE: readonly (readonly [what: string, phase: Phase, wake: Wake])[] = [
  ['a code, until it runs out', CARD.pay, { at: CODE_ENDS }],
  ['a code, by a clock that is wrong', { ...CARD.pay, skewMs: 3_600_000 }, { at: CODE_ENDS + 3_600_000 }],
  ['no payment yet', withPayment(null), { afterMs: 2 }],
  ['no code yet', withPayment({ codeUrl: null }), { afterMs: 2 }],
  ['a code that does not say when it ends', withPayment({ expiresAt: null }), { afterMs: 2 }],
  ['a code that is being closed', CARD.closing, { afterMs: 12 }],
  ['staff and their PIN', CASH.asking, { afterMs: 6 }],
  ['a PIN on its way', CASH.checking, null],
  ['cash that is offered', CASH.offered, { afterMs: 6 }],
  ['cash that is being recorded', CASH.taking, { afterMs: 6 }],
  ['cash that is asked about', CASH.unsure, null],
  ['cash that is refused', CASH.refused, { afterMs: 6 }],
  ['the grid', CARD.selling, { afterMs: 3 }],
  ['a grid that is slow', CARD.silent, null],
  ['a grid that is slow, the card gone home', outOf(CARD.silent), { afterMs: 9 }],
  ['the number', HOME.number, { afterMs: 6 }],
  ['the digits', HOME.proof, { afterMs: 6 }],
  ['the grid about a household', HOME.describing, null],
  ['the grid about a kept household', HOME.recalling, null],
  ['a card to be brought', HOME.bring, { afterMs: 6 }],
  ['who, with the card in', CARD.who, null],
  ['who, without the card', HOME.who, { afterMs: 6 }],
  ['the amount, with the card in', CARD.amount, null],
  ['the amount, without the card', HOME.amount, { afterMs: 6 }],
  ['a failed credit, with the card in', HOME.failedCardIn, null],
  ['a failed credit, without the card', HOME.failed, { afterMs: 6 }],
  ['the meter', HOME.crediting, { afterMs: 3 }],
  ['a meter that is slow', HOME.slow, { afterMs: 6 }],
  ['a credited meter', HOME.credited, { afterMs: 10 }],
  ['a pulled card', CARD.pulled, { afterMs: 4 }],
  ['another card', CARD.otherCard, { afterMs: 5 }],
  ['a code that ran out, the card in', CARD.expired, { afterMs: 8 }],
  ['a code that ran out, the card out', outOf(CARD.expired), { afterMs: 9 }],
  ['a code that ran out, of a household by its number', HOME.expired, { afterMs: 6 }],
  ['a code that ran out, of a kept household', HOME.keptExpired, { afterMs: 6 }],
  ['a card that is done with', CARD.rest, { afterMs: 8 }],
  ['a card that was called out', { ...CARD.rest, forgotten: true }, null],
  ['the end, the card in', CARD.done, { afterMs: 8 }],
  ['the end, the card called out', { ...CARD.done, forgotten: true }, null],
  ['the end, the card out', outOf(CARD.done), { afterMs: 9 }],
  ['money that goes back, the card in', CARD.refund, { afterMs: 8 }],
  ['money that goes back, the card out', outOf(CARD.refund), { afterMs: 9 }],
  ['a problem, the card in', problem, null],
  ['a problem that can be tried again, the card out', outOf(problem), { afterMs: 6 }],
  ['a problem that is the end, the card out', outOf({ ...problem, again: null }), { afterMs: 9 }],
  ['a problem that passes', retried(), { afterMs: 3_000 }],
  ['a problem that lasts a while', retried(20_000), { afterMs: 20_000 }],
  ['a problem that is all but over', retried(10), { afterMs: 3_000 }],
  ['a problem that lasts long, asked about each minute', retried(90_000), { afterMs: 60_000 }],
  ['nothing', CARD.idle, null],
  ['a reading', CARD.reading, null],
  ['a write', CARD.writing, null],
];

describe('the wait of a phase', () => {
  it.each(TABLE)('%s', (_, phase, wake) => {
    expect(wakeOf(phase, WAITS)).toEqual(wake);
  });

  it('is that for an answer, where the household was asked whether it is here', () => {
    const state = { turn: 1, phase: HOME.number, readers: [], present: [] };
    expect(waitOf(state, WAITS)).toEqual({ afterMs: 6 });
    expect(waitOf({ ...state, asking: 42 }, WAITS)).toEqual({ at: 42 });
  });
});

describe('a household that may be reading or thinking', () => {
  const asked: readonly Phase[] = [
    ...[HOME.number, HOME.proof, CARD.who, CARD.amount, HOME.credited, HOME.failed, HOME.bring],
    ...[CARD.pulled, CASH.asking, CASH.offered, CASH.refused, HOME.slow, problem],
    ...[outOf(CARD.silent), outOf(CARD.done), outOf(CARD.refund), outOf(CARD.expired)],
  ];
  const left: readonly Phase[] = [
    ...[CASH.checking, CASH.taking, CASH.unsure, HOME.crediting, retried(), CARD.rest, CARD.closing],
    ...[CARD.silent, CARD.done, CARD.refund, CARD.expired, CARD.pay, CARD.otherCard, HOME.describing],
  ];

  it.each(asked.map((phase) => ({ name: phase.name, phase })))('is asked first: $name', ({ phase }) => {
    expect(asksFirst(phase)).toBe(true);
  });

  it.each(left.map((phase) => ({ name: phase.name, phase })))('is not asked: $name', ({ phase }) => {
    expect(asksFirst(phase)).toBe(false);
  });
});
