import type { RemoteCustomer } from '../../api/remote.ts';
import { enter, freeProblem, stay } from '../step.ts';
import type { Step } from '../step.ts';
import { isPassing, troubleOf } from '../problems.ts';
import type { KnownHome, Phase, PurchaseState, PurchaseTimings } from '../state.ts';
import type { PurchaseCommand } from '../view.ts';

/** A number of the grid's, of which only whether it can be one is known here. */
const CUSTOMER_NO = /^[0-9A-Za-z]{4,20}$/;

type HomeCommand = Extract<PurchaseCommand, { type: 'without-card' | 'customer-no' | 'proof' }>;

/** Buying without the card: which household, and its phone's proof. */
export function onHomeCommand(state: PurchaseState, command: HomeCommand, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (command.type) {
    case 'without-card':
      // A card that is in says better whose it is.
      if (phase.name !== 'idle' || state.present.length > 0) return stay(state);
      return enter(state, { name: 'customer-no' }, timings);
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

/** The grid knows the household, and its phone has proven that it may buy here. */
export function onDescribed(state: PurchaseState, answer: RemoteCustomer, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (phase.name !== 'describing') return stay(state);
  if (answer.blocked !== null) {
    return enter(state, freeProblem(null, troubleOf(answer.blocked), { name: 'customer-no' }), timings);
  }
  const { customer, meter, limits } = answer;
  const buyer: KnownHome = {
    customerNo: phase.customerNo,
    proof: phase.proof,
    household: {
      ...customer,
      balanceFen: meter.balanceFen,
      balanceAt: meter.readAt,
      arrearsFen: meter.arrearsFen,
    },
    limits,
  };
  return enter(state, { name: 'who', slot: null, buyer }, timings);
}

/** Neither described nor ordered. Only the digits are asked for again where only they were wrong. */
export function onHomeRefused(
  state: PurchaseState,
  init: { readonly customerNo: string; readonly asked: Phase; readonly code: string },
  timings: PurchaseTimings,
): Step {
  const { customerNo, asked, code } = init;
  if (code === 'customer.not-proven') {
    return enter(state, { name: 'proof', customerNo, fault: 'wrong' }, timings);
  }
  const trouble = troubleOf(code);
  const again: Phase = isPassing(trouble.code) ? asked : { name: 'customer-no' };
  return enter(state, freeProblem(null, trouble, again), timings);
}
