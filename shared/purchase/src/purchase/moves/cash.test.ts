import { describe, expect, it } from 'vitest';
import { NO, offers, PHASES, PIN, receipt, SLOT } from '../../testing/cash-purchase-states.ts';
import { movesIn, out, stateIn } from '../../testing/purchase-phases.ts';
import type { CashStep } from '../cash-step.ts';
import type { Phase } from '../state.ts';
import { also, enter, stay } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import {
  leaveCash,
  onCardOutOfCash,
  onCashAsked,
  onCashCommand,
  onCashFailed,
  onCashOffered,
  onCashTimer,
} from './cash.ts';

type Cash = Extract<Phase, { name: 'cash' }>;

const { offer } = offers;
const refresh = { do: 'refresh', orderNo: NO } as const;
const inStep = (phase: Cash, step: CashStep): Cash => ({ ...phase, step });
const failsWith = (phase: Cash, code: string, waitMs?: number) =>
  onCashFailed(stateIn(phase), phase, { code, ...(waitMs === undefined ? {} : { waitMs }) }, T);
const closing = (slot: string | null, then: 'expired' | 'gone'): Phase => {
  const { buyer, order, channel } = PHASES.pay;
  return { name: 'closing', slot, buyer, order, channel, then, tries: 0 };
};

describe('staff who take cash', () => {
  it('begin at a code, and nowhere else', () => {
    const { pay } = PHASES;
    const asking = {
      name: 'cash',
      slot: SLOT,
      pay,
      step: { is: 'asking', fault: null },
      held: false,
    } as const;
    expect(onCashCommand(stateIn(pay), { type: 'cash' }, T)).toEqual(enter(stateIn(pay), asking, T));
    expect(movesIn((state) => onCashCommand(state, { type: 'cash' }, T))).toEqual(new Set(['pay']));
  });

  it('say who they are where they are asked', () => {
    const command = { type: 'cash-staff', staff: '104817', pin: PIN } as const;
    const before = stateIn(PHASES.asking);
    const { state, effects } = onCashCommand(before, command, T);
    expect(state.phase).toEqual(inStep(PHASES.asking, { is: 'checking' }));
    expect(effects).toEqual([
      { do: 'offer-cash', turn: before.turn + 1, orderNo: NO, by: { staff: '104817', pin: PIN } },
    ]);
    expect(movesIn((each) => onCashCommand(each, command, T))).toEqual(new Set(['cash']));
    for (const phase of [PHASES.checking, PHASES.offered, PHASES.taking, PHASES.unsure, PHASES.refused]) {
      expect(onCashCommand(stateIn(phase), command, T)).toEqual(stay(stateIn(phase)));
    }
  });

  it('say their PIN alone where that is asked, and nowhere else', () => {
    const command = { type: 'cash-pin', pin: PIN } as const;
    const before = stateIn(PHASES.pinOnly);
    const { state, effects } = onCashCommand(before, command, T);
    expect(state.phase).toEqual(inStep(PHASES.pinOnly, { is: 'checking', by: 'shift-pin' }));
    expect(effects).toEqual([
      { do: 'offer-cash', turn: before.turn + 1, orderNo: NO, by: { shift: true, pin: PIN } },
    ]);
    for (const phase of [PHASES.asking, PHASES.checking, PHASES.offered, PHASES.taking, PHASES.refused]) {
      expect(onCashCommand(stateIn(phase), command, T)).toEqual(stay(stateIn(phase)));
    }
  });

  it('have it, once it was offered', () => {
    const before = stateIn(PHASES.offered);
    const taking: Cash = { ...PHASES.offered, held: true, step: { is: 'taking', offer, tries: 0 } };
    expect(onCashCommand(before, { type: 'cash-taken' }, T)).toEqual(enter(before, taking, T));
    expect(movesIn((each) => onCashCommand(each, { type: 'cash-taken' }, T))).toEqual(new Set(['cash']));
    for (const phase of [PHASES.asking, PHASES.checking, PHASES.taking, PHASES.unsure, PHASES.refused]) {
      expect(onCashCommand(stateIn(phase), { type: 'cash-taken' }, T)).toEqual(stay(stateIn(phase)));
    }
  });

  it('are told what to take', () => {
    const before = stateIn(PHASES.checking);
    const offered = inStep(PHASES.checking, { is: 'offered', offer });
    expect(onCashOffered(before, offers.offer, T)).toEqual(enter(before, offered, T));
    expect(movesIn((each) => onCashOffered(each, offers.offer, T))).toEqual(new Set(['cash']));
  });

  it('go back to the code, but not while theirs is under way', () => {
    for (const phase of [PHASES.asking, PHASES.offered, PHASES.refused]) {
      expect(leaveCash(stateIn(phase), phase, T)).toEqual(enter(stateIn(phase), PHASES.pay, T));
      expect(onCashTimer(stateIn(phase), phase, T)).toEqual(enter(stateIn(phase), PHASES.pay, T));
    }
    for (const phase of [PHASES.checking, PHASES.taking, PHASES.unsure]) {
      expect(leaveCash(stateIn(phase), phase, T)).toEqual(stay(stateIn(phase)));
    }
  });
});

describe('cash of which no answer came', () => {
  const unsure = (tries: number) => inStep(PHASES.unsure, { is: 'unsure', offer, tries });

  it('is asked about when its order does not come back paid', () => {
    const before = stateIn(PHASES.taking);
    expect(onCashTimer(before, PHASES.taking, T)).toEqual(enter(before, unsure(0), T));
  });

  it('was recorded: the order itself leads on', () => {
    const before = stateIn(PHASES.unsure);
    expect(onCashAsked(before, receipt, T)).toEqual(also(enter(before, unsure(1), T), refresh));
  });

  const after = (unrecorded: number) =>
    inStep(PHASES.unsure, { is: 'unsure', offer, tries: unrecorded, unrecorded });

  it('was not recorded: sent six times more, and then the order is closed', () => {
    for (const unrecorded of [0, 5]) {
      const phase = after(unrecorded);
      const next = { tries: unrecorded + 1, unrecorded: unrecorded + 1 };
      const again = inStep(phase, { is: 'taking', offer, ...next });
      expect(onCashAsked(stateIn(phase), null, T)).toEqual(enter(stateIn(phase), again, T));
    }
    const worn = stateIn(after(6));
    expect(onCashAsked(worn, null, T)).toEqual(enter(worn, closing(SLOT, 'expired'), T));
    const gone = stateIn(out(after(6)));
    expect(onCashAsked(gone, null, T)).toEqual(enter(gone, closing(null, 'expired'), T));
  });

  it('is sent again however long the server was away: only its answers count', () => {
    const phase = unsure(40);
    const again = inStep(phase, { is: 'taking', offer, tries: 41, unrecorded: 1 });
    expect(onCashAsked(stateIn(phase), null, T)).toEqual(enter(stateIn(phase), again, T));
    const asked = inStep(PHASES.unsure, { is: 'unsure', offer, tries: 2, unrecorded: 1 });
    const more = inStep(asked, { is: 'unsure', offer, tries: 3, unrecorded: 1 });
    expect(failsWith(asked, 'server.unavailable')).toEqual(enter(stateIn(asked), more, T));
  });

  it('is no answer to another question', () => {
    expect(movesIn((state) => onCashAsked(state, null, T))).toEqual(new Set(['cash']));
    for (const phase of [PHASES.asking, PHASES.checking, PHASES.offered, PHASES.taking, PHASES.refused]) {
      expect(onCashAsked(stateIn(phase), null, T)).toEqual(stay(stateIn(phase)));
    }
  });

  it('is asked about for as long as its card is in, and three times once that is out', () => {
    for (const tries of [0, 1, 2, 40]) {
      const phase = unsure(tries);
      expect(failsWith(phase, 'server.unavailable')).toEqual(enter(stateIn(phase), unsure(tries + 1), T));
    }
    const second = out(unsure(1));
    expect(failsWith(second, 'server.unavailable')).toEqual(enter(stateIn(second), out(unsure(2)), T));
    const third = out(unsure(2));
    expect(failsWith(third, 'server.unavailable')).toEqual(enter(stateIn(third), closing(null, 'gone'), T));
  });

  it('is asked about without an end of a household without a card', () => {
    const home: Cash = { ...PHASES.homeTaking, step: { is: 'unsure', offer, tries: 2 } };
    const again = inStep(home, { is: 'unsure', offer, tries: 3 });
    expect(failsWith(home, 'server.unavailable')).toEqual(enter(stateIn(home), again, T));
  });
});

describe('cash that is refused', () => {
  it('is refused by the float, offered or taken', () => {
    for (const phase of [PHASES.checking, PHASES.taking]) {
      const refused = inStep(phase, { is: 'refused', why: 'frozen' });
      expect(failsWith(phase, 'float.frozen')).toEqual(enter(stateIn(phase), refused, T));
    }
  });

  it('asks for the PIN once more, and says for how long it is locked', () => {
    const asking = (step: CashStep) => enter(stateIn(PHASES.checking), inStep(PHASES.checking, step), T);
    const wrong = failsWith(PHASES.checking, 'float.bad-pin');
    expect(wrong).toEqual(asking({ is: 'asking', fault: 'wrong' }));
    expect(wrong.state.phase).not.toHaveProperty('step.waitMs');
    expect(failsWith(PHASES.checking, 'request.rate-limited', 60_000)).toEqual(
      asking({ is: 'asking', fault: 'locked', waitMs: 60_000 }),
    );
  });

  it.each(['order.already-paid', 'order.closed'])('asks how the order stands after %s', (code) => {
    const asking = inStep(PHASES.checking, { is: 'asking', fault: null });
    expect(failsWith(PHASES.checking, code)).toEqual(
      also(enter(stateIn(PHASES.checking), asking, T), refresh),
    );
    const unsure = inStep(PHASES.taking, { is: 'unsure', offer, tries: 0 });
    expect(failsWith(PHASES.taking, code)).toEqual(also(enter(stateIn(PHASES.taking), unsure, T), refresh));
  });

  it.each([
    ['float.offer-stale', 'stale'],
    ['auth.forbidden', 'forbidden'],
    ['shift.none', null],
  ] as const)('asks who they are anew after %s', (code, fault) => {
    const asking = inStep(PHASES.taking, { is: 'asking', fault });
    expect(failsWith(PHASES.taking, code)).toEqual(enter(stateIn(PHASES.taking), asking, T));
  });

  it('is asked about after any other failure, and after none where nothing was asked', () => {
    const unsure = inStep(PHASES.taking, { is: 'unsure', offer, tries: 0 });
    expect(failsWith(PHASES.taking, 'server.busy')).toEqual(enter(stateIn(PHASES.taking), unsure, T));
    for (const phase of [PHASES.asking, PHASES.offered, PHASES.refused]) {
      expect(failsWith(phase, 'server.busy')).toEqual(stay(stateIn(phase)));
    }
  });
});

describe('a card that comes out while staff take cash', () => {
  it('is waited for where cash is being recorded', () => {
    for (const phase of [PHASES.taking, PHASES.unsure]) {
      const before = stateIn(phase);
      expect(onCardOutOfCash(before, phase, T)).toEqual(stay({ ...before, phase: out(phase) }));
    }
  });

  it('has its code closed, and leaves a household without a card its own', () => {
    for (const phase of [PHASES.asking, PHASES.checking, PHASES.offered, PHASES.refused]) {
      const before = stateIn(phase);
      expect(onCardOutOfCash(before, phase, T)).toEqual(enter(before, closing(null, 'gone'), T));
    }
    const before = stateIn(PHASES.home);
    expect(leaveCash(before, PHASES.home, T)).toEqual(enter(before, PHASES.home.pay, T));
  });
});
