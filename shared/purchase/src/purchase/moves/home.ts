import type { RemoteCustomer } from '../../api/remote.ts';
import { enter, freeProblem, stay } from '../step.ts';
import type { Step } from '../step.ts';
import { METER_FULL, isPassing, troubleOf } from '../problems.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { BoundHome, KnownHome } from '../buyer.ts';
import type { PurchaseTimings } from '../timings.ts';
import { householdOf, isFull } from '../household-of.ts';
import type { PurchaseCommand } from '../view/command.ts';

/** A number of the grid's, of which only whether it can be one is known here. */
const CUSTOMER_NO = /^[0-9A-Za-z]{4,20}$/;

type HomeCommand = Extract<PurchaseCommand, { type: 'without-card' | 'home' | 'customer-no' | 'proof' }>;

/** Buying without the card: a household that the box keeps, or which one, and its phone's proof. */
export function onHomeCommand(state: PurchaseState, command: HomeCommand, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (command.type) {
    case 'without-card':
      // A card that is in says better whose it is.
      if (phase.name !== 'idle' || state.present.length > 0) return stay(state);
      return enter(state, { name: 'customer-no' }, timings);
    case 'home':
      if (phase.name !== 'idle' || state.present.length > 0) return stay(state);
      return enter(state, { name: 'recalling', homeId: command.homeId }, timings);
    case 'customer-no':
      if (phase.name !== 'customer-no' || !CUSTOMER_NO.test(command.customerNo)) return stay(state);
      return enter(state, { name: 'proof', customerNo: command.customerNo, fault: null }, timings);
    case 'proof':
      if (phase.name !== 'proof') return stay(state);
      return enter(
        state,
        { name: 'describing', customerNo: phase.customerNo, proof: command.proof },
        timings,
      );
  }
}

/** The grid knows the household; its phone has proven that it may buy here, or the box keeps it. */
export function onDescribed(state: PurchaseState, answer: RemoteCustomer, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (phase.name !== 'describing' && phase.name !== 'recalling') return stay(state);
  if (answer.blocked !== null) {
    // What stands in the way of a kept household may be over by the next question.
    const again: Phase = phase.name === 'recalling' ? phase : { name: 'customer-no' };
    return enter(state, freeProblem(null, troubleOf(answer.blocked), again), timings);
  }
  if (isFull(answer)) {
    return enter(state, freeProblem(null, METER_FULL, null), timings);
  }
  const { limits } = answer;
  const household = householdOf(answer);
  if (phase.name === 'recalling') {
    const home: BoundHome = { homeId: phase.homeId, household, limits };
    return enter(state, { name: 'amount', slot: null, buyer: home }, timings);
  }
  const buyer: KnownHome = {
    customerNo: phase.customerNo,
    proof: phase.proof,
    household,
    limits,
  };
  return enter(state, { name: 'who', slot: null, buyer }, timings);
}

/** Neither described nor ordered. Only the digits are asked for again where only they were wrong. */
export function onHomeRefused(
  state: PurchaseState,
  init: {
    readonly of: { readonly customerNo: string } | { readonly homeId: string };
    readonly asked: Phase;
    readonly code: string;
  },
  timings: PurchaseTimings,
): Step {
  const { of, asked, code } = init;
  if (code === 'customer.not-proven' && 'customerNo' in of) {
    return enter(state, { name: 'proof', customerNo: of.customerNo, fault: 'wrong' }, timings);
  }
  const trouble = troubleOf(code);
  const isGone = trouble.code === 'home-gone' || trouble.code === 'customer-unknown';
  const anew: Phase =
    'homeId' in of && !isGone ? { name: 'recalling', homeId: of.homeId } : { name: 'customer-no' };
  const again = isPassing(trouble.code) ? asked : anew;
  return enter(state, freeProblem(null, trouble, again), timings);
}
