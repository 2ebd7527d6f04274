import { openOrderOf } from './phase.ts';
import { effectOf } from './effect.ts';
import type { OrderView } from '../api/order.ts';
import type { Phase, PurchaseState } from './state.ts';
import type { Trouble } from './problems.ts';
import type { Ticket } from './ticket.ts';
import type { KnownCard } from './buyer.ts';
import type { PurchaseEffect } from './effect.ts';
import type { PurchaseTimings } from './timings.ts';

/** What one event does. */
export interface Step {
  readonly state: PurchaseState;
  readonly effects: readonly PurchaseEffect[];
}

export function stay(state: PurchaseState): Step {
  return { state, effects: [] };
}

/** Changes what is known within the phase; asks for nothing. */
export function update(state: PurchaseState, phase: Phase): Step {
  return { state: { ...state, phase }, effects: [] };
}

/** Enters a phase: a new turn, and its question. */
export function enter(state: PurchaseState, phase: Phase, timings: PurchaseTimings): Step {
  const turn = state.turn + 1;
  const effect = effectOf(phase, turn, timings);
  return { state: { ...answered(state), turn, phase }, effects: effect === null ? [] : [effect] };
}

/** The household is here after all: the phase has its time anew. */
export function answered(state: PurchaseState): PurchaseState {
  const { asking: _, ...rest } = state;
  return rest;
}

export function also(step: Step, ...effects: readonly PurchaseEffect[]): Step {
  return { state: step.state, effects: [...step.effects, ...effects] };
}

/** Leaves a purchase: what may still be paid is closed behind us. */
export function leave(state: PurchaseState, phase: Phase, timings: PurchaseTimings): Step {
  const open = openOrderOf(state.phase);
  const step = enter(state, phase, timings);
  return open === null ? step : also(step, { do: 'abandon', orderNo: open.orderNo });
}

export function ticketFor(card: KnownCard, order: OrderView): Ticket {
  return { order, serial: card.serial, household: card.household, resumed: false, tries: 0 };
}

export type Problem = Extract<Phase, { name: 'problem' }>;

/** A problem before any money. */
export function freeProblem(slot: string | null, trouble: Trouble, again: Phase | null): Problem {
  return {
    name: 'problem',
    slot,
    trouble,
    orderNo: null,
    moneySafe: 'nothing-taken',
    again,
    auto: false,
  };
}

/** A problem with a paid order, or with one that may be paid by now. */
export function orderProblem(init: {
  slot: string | null;
  trouble: Trouble;
  orderNo: string;
  again: Phase | null;
  auto: boolean;
}): Phase {
  return { name: 'problem', ...init, moneySafe: 'safe-with-order' };
}
