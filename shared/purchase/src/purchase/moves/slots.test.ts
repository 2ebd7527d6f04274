import { describe, expect, it } from 'vitest';
import { NO, PHASES, SLOT, ticket } from '../../testing/card-purchase-states.ts';
import { PHASES as CASH, receipt } from '../../testing/cash-purchase-states.ts';
import { PHASES as HOME } from '../../testing/home-purchase-states.ts';
import { out, problem, stateIn } from '../../testing/purchase-phases.ts';
import type { Phase } from '../state.ts';
import { also, enter, stay, update } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { onArrived, onSlots } from './slots.ts';

const SECOND = 'slot-2';
const idle: Phase = { name: 'idle' };
const empty = (phase: Phase) => stateIn(phase, { present: [] });
const both = (phase: Phase) => stateIn(phase, { present: [SLOT, SECOND] });
const isOut = (phase: Phase, next: Phase) =>
  expect(onSlots(empty(phase), T)).toEqual(enter(empty(phase), next, T));
const named = <P extends Phase>(phases: readonly P[]) => phases.map((phase) => ({ name: phase.name, phase }));

describe('a card that comes out', () => {
  const free = [PHASES.rest, PHASES.reading, PHASES.identifying, PHASES.who, PHASES.amount, PHASES.ordering];

  it.each(named([...free, PHASES.resume]))('is the end of it before an order: $name', ({ phase }) => {
    isOut(phase, idle);
  });

  it('is waited for where its order is paid', () => {
    isOut(PHASES.rereading, { name: 'pulled', ticket: ticket('sold') });
    isOut(PHASES.otherCard, { name: 'pulled', ticket: ticket('paid') });
    isOut(PHASES.selling, { name: 'pulled', ticket: ticket('paid') });
  });

  it('may go home once the screen has said so', () => {
    isOut({ ...PHASES.selling, slow: true }, { ...PHASES.selling, slow: true, slot: null });
    const silent = { ...PHASES.silent, slow: false };
    isOut(silent, { ...silent, slow: true, slot: null });
  });

  it('brings staff who help back to their desk once it ended well', () => {
    for (const phase of [PHASES.done, { ...HOME.credited, slot: SLOT }]) {
      const before = stateIn(phase, { present: [], assisted: true });
      expect(onSlots(before, T)).toEqual(enter(before, idle, T));
    }
    for (const phase of [PHASES.refund, PHASES.expired]) {
      const before = stateIn(phase, { present: [], assisted: true });
      expect(onSlots(before, T).state.phase.name).toBe(phase.name);
    }
  });

  it.each([
    ['a phone paid', { says: 'phone-paid', receipt: null }, 'done'],
    ['cash is to be handed back', { says: 'paid', receipt: { ...receipt, handBackFen: 1 } }, 'done'],
    ['it was paid', { says: 'paid', receipt }, 'idle'],
    ['its receipt is not there yet', { says: 'paid', receipt: null }, 'idle'],
  ] as const)('leaves staff at what they must read: %s', (_, says, name) => {
    const cash = { orderNo: NO, asOf: '', ...says };
    const before = stateIn(PHASES.done, { present: [], assisted: true, cash });
    expect(onSlots(before, T).state.phase.name).toBe(name);
    const other = { ...before, cash: { ...cash, orderNo: 'another' } };
    expect(onSlots(other, T).state.phase.name).toBe('idle');
  });

  it('has its code closed', () => {
    isOut(PHASES.pay, PHASES.leaving);
    for (const phase of [PHASES.closing, PHASES.expiring]) {
      const leaving: Phase = { ...phase, slot: null, then: 'gone' };
      expect(onSlots(empty(phase), T)).toEqual(update(empty(phase), leaving));
    }
  });

  it('of which cash is being recorded is waited for', () => {
    expect(onSlots(empty(CASH.taking), T)).toEqual(update(empty(CASH.taking), out(CASH.taking)));
    expect(onSlots(empty(CASH.asking), T).state.phase).toMatchObject({ name: 'closing', then: 'gone' });
  });

  it('while it is written is for the write to find', () => {
    expect(onSlots(empty(PHASES.writing), T)).toEqual(stay(empty(PHASES.writing)));
  });

  it.each(named([PHASES.done, PHASES.refund, PHASES.expired]))(
    'is called out no more, and what is said of it stays: $name',
    ({ phase }) => {
      isOut(phase, out(phase));
      isOut({ ...phase, forgotten: true }, out(phase));
    },
  );

  it('is no longer there to be chosen, and the question stays', () => {
    const { choosingCardIn } = HOME;
    const gone: Phase = { ...choosingCardIn, slot: null, card: null };
    expect(onSlots(empty(choosingCardIn), T)).toEqual(update(empty(choosingCardIn), gone));
    expect(onSlots(empty(HOME.failedCardIn), T)).toEqual(update(empty(HOME.failedCardIn), HOME.failed));
  });

  it('changes nothing that is about no card', () => {
    for (const phase of [HOME.describing, HOME.recalling, HOME.crediting, HOME.ordering, HOME.pay]) {
      expect(onSlots(empty(phase), T)).toEqual(stay(empty(phase)));
    }
    const inUse = stateIn(PHASES.pay);
    expect(onSlots(inUse, T)).toEqual(stay(inUse));
  });
});

describe('a card that comes out at a problem', () => {
  it('is waited for where its order is paid', () => {
    const hidden = problem({ again: PHASES.writing });
    isOut(hidden, { name: 'pulled', ticket: ticket('writing') });
  });

  it('has its code closed', () => {
    const hidden = problem({ again: PHASES.pay });
    const abandon = { do: 'abandon', orderNo: NO } as const;
    expect(onSlots(empty(hidden), T)).toEqual(also(enter(empty(hidden), idle, T), abandon));
  });

  it('leaves an order number there to be written down', () => {
    const told = problem({ orderNo: NO, moneySafe: 'safe-with-order', again: PHASES.who, auto: true });
    isOut(told, { ...told, slot: null, again: null, auto: false });
  });

  it('is the end of it else', () => {
    isOut(problem({ again: PHASES.who }), idle);
    isOut(problem(), idle);
  });
});

describe('a card that comes', () => {
  const reading = (slot: string): Phase => ({ name: 'reading', slot, ticket: null, tries: 0 });

  it('is read where one is waited for', () => {
    const state = stateIn(PHASES.idle, { present: [SECOND] });
    expect(onArrived(state, T)).toEqual(enter(state, reading(SECOND), T));
    expect(onSlots(state, T)).toEqual(enter(state, reading(SECOND), T));
    const busy = stateIn(PHASES.pay);
    expect(onArrived(busy, T)).toEqual(stay(busy));
    expect(onArrived(empty(PHASES.idle), T)).toEqual(stay(empty(PHASES.idle)));
  });

  it('is read for the order that waits for it', () => {
    const state = stateIn(PHASES.pulled, { present: [SLOT] });
    expect(onSlots(state, T)).toEqual(enter(state, { ...PHASES.reading, ticket: ticket('paid') }, T));
  });

  it('closes the order that a problem of a household without one hides', () => {
    const hidden = stateIn(problem({ slot: null, again: HOME.pay }), { present: [SLOT] });
    const abandon = { do: 'abandon', orderNo: NO } as const;
    expect(onArrived(hidden, T)).toEqual(also(enter(hidden, reading(SLOT), T), abandon));
  });

  it('in place of one that left is read, after what the leaving asks for', () => {
    const state = stateIn(PHASES.who, { present: [SECOND] });
    const { state: after, effects } = onSlots(state, T);
    expect(after).toEqual({ ...state, turn: state.turn + 2, phase: reading(SECOND) });
    expect(effects).toEqual([{ do: 'read', turn: state.turn + 2, slot: SECOND, afterMs: 0 }]);
    const paying = stateIn(problem({ again: PHASES.pay }), { present: [SECOND] });
    expect(onSlots(paying, T).effects.map((effect) => effect.do)).toEqual(['abandon', 'read']);
  });
});

describe('a reader that is plugged in', () => {
  it.each(named([PHASES.rest, PHASES.reading, PHASES.identifying, PHASES.who, PHASES.amount, PHASES.resume]))(
    'leaves the one card where it is: $name',
    ({ phase }) => {
      const state = stateIn(phase, { readers: ['R', 'S'] });
      expect(onSlots(state, T)).toEqual(stay(state));
    },
  );
});

describe('a second card', () => {
  const undecided = [PHASES.rest, PHASES.identifying, PHASES.who, PHASES.amount, PHASES.resume];

  it.each(named([...undecided, PHASES.reading]))('leaves neither served: $name', ({ phase }) => {
    expect(onSlots(both(phase), T)).toEqual(enter(both(phase), idle, T));
  });

  it.each(
    named([PHASES.ordering, PHASES.pay, PHASES.selling, PHASES.writing, PHASES.rereading, PHASES.done]),
  )('does not disturb what is under way: $name', ({ phase }) => {
    expect(onSlots(both(phase), T)).toEqual(stay(both(phase)));
  });

  it('is not taken where one is waited for', () => {
    expect(onArrived(both(PHASES.idle), T)).toEqual(stay(both(PHASES.idle)));
  });
});
