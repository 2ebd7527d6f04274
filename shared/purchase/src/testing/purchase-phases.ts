import type { Phase, PhaseName, PurchaseState } from '../purchase/state.ts';
import type { Step } from '../purchase/step.ts';
import { PHASES as CARD, SLOT, TURN } from './card-purchase-states.ts';
import { PHASES as CASH } from './cash-purchase-states.ts';
import { PHASES as HOME } from './home-purchase-states.ts';

type Problem = Extract<Phase, { name: 'problem' }>;

/** A problem with nothing taken, at the end of its road but for what a test says. */
export function problem(over: Partial<Problem> = {}): Problem {
  return {
    ...{ name: 'problem', slot: SLOT, trouble: { code: 'unexpected', staffCode: 'x' }, orderNo: null },
    ...{ moneySafe: 'nothing-taken', again: null, auto: false, ...over },
  };
}

/** At least one of each name, but for these. */
export function phasesBut(...names: readonly PhaseName[]): readonly Phase[] {
  const all: readonly Phase[] = [
    ...[...Object.values(CARD), ...Object.values(CASH), ...Object.values(HOME)],
    ...[{ name: 'starting' } as const, problem()],
  ];
  return all.filter(({ name }) => !names.includes(name));
}

/** With the phase's card in, where it is about one. */
export function stateIn(phase: Phase, over: Partial<PurchaseState> = {}): PurchaseState {
  const present = 'slot' in phase && phase.slot !== null ? [phase.slot] : [];
  return { turn: TURN, phase, readers: ['R'], present, ...over };
}

export const out = <P extends Phase>(phase: P) => ({ ...phase, slot: null });

/** The phases in which this does anything at all. */
export function movesIn(does: (state: PurchaseState) => Step, phases = phasesBut()): ReadonlySet<PhaseName> {
  const moved = phases.filter((phase) => {
    const state = stateIn(phase);
    const step = does(state);
    return step.state !== state || step.effects.length > 0;
  });
  return new Set(moved.map(({ name }) => name));
}
