import { also, enter, leave, stay, update } from '../step.ts';
import { awaiting, openOrderOf, slotOf, ticketOf } from '../phase.ts';
import type { Step } from '../step.ts';
import { needsNoCard } from '../buyer.ts';
import { onCardOutOfCash } from './cash.ts';
import { closingOf } from './closing.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { Ticket } from '../ticket.ts';
import type { PurchaseTimings } from '../timings.ts';

/** Readers or cards came or went. */
export function onSlots(state: PurchaseState, timings: PurchaseTimings): Step {
  const slot = slotOf(state.phase);
  const gone = slot !== null && !state.present.includes(slot);
  const two = state.present.length > 1 && isUndecided(state.phase);
  const left = gone || two ? onRemoved(state, timings) : stay(state);
  const arrived = onArrived(left.state, timings);
  return { state: arrived.state, effects: [...left.effects, ...arrived.effects] };
}

/** Reads the one card that is there, where the phase waits for one. Of two cards it takes neither. */
export function onArrived(state: PurchaseState, timings: PurchaseTimings): Step {
  const wanted = awaiting(state.phase);
  const [slot, second] = state.present;
  if (wanted === null || slot === undefined || second !== undefined) return stay(state);
  return leave(state, { name: 'reading', slot, ticket: wanted.ticket, tries: 0 }, timings);
}

/** No order yet: of two cards it cannot be told which one is being topped up, so neither is. */
function isUndecided(phase: Phase): boolean {
  switch (phase.name) {
    case 'rest':
    case 'identifying':
    case 'who':
    case 'amount':
    case 'resume':
    case 'uncredited':
      return true;
    case 'reading':
      return phase.ticket === null;
    default:
      return false;
  }
}

function onRemoved(state: PurchaseState, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (isSeenByStaff(state)) return enter(state, { name: 'idle' }, timings);
  const kept = withoutNeed(phase);
  if (kept !== undefined) return update(state, kept);
  switch (phase.name) {
    case 'rest':
    case 'identifying':
    case 'who':
    case 'amount':
    case 'ordering':
    case 'resume':
    case 'uncredited':
      return enter(state, { name: 'idle' }, timings);
    case 'reading':
    case 'other-card':
      return withoutCard(state, phase.ticket, timings);
    case 'pay':
      return enter(state, { ...closingOf(phase, 'gone'), slot: null } as Phase, timings);
    case 'cash':
      return onCardOutOfCash(state, phase, timings);
    case 'closing':
      return update(state, { ...phase, slot: null, then: 'gone' });
    case 'selling':
      // The screen has just said that the card may go home.
      if (phase.slow || phase.ticket.order.state === 'grid-silent') {
        return enter(state, { ...phase, slot: null, slow: true }, timings);
      }
      return withoutCard(state, phase.ticket, timings);
    case 'writing':
      // The procedure knows best how far it came: its outcome decides.
      return stay(state);
    case 'done':
    case 'refund':
    case 'expired': {
      const { forgotten: _, ...rest } = phase;
      return enter(state, { ...rest, slot: null }, timings);
    }
    case 'credit-failed':
    case 'choosing':
      return update(state, { ...phase, slot: null, card: null });
    case 'problem':
      return fromProblem(state, phase, timings);
    case 'out-of-service':
    case 'starting':
    case 'idle':
    case 'customer-no':
    case 'proof':
    case 'describing':
    case 'recalling':
    case 'crediting':
    case 'credited':
    case 'bring-card':
    case 'pulled':
      return stay(state);
  }
}

/** It ended well before the staff who help: they are back at their desk once the card is out. */
function isSeenByStaff({ phase, assisted, cash }: PurchaseState): boolean {
  if (assisted !== true || (phase.name !== 'done' && phase.name !== 'credited')) return false;
  const { orderNo } = phase.name === 'done' ? phase.ticket.order : phase.order;
  if (cash?.orderNo !== orderNo) return true;
  // What must still be handed back stays to be read.
  return cash.says === 'paid' && (cash.receipt?.handBackFen ?? 0) === 0;
}

/** Goes on without a card that it needs no more; undefined where it needs it. */
function withoutNeed(phase: Phase): Phase | undefined {
  switch (phase.name) {
    case 'who':
    case 'amount':
    case 'ordering':
    case 'pay':
    case 'closing':
      return needsNoCard(phase.buyer) ? { ...phase, slot: null } : undefined;
    case 'crediting':
    case 'credited': {
      const { slot: _, ...rest } = phase;
      return rest;
    }
    default:
      return undefined;
  }
}

function withoutCard(state: PurchaseState, ticket: Ticket | null, timings: PurchaseTimings): Step {
  return enter(state, ticket === null ? { name: 'idle' } : { name: 'pulled', ticket }, timings);
}

function fromProblem(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'problem' }>,
  timings: PurchaseTimings,
): Step {
  const ticket = ticketOf(phase);
  if (ticket !== null) return enter(state, { name: 'pulled', ticket }, timings);
  const open = openOrderOf(phase);
  if (open !== null) {
    return also(enter(state, { name: 'idle' }, timings), { do: 'abandon', orderNo: open.orderNo });
  }
  // An order number must stay long enough to be written down.
  if (phase.orderNo !== null) {
    return enter(state, { ...phase, slot: null, again: null, auto: false }, timings);
  }
  return enter(state, { name: 'idle' }, timings);
}
