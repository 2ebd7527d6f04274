import type { CashOffer, CashReceipt } from '../../api/float.ts';
import { isHome } from '../buyer.ts';
import { isWithStaff } from '../wake.ts';
import { also, enter, stay, update } from '../step.ts';
import type { Step } from '../step.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { CashBy, CashStep } from '../cash-step.ts';
import type { PurchaseTimings } from '../timings.ts';
import type { PurchaseCommand } from '../view/command.ts';
import { closingOf } from './closing.ts';
import { faultOf, isPinEnough, refusalOf } from './cash-refusal.ts';

type Cash = Extract<Phase, { name: 'cash' }>;
type CashCommand = Extract<PurchaseCommand, { type: 'cash' | 'cash-staff' | 'cash-pin' | 'cash-taken' }>;
type Asking = Extract<CashStep, { is: 'asking' }>;

/** Answers that nothing was recorded, after each of which it is sent again, before the order is closed on their evidence. */
const TRIES = 6;
/** Questions whether it was recorded once the card is gone: others wait for the kiosk. */
const TRIES_GONE = 3;

/** Staff take cash in place of the code. */
export function onCashCommand(state: PurchaseState, command: CashCommand, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (command.type) {
    case 'cash': {
      if (phase.name !== 'pay') return stay(state);
      const cash = { name: 'cash', slot: phase.slot, pay: phase, held: false } as const;
      // Staff who help are signed in.
      if (state.assisted === true) return check(state, cash, { shift: true }, timings);
      return enter(state, asking(cash, { fault: null }), timings);
    }
    case 'cash-staff': {
      if (phase.name !== 'cash' || phase.step.is !== 'asking') return stay(state);
      const { staff, pin } = command;
      return check(state, phase, { staff, pin }, timings);
    }
    case 'cash-pin':
      if (phase.name !== 'cash' || phase.step.is !== 'asking' || phase.step.pinOnly !== true)
        return stay(state);
      return check(state, phase, { shift: true, pin: command.pin }, timings);
    case 'cash-taken':
      if (phase.name !== 'cash' || phase.step.is !== 'offered') return stay(state);
      return enter(
        state,
        { ...phase, held: true, step: { is: 'taking', offer: phase.step.offer, tries: 0 } },
        timings,
      );
  }
}

/** Staff have gone, or the order that came back was not paid after all. */
export function onCashTimer(state: PurchaseState, phase: Cash, timings: PurchaseTimings): Step {
  if (phase.step.is !== 'taking') return leaveCash(state, phase, timings);
  return enter(state, { ...phase, step: { ...phase.step, is: 'unsure' } }, timings);
}

/** Back to the code, which may still be paid. While cash is being recorded there is no way back. */
export function leaveCash(state: PurchaseState, phase: Cash, timings: PurchaseTimings): Step {
  return isWithStaff(phase.step) ? toCode(state, phase, timings) : stay(state);
}

export function onCashOffered(state: PurchaseState, offer: CashOffer, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (phase.name !== 'cash') return stay(state);
  return enter(state, { ...phase, step: { is: 'offered', offer } }, timings);
}

/** The server says whether the cash was recorded. */
export function onCashAsked(
  state: PurchaseState,
  receipt: CashReceipt | null,
  timings: PurchaseTimings,
): Step {
  const { phase } = state;
  if (phase.name !== 'cash' || phase.step.is !== 'unsure') return stay(state);
  const { offer, tries, unrecorded = 0 } = phase.step;
  // It was: the order itself leads on from here.
  if (receipt !== null) return also(unsure(state, phase, phase.step, timings), refresh(phase));
  if (unrecorded < TRIES) {
    const step = { is: 'taking', offer, tries: tries + 1, unrecorded: unrecorded + 1 } as const;
    return enter(state, { ...phase, step }, timings);
  }
  // Once the order is closed nothing of it can be recorded any more: only then may the cash be handed back.
  return enter(state, closingOf({ ...phase.pay, slot: phase.slot }, 'expired'), timings);
}

/** Neither offered, nor taken, nor known. */
export function onCashFailed(
  state: PurchaseState,
  phase: Cash,
  failure: { readonly code: string; readonly waitMs?: number },
  timings: PurchaseTimings,
): Step {
  const { code } = failure;
  const { step } = phase;
  if (step.is === 'unsure') return unsure(state, phase, step, timings);
  const why = refusalOf(code);
  if (why !== undefined) return enter(state, { ...phase, step: { is: 'refused', why } }, timings);
  const isOver = code === 'order.already-paid' || code === 'order.closed';
  switch (step.is) {
    case 'checking': {
      const { waitMs } = failure;
      const ask = {
        fault: isOver ? null : faultOf(code),
        ...(isPinEnough(code, step.by !== undefined) ? { pinOnly: true as const } : {}),
        ...(waitMs === undefined ? {} : { waitMs }),
      };
      const next = enter(state, asking(phase, ask), timings);
      // It was paid or closed meanwhile: the order says which.
      return isOver ? also(next, refresh(phase)) : next;
    }
    case 'taking':
      if (code === 'float.offer-stale' && state.assisted === true) {
        return check(state, phase, { shift: true }, timings);
      }
      // Nothing was taken by it: somebody else's shift may.
      if (code === 'float.offer-stale' || code === 'auth.forbidden' || code === 'shift.none') {
        return enter(state, asking(phase, { fault: faultOf(code) }), timings);
      }
      if (!isOver) return enter(state, { ...phase, step: { ...step, is: 'unsure' } }, timings);
      return also(enter(state, { ...phase, step: { ...step, is: 'unsure' } }, timings), refresh(phase));
    default:
      return stay(state);
  }
}

/** The card came out. What is being recorded is waited for: it decides whether the card is asked for again. */
export function onCardOutOfCash(state: PurchaseState, phase: Cash, timings: PurchaseTimings): Step {
  if (phase.step.is === 'taking' || phase.step.is === 'unsure') {
    return update(state, { ...phase, slot: null });
  }
  return toCode(state, { ...phase, slot: null }, timings);
}

/** Asked once more, after a while. */
function unsure(
  state: PurchaseState,
  phase: Cash,
  step: Extract<CashStep, { is: 'unsure' }>,
  timings: PurchaseTimings,
): Step {
  const tries = step.tries + 1;
  const isGone = phase.slot === null && !isHome(phase.pay.buyer);
  if (isGone && tries >= TRIES_GONE) return toCode(state, phase, timings);
  return enter(state, { ...phase, step: { ...step, tries } }, timings);
}

function toCode(state: PurchaseState, { pay, slot }: Cash, timings: PurchaseTimings): Step {
  if (slot !== null || isHome(pay.buyer)) return enter(state, { ...pay, slot }, timings);
  return enter(state, closingOf({ ...pay, slot }, 'gone'), timings);
}

function asking(phase: Omit<Cash, 'step'>, of: Omit<Asking, 'is'>): Cash {
  return { ...phase, step: { is: 'asking', ...of } };
}

/** Asks whether they may take it. A PIN is in the question alone. */
function check(state: PurchaseState, phase: Omit<Cash, 'step'>, by: CashBy, timings: PurchaseTimings): Step {
  const step: CashStep =
    'shift' in by ? { is: 'checking', by: by.pin === undefined ? 'shift' : 'shift-pin' } : { is: 'checking' };
  const checking = enter(state, { ...phase, step }, timings);
  const { turn } = checking.state;
  return also(checking, { do: 'offer-cash', turn, orderNo: phase.pay.order.orderNo, by });
}

function refresh({ pay }: Cash): { do: 'refresh'; orderNo: string } {
  return { do: 'refresh', orderNo: pay.order.orderNo };
}
