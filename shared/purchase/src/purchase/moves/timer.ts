import { also, enter, leave, orderProblem, stay, update } from '../step.ts';
import type { Step } from '../step.ts';
import { asksFirst, wakeOf } from '../wake.ts';
import { onCashTimer } from './cash.ts';
import { closingOf } from './closing.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { PurchaseTimings } from '../timings.ts';

/** Questions whether a code was paid, before the person is told that the network is down. */
const CLOSING_TRIES = 8;
/** The same when the person has gone: others wait for the kiosk. */
const CLOSING_TRIES_GONE = 3;

/** The phase's own wait is over, or no answer came in time. */
export function onTimer(state: PurchaseState, at: number, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (wakeOf(phase, timings) === null) return stay(state);
  if (state.asking === undefined && asksFirst(phase)) return stay({ ...state, asking: at + timings.askMs });
  switch (phase.name) {
    case 'pay':
      if (phase.order.payment?.codeUrl == null) return noCode(state, phase, timings);
      return enter(state, closingOf(phase, 'expired'), timings);
    case 'cash':
      return onCashTimer(state, phase, timings);
    case 'closing':
      return stillOpen(state, phase, timings);
    case 'selling':
      if (phase.slot === null) return enter(state, { name: 'idle' }, timings);
      return update(state, { ...phase, slow: true });
    case 'crediting':
      if (phase.slow) return left(state, phase.slot, timings);
      return update(state, { ...phase, slow: true });
    case 'other-card':
      // Its order keeps at the server; the person in front of us is this one.
      return enter(state, { name: 'reading', slot: phase.slot, ticket: null, tries: 0 }, timings);
    case 'customer-no':
    case 'proof':
    case 'who':
    case 'amount':
    case 'credit-failed':
    case 'bring-card':
    case 'pulled':
      return enter(state, { name: 'idle' }, timings);
    case 'credited':
      return left(state, phase.slot, timings);
    case 'rest':
    case 'done':
    case 'refund':
    case 'expired':
      return overtime(state, phase, timings);
    case 'problem':
      if (phase.auto && phase.again !== null) return enter(state, phase.again, timings);
      return leave(state, { name: 'idle' }, timings);
    default:
      return stay(state);
  }
}

/** Nobody is here any more; a card that lies there is not read anew. */
function left(state: PurchaseState, slot: string | undefined, timings: PurchaseTimings): Step {
  return enter(state, slot === undefined ? { name: 'idle' } : { name: 'rest', slot }, timings);
}

/** An end screen whose card is out makes room; one whose card lies there calls it out. */
function overtime(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'rest' | 'done' | 'refund' | 'expired' }>,
  timings: PurchaseTimings,
): Step {
  if (phase.slot === null) return enter(state, { name: 'idle' }, timings);
  return update(state, { ...phase, forgotten: true });
}

/** Asked for, and neither a code nor a refusal came. */
function noCode(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'pay' }>,
  timings: PurchaseTimings,
): Step {
  const problem: Phase = {
    name: 'problem',
    slot: phase.slot,
    trouble: { code: 'channel-down', staffCode: 'payment.channel-unavailable' },
    orderNo: phase.order.orderNo,
    moneySafe: 'nothing-taken',
    again: phase,
    auto: false,
  };
  return enter(state, problem, timings);
}

function stillOpen(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'closing' }>,
  timings: PurchaseTimings,
): Step {
  const { orderNo } = phase.order;
  const tries = phase.tries + 1;
  if (phase.then === 'gone') {
    if (tries < CLOSING_TRIES_GONE) return enter(state, { ...phase, tries }, timings);
    return also(enter(state, { name: 'idle' }, timings), { do: 'abandon', orderNo });
  }
  if (tries < CLOSING_TRIES) return enter(state, { ...phase, tries }, timings);
  return enter(
    state,
    orderProblem({
      slot: phase.slot,
      trouble: { code: 'server-away', staffCode: 'server.unavailable' },
      orderNo,
      again: { ...phase, tries: 0 },
      auto: true,
    }),
    timings,
  );
}
