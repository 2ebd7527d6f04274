import { describe, expect, it } from 'vitest';
import { NO, order, PHASES, SLOT } from '../../testing/card-purchase-states.ts';
import { offers, PHASES as CASH } from '../../testing/cash-purchase-states.ts';
import { PHASES as HOME } from '../../testing/home-purchase-states.ts';
import { out, phasesBut, problem, stateIn } from '../../testing/purchase-phases.ts';
import type { Phase } from '../state.ts';
import { also, enter, stay, update } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { asksFirst, wakeOf } from '../wake.ts';
import { onTimer } from './timer.ts';

/** The wait is over, and no answer came to the question whether anybody is here. */
const over = (phase: Phase) => onTimer(asked(phase), 1_000, T);
const asked = (phase: Phase) => stateIn(phase, asksFirst(phase) ? { asking: 900 } : {});
const entered = (phase: Phase, next: Phase) => enter(asked(phase), next, T);
const idle: Phase = { name: 'idle' };
const abandon = { do: 'abandon', orderNo: NO } as const;

describe('a wait that is over', () => {
  it('asks a household first whether it is here, for as long as it may take', () => {
    for (const phase of [HOME.number, HOME.who, PHASES.pulled, CASH.asking, out(PHASES.done)]) {
      const before = stateIn(phase);
      expect(onTimer(before, 1_000, T)).toEqual(stay({ ...before, asking: 1_000 + T.askMs }));
    }
  });

  it('ends nothing that has no wait', () => {
    const without = phasesBut().filter((phase) => wakeOf(phase, T) === null);
    expect(without.length).toBeGreaterThan(10);
    for (const phase of without) {
      const state = stateIn(phase, { asking: 900 });
      expect(onTimer(state, 1_000, T)).toEqual(stay(state));
    }
  });

  it.each(
    [HOME.number, HOME.proof, HOME.who, HOME.amount, HOME.credited, HOME.failed, HOME.bring].map((phase) => ({
      ...{ name: phase.name, phase },
    })),
  )('makes room for others: $name', ({ phase }) => {
    expect(over(phase)).toEqual(entered(phase, idle));
  });

  it('makes room where a card was pulled, or went home', () => {
    for (const phase of [PHASES.pulled, out(PHASES.silent), out(PHASES.done), HOME.slow, HOME.expired]) {
      expect(over(phase)).toEqual(entered(phase, idle));
    }
  });

  it('calls a card out that is left behind', () => {
    for (const phase of [PHASES.rest, PHASES.done, PHASES.refund, PHASES.expired]) {
      expect(over(phase)).toEqual(update(stateIn(phase), { ...phase, forgotten: true }));
    }
  });

  it('says that grid and meter are slow', () => {
    expect(over(PHASES.selling)).toEqual(update(stateIn(PHASES.selling), { ...PHASES.selling, slow: true }));
    expect(over(HOME.crediting)).toEqual(update(stateIn(HOME.crediting), { ...HOME.crediting, slow: true }));
  });

  it('serves the person in front of it: another card is read for what it is', () => {
    expect(over(PHASES.otherCard)).toEqual(entered(PHASES.otherCard, PHASES.reading));
  });

  it('has staff go back to the code, and asks about cash that is on its way', () => {
    expect(over(CASH.asking)).toEqual(entered(CASH.asking, CASH.pay));
    const { offer } = offers;
    const unsure: Phase = { ...CASH.taking, step: { is: 'unsure', offer, tries: 0 } };
    expect(over(CASH.taking)).toEqual(entered(CASH.taking, unsure));
  });
});

describe('a code that is not paid in time', () => {
  it('is closed', () => {
    expect(over(PHASES.pay)).toEqual(entered(PHASES.pay, PHASES.expiring));
  });

  it('never came: nothing was taken, and it can be asked for again', () => {
    const trouble = { code: 'channel-down', staffCode: 'payment.channel-unavailable' } as const;
    const { payment, ...rest } = order('created');
    const none: readonly Phase[] = [
      { ...PHASES.pay, order: { ...rest, payment: null } },
      { ...PHASES.pay, order: { ...rest, payment: payment && { ...payment, codeUrl: null } } },
    ];
    for (const phase of none) {
      expect(over(phase)).toEqual(entered(phase, problem({ trouble, orderNo: NO, again: phase })));
    }
  });

  it('is asked about eight times before the network is said to be down', () => {
    for (const phase of [PHASES.closing, PHASES.expiring]) {
      const sixth: Phase = { ...phase, tries: 6 };
      expect(over(sixth)).toEqual(entered(sixth, { ...phase, tries: 7 }));
      const seventh: Phase = { ...phase, tries: 7 };
      const trouble = { code: 'server-away', staffCode: 'server.unavailable' } as const;
      const safe = { orderNo: NO, moneySafe: 'safe-with-order', auto: true } as const;
      expect(over(seventh)).toEqual(entered(seventh, problem({ trouble, ...safe, again: phase })));
    }
  });

  it('is asked about three times where its household has gone, and then left to the server', () => {
    const first = PHASES.leaving;
    expect(over(first)).toEqual(entered(first, { ...first, tries: 1 }));
    const last: Phase = { ...first, tries: 2 };
    expect(over(last)).toEqual(also(entered(last, idle), abandon));
  });
});

describe('a problem that stays', () => {
  it('is tried again where it passes by itself', () => {
    const passing = problem({ auto: true, again: PHASES.identifying });
    expect(over(passing)).toEqual(entered(passing, PHASES.identifying));
  });

  it('makes room where it does not, and closes what it hides', () => {
    const end = problem({ slot: null });
    expect(over(end)).toEqual(entered(end, idle));
    const hiding = problem({ slot: null, again: HOME.pay });
    expect(over(hiding)).toEqual(also(entered(hiding, idle), abandon));
    const lost = problem({ auto: true });
    expect(over(lost)).toEqual(entered(lost, idle));
  });

  it('is waited at with its card in', () => {
    const state = stateIn(problem({ slot: SLOT, again: PHASES.who }));
    expect(onTimer(state, 1_000, T)).toEqual(stay(state));
  });
});
