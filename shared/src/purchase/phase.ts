import type { OrderView } from '../api/order.ts';
import { claimOf } from './buyer.ts';
import type {
  CardLeft,
  CashStep,
  Phase,
  PurchaseEffect,
  PurchaseState,
  PurchaseTimings,
  Ticket,
  Trouble,
} from './state.ts';

/** When to wake the machine in this phase. `at`: wall clock, ms. */
export type Wake = { readonly afterMs: number } | { readonly at: number } | null;

/** What entering a phase asks for. A phase asks for one thing at most; the answer carries its turn. */
export function effectOf(phase: Phase, turn: number, timings: PurchaseTimings): PurchaseEffect | null {
  switch (phase.name) {
    case 'reading':
      return { do: 'read', turn, slot: phase.slot, afterMs: phase.tries === 0 ? 0 : timings.rereadMs };
    case 'identifying':
      return { do: 'identify', turn };
    case 'ordering':
      return {
        do: 'create-order',
        turn,
        of: claimOf(phase.buyer),
        faceFen: phase.faceFen,
        key: phase.key,
      };
    case 'describing':
      return { do: 'describe', turn, customerNo: phase.customerNo, proof: phase.proof };
    case 'recalling':
      return { do: 'recall', turn, homeId: phase.homeId };
    case 'choosing':
      return { do: 'choose', turn, orderNo: phase.order.orderNo, choice: phase.choice };
    case 'pay':
      return { do: 'create-payment', turn, orderNo: phase.order.orderNo, channel: phase.channel };
    case 'cash':
      return cashEffectOf(phase, turn, timings);
    case 'closing':
      return { do: 'cancel', turn, orderNo: phase.order.orderNo };
    case 'writing':
      return {
        do: 'write',
        turn,
        slot: phase.slot,
        orderNo: phase.ticket.order.orderNo,
        serial: phase.ticket.serial,
      };
    default:
      return null;
  }
}

/** Checking is asked for by whoever enters it: the PIN is in no phase. */
function cashEffectOf(
  { step, pay }: Extract<Phase, { name: 'cash' }>,
  turn: number,
  { retryMs }: PurchaseTimings,
): PurchaseEffect | null {
  const { orderNo } = pay.order;
  switch (step.is) {
    case 'taking':
      return { do: 'take-cash', turn, orderNo, ticket: step.offer.ticket };
    case 'unsure':
      return { do: 'ask-cash', turn, orderNo, afterMs: step.tries === 0 ? 0 : retryMs };
    default:
      return null;
  }
}

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

/** The wait of the state: that of its phase, or that for an answer of whoever may be here. */
export function waitOf(state: PurchaseState, timings: PurchaseTimings): Wake {
  return state.asking === undefined ? wakeOf(state.phase, timings) : { at: state.asking };
}

/** What is said to last is asked about every minute, so that the screen tells what is left of it. */
function retryAfter({ waitMs }: Trouble, { retryMs }: PurchaseTimings): number {
  return waitMs === undefined ? retryMs : Math.min(Math.max(waitMs, retryMs), 60_000);
}

/** Whether somebody may be reading or thinking when the phase's wait is over: they are asked before it is left. */
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

export function slotOf(phase: Phase): string | null {
  return 'slot' in phase ? phase.slot : null;
}

/** The paid order that would be left behind if this phase were left. */
export function ticketOf(phase: Phase): Ticket | null {
  if ('ticket' in phase) return phase.ticket;
  return phase.name === 'problem' && phase.again !== null ? ticketOf(phase.again) : null;
}

/** The order that may still be paid and that nobody will look after once this phase is left. */
export function openOrderOf(phase: Phase): OrderView | null {
  if (phase.name === 'pay' || phase.name === 'closing') return phase.order;
  if (phase.name === 'cash') return phase.pay.order;
  return phase.name === 'problem' && phase.again !== null ? openOrderOf(phase.again) : null;
}

/** The order whose changes matter here. */
export function watchedOrder(phase: Phase): OrderView | null {
  return openOrderOf(phase) ?? ticketOf(phase)?.order ?? ownOrderOf(phase);
}

/** The order of a phase that is about nothing but its order. */
function ownOrderOf(phase: Phase): OrderView | null {
  switch (phase.name) {
    case 'crediting':
    case 'credited':
    case 'credit-failed':
    case 'choosing':
    case 'bring-card':
    case 'expired':
    case 'refund':
      return phase.order;
    case 'problem':
      return phase.again === null ? null : ownOrderOf(phase.again);
    default:
      return null;
  }
}

/** Whether a card that comes now is read at once, and whose it must be. */
export function awaiting(phase: Phase): { readonly ticket: Ticket | null } | null {
  switch (phase.name) {
    case 'idle':
    case 'customer-no':
    case 'proof':
    case 'bring-card':
    case 'credited':
      return { ticket: null };
    case 'pulled':
      return { ticket: phase.ticket };
    case 'crediting':
      return phase.slow ? { ticket: null } : null;
    case 'who':
    case 'amount':
    case 'credit-failed':
    case 'done':
    case 'refund':
    case 'expired':
    case 'selling':
      return phase.slot === null ? { ticket: null } : null;
    case 'problem':
      return phase.slot === null ? { ticket: ticketOf(phase) } : null;
    default:
      return null;
  }
}

/** Whether the card of this phase is (still) in its slot. */
export function cardIsIn(state: PurchaseState): boolean {
  const slot = slotOf(state.phase);
  return slot !== null && state.present.includes(slot);
}
