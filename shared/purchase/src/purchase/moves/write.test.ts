import { describe, expect, it } from 'vitest';
import { NO, PHASES, SLOT, ticket } from '../../testing/card-purchase-states.ts';
import { movesIn, problem, stateIn } from '../../testing/purchase-phases.ts';
import type { WriteOutcome } from '../ports.ts';
import type { Trouble } from '../problems.ts';
import type { Phase } from '../state.ts';
import { also, enter, update } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { afterFailedAttempt, onProgress, onWriteEnded, waitForLease } from './write.ts';

type Writing = Extract<Phase, { name: 'writing' }>;

const { writing } = PHASES;
const here = stateIn(writing);
const away = stateIn(writing, { present: [] });
const after = (tries: number): Writing => ({ ...writing, ticket: { ...ticket('writing'), tries } });
const safe = { orderNo: NO, moneySafe: 'safe-with-order' } as const;
const pulled: Phase = { name: 'pulled', ticket: writing.ticket };
const ended = (outcome: WriteOutcome, state = here) => onWriteEnded(state, outcome, T);
const failed = (code: string, state = here, phase: Writing = writing) =>
  afterFailedAttempt(state, phase, { code }, T);
const written = (code: string) => ({ code: 'write-failed', staffCode: code }) as const;

describe('a write that goes on', () => {
  it('is as far as it says, and has got over its last trouble', () => {
    const trouble: Trouble = { code: 'server-away', staffCode: 'server.unavailable' };
    const before = stateIn({ ...writing, trouble });
    const at = { phase: 'write', fraction: 0.25 } as const;
    expect(onProgress(before, at)).toEqual(update(before, { ...writing, at }));
    expect(movesIn((state) => onProgress(state, at))).toEqual(new Set(['writing']));
  });
});

describe('a write that ended', () => {
  it('is done, also where its card is out by now', () => {
    const { ticket: of } = writing;
    expect(ended({ result: 'written' })).toEqual(enter(here, { name: 'done', slot: SLOT, ticket: of }, T));
    expect(ended({ result: 'written' }, away)).toEqual(
      enter(away, { name: 'done', slot: null, ticket: of }, T),
    );
  });

  it('at a card that left waits for it, and reads it where it is in again', () => {
    expect(ended({ result: 'removed' }, away)).toEqual(enter(away, pulled, T));
    const { state, effects } = ended({ result: 'removed' });
    const reading: Phase = { name: 'reading', slot: SLOT, ticket: writing.ticket, tries: 0 };
    expect(state).toEqual({ ...here, turn: here.turn + 2, phase: reading });
    expect(effects).toEqual([{ do: 'read', turn: here.turn + 2, slot: SLOT, afterMs: 0 }]);
  });

  it('at another card says so, while that is in', () => {
    const other: Phase = { name: 'other-card', slot: SLOT, ticket: writing.ticket };
    expect(ended({ result: 'other-card' })).toEqual(enter(here, other, T));
    expect(ended({ result: 'other-card' }, away)).toEqual(enter(away, pulled, T));
  });

  it('with its lease is released again at once, without a word, up to twenty times', () => {
    expect(ended({ result: 'lease-expired' })).toEqual(enter(here, after(1), T));
    const worn = stateIn(after(19));
    const trouble = written('order.lease-stale');
    const told = problem({ ...safe, trouble, again: after(20) });
    expect(ended({ result: 'lease-expired' }, worn)).toEqual(enter(worn, told, T));
  });

  it('for good is told with its order', () => {
    const locked = { code: 'card-locked', staffCode: 'meter-card.locked' } as const;
    const told = problem({ ...safe, trouble: locked });
    const outcome = { result: 'failed', code: 'meter-card.locked' } as const;
    expect(ended(outcome)).toEqual(enter(here, told, T));
    expect(ended(outcome, away)).toEqual(enter(away, { ...told, slot: null }, T));
    // What has no words of its own is a failed write.
    const odd = problem({ ...safe, trouble: written('meter-card.new') });
    expect(ended({ result: 'failed', code: 'meter-card.new' })).toEqual(enter(here, odd, T));
  });

  it('is told of a write alone', () => {
    expect(movesIn((state) => ended({ result: 'written' }, state))).toEqual(new Set(['writing']));
  });
});

describe('an attempt that failed', () => {
  it.each(['reader.removed', 'reader.no-card', 'reader.gone', 'purchase.no-slot'])(
    'without its card waits for that: %s',
    (code) => {
      expect(failed(code, away)).toEqual(enter(away, pulled, T));
      expect(failed(code).state.phase).toMatchObject({ name: 'reading', ticket: writing.ticket });
    },
  );

  it('of which the card left meanwhile waits for it, whatever else went wrong', () => {
    for (const code of ['server.unavailable', 'card.changed', 'order.closed']) {
      expect(failed(code, away)).toEqual(enter(away, pulled, T));
    }
  });

  it('for want of a journal ends the selling, with the order told', () => {
    const trouble = { code: 'journal-broken', staffCode: 'journal.not-durable' } as const;
    const over: Phase = { name: 'out-of-service', trouble, ticket: writing.ticket };
    for (const state of [here, away])
      expect(failed('journal.not-durable', state)).toEqual(enter(state, over, T));
  });

  it.each([
    ['card.changed', 'card-changed'],
    ['order.not-found', 'write-failed'],
    ['request.malformed', 'write-failed'],
  ] as const)('is not tried again: %s', (code, shown) => {
    const told = problem({ ...safe, trouble: { code: shown, staffCode: code } });
    expect(failed(code)).toEqual(enter(here, told, T));
  });

  it.each(['order.already-written', 'order.closed'])('asks the server how its order stands: %s', (code) => {
    const asking: Phase = { name: 'selling', slot: SLOT, ticket: after(1).ticket, slow: true };
    const refresh = { do: 'refresh', orderNo: NO } as const;
    expect(failed(code)).toEqual(also(enter(here, asking, T), refresh));
  });

  it.each([
    ['server.unavailable', 'server-away'],
    ['order.not-sold', 'grid-busy'],
    ['reader.timeout', 'card-mute'],
    ['meter-card.read-back-differs', 'write-failed'],
    ['meter-card.refused', 'write-failed'],
    ['meter-card.unreadable', 'card-damaged'],
  ] as const)('is tried again by itself where that may help: %s', (code, shown) => {
    const trouble = { code: shown, staffCode: code };
    const told = problem({ ...safe, trouble, again: { ...after(1), trouble }, auto: true });
    expect(failed(code)).toEqual(enter(here, told, T));
  });

  it.each(['grid.odd', 'meter-card.locked', 'chip.locked'])('is tried again by hand else: %s', (code) => {
    expect(failed(code).state.phase).toMatchObject({
      ...{ name: 'problem', auto: false, again: { name: 'writing', ticket: { tries: 1 } } },
    });
  });

  it('is tried again by itself twenty times, and by hand from then on', () => {
    const autoAfter = (tries: number) => {
      const phase = after(tries);
      return failed('server.unavailable', stateIn(phase), phase).state.phase;
    };
    expect(autoAfter(18)).toMatchObject({ auto: true, again: { ticket: { tries: 19 } } });
    expect(autoAfter(19)).toMatchObject({ auto: false, again: { ticket: { tries: 20 } } });
    const worn = after(20);
    const code = 'order.leased-elsewhere';
    const trouble = { code: 'order-open-elsewhere', staffCode: code } as const;
    const told = problem({ ...safe, trouble, again: { ...after(21), trouble } });
    expect(failed(code, stateIn(worn), worn)).toEqual(enter(stateIn(worn), told, T));
  });
});

describe('a card that another terminal may be writing', () => {
  it('is waited for by itself, for as long as is known', () => {
    const told = (trouble: Trouble) =>
      enter(here, problem({ ...safe, trouble, again: { ...after(1), trouble }, auto: true }), T);
    const staffCode = 'order.leased-elsewhere';
    const elsewhere: Trouble = { code: 'order-open-elsewhere', staffCode };
    expect(waitForLease(here, writing, 90_000, T)).toEqual(told({ ...elsewhere, waitMs: 90_000 }));
    expect(waitForLease(here, writing, undefined, T)).toEqual(told(elsewhere));
    const failure = { code: staffCode, waitMs: 90_000 };
    expect(afterFailedAttempt(here, writing, failure, T)).toEqual(told({ ...elsewhere, waitMs: 90_000 }));
    expect(failed(staffCode)).toEqual(told(elsewhere));
  });
});
