import type { CardLeft, Phase, PurchaseState } from './state.ts';
import type { Trouble } from './problems.ts';
import type { CashStep } from './cash-step.ts';
import type { PurchaseTimings } from './timings.ts';

/** When to wake the machine in this phase. `at`: wall clock, ms. */
export type Wake = { readonly afterMs: number } | { readonly at: number } | null;

/** The wait that belongs to a phase; the timer event comes when it is over. */
export function wakeOf(phase: Phase, timings: PurchaseTimings): Wake {
  switch (phase.name) {
    case 'pay': {
      const payment = phase.order.payment;
      if (payment?.codeUrl == null || payment.expiresAt === null) return { afterMs: timings.codeMs };
      return { at: Date.parse(payment.expiresAt) + phase.skewMs };
    }
    case 'cash':
      if (phase.step.is === 'checking' || phase.step.is === 'unsure') return null;
      return { afterMs: timings.unansweredMs };
    case 'closing':
      return { afterMs: timings.closingMs };
    case 'selling':
      if (phase.slot === null) return { afterMs: timings.lingerMs };
      return phase.slow ? null : { afterMs: timings.silentMs };
    case 'customer-no':
    case 'proof':
    case 'bring-card':
      return { afterMs: timings.unansweredMs };
    case 'who':
    case 'amount':
    case 'credit-failed':
      return phase.slot === null ? { afterMs: timings.unansweredMs } : null;
    case 'crediting':
      return { afterMs: phase.slow ? timings.unansweredMs : timings.silentMs };
    case 'credited':
      return { afterMs: timings.readMs };
    case 'pulled':
      return { afterMs: timings.pulledMs };
    case 'other-card':
      return { afterMs: timings.otherCardMs };
    case 'expired':
      if (phase.customerNo !== undefined || phase.homeId !== undefined)
        return { afterMs: timings.unansweredMs };
      return endWake(phase, timings);
    case 'rest':
    case 'done':
    case 'refund':
      return endWake(phase, timings);
    case 'problem':
      if (phase.auto) return { afterMs: retryAfter(phase.trouble, timings) };
      if (phase.slot !== null) return null;
      return { afterMs: phase.again === null ? timings.lingerMs : timings.unansweredMs };
    default:
      return null;
  }
}

/** The wait of the state: that of its phase, or that for an answer whether the household is here. */
export function waitOf(state: PurchaseState, timings: PurchaseTimings): Wake {
  return state.asking === undefined ? wakeOf(state.phase, timings) : { at: state.asking };
}

/** What is said to last is asked about every minute, so that the screen tells what is left of it. */
function retryAfter({ waitMs }: Trouble, { retryMs }: PurchaseTimings): number {
  return waitMs === undefined ? retryMs : Math.min(Math.max(waitMs, retryMs), 60_000);
}

/** Whether a household may be reading or thinking when the phase's wait is over: it is asked first. */
export function asksFirst(phase: Phase): boolean {
  switch (phase.name) {
    case 'customer-no':
    case 'proof':
    case 'who':
    case 'amount':
    case 'credited':
    case 'credit-failed':
    case 'bring-card':
    case 'pulled':
      return true;
    case 'cash':
      return isWithStaff(phase.step);
    case 'crediting':
      return phase.slow;
    // With its card in, it is not left at all.
    case 'selling':
    case 'done':
    case 'refund':
    case 'expired':
      return phase.slot === null;
    case 'problem':
      return !phase.auto;
    default:
      return false;
  }
}

/** Nothing is left to do but to take the card: it is waited for without an end, and called out. */
function endWake(phase: CardLeft, { lingerMs, forgottenMs }: PurchaseTimings): Wake {
  if (phase.slot === null) return { afterMs: lingerMs };
  return phase.forgotten === true ? null : { afterMs: forgottenMs };
}

/** Whether staff are to do something, and nothing of theirs is under way. */
export function isWithStaff({ is }: CashStep): boolean {
  return is === 'asking' || is === 'offered' || is === 'refused';
}
