import { also, enter, orderProblem, stay, update } from '../step.ts';
import type { Step } from '../step.ts';
import {
  isGoneCode,
  isOfJournal,
  isPassing,
  isShakyWrite,
  LEASED_ELSEWHERE,
  troubleOf,
  writeTroubleOf,
} from '../problems.ts';
import { onArrived } from './slots.ts';
import type { WriteOutcome } from '../ports.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { Ticket } from '../ticket.ts';
import type { PurchaseTimings } from '../timings.ts';
import type { WritePhase } from '../view/card-screens.ts';

type Writing = Extract<Phase, { name: 'writing' }>;

/** Attempts that ended without an outcome before a person is asked to press something. */
const WRITE_TRIES = 20;

export function onProgress(state: PurchaseState, at: { phase: WritePhase; fraction: number }): Step {
  const { phase } = state;
  if (phase.name !== 'writing') return stay(state);
  const { slot, ticket } = phase;
  return update(state, {
    name: 'writing',
    slot,
    ticket,
    at: { phase: at.phase, fraction: at.fraction },
    trouble: null,
  });
}

/** One attempt ended with an outcome. `done` is entered from here on a written read-back, and nowhere sooner. */
export function onWriteEnded(state: PurchaseState, outcome: WriteOutcome, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (phase.name !== 'writing') return stay(state);
  const { ticket } = phase;
  const isIn = state.present.includes(phase.slot);
  switch (outcome.result) {
    case 'written':
      return enter(state, { name: 'done', slot: isIn ? phase.slot : null, ticket }, timings);
    case 'removed':
      return onCardLeft(state, phase, timings);
    case 'other-card':
      if (!isIn) return onCardLeft(state, phase, timings);
      return enter(state, { name: 'other-card', slot: phase.slot, ticket }, timings);
    case 'lease-expired':
      return again(state, phase, 'order.lease-stale', timings);
    case 'failed':
      return enter(
        state,
        orderProblem({
          slot: isIn ? phase.slot : null,
          trouble: writeTroubleOf(outcome.code),
          orderNo: ticket.order.orderNo,
          again: null,
          auto: false,
        }),
        timings,
      );
  }
}

/** One attempt ended without an outcome: the order, its money and the card are as they were. */
export function afterFailedAttempt(
  state: PurchaseState,
  phase: Writing,
  { code, waitMs }: { readonly code: string; readonly waitMs?: number },
  timings: PurchaseTimings,
): Step {
  const { orderNo } = phase.ticket.order;
  if (isGoneCode(code)) return onCardLeft(state, phase, timings);
  if (isOfJournal(code)) {
    return enter(state, { name: 'out-of-service', trouble: troubleOf(code), ticket: phase.ticket }, timings);
  }
  // It left meanwhile, whatever else went wrong: without it nothing can be tried again.
  if (!state.present.includes(phase.slot)) return onCardLeft(state, phase, timings);
  if (phase.ticket.tries >= WRITE_TRIES) return again(state, phase, code, timings);
  switch (code) {
    case 'card.changed':
    case 'order.not-found':
    case 'request.malformed':
      return enter(
        state,
        orderProblem({
          slot: phase.slot,
          trouble: writeTroubleOf(code),
          orderNo,
          again: null,
          auto: false,
        }),
        timings,
      );
    case 'order.already-written':
    case 'order.closed':
      // The server knows better how it stands.
      return also(
        enter(state, { name: 'selling', slot: phase.slot, ticket: tried(phase.ticket), slow: true }, timings),
        { do: 'refresh', orderNo },
      );
    case LEASED_ELSEWHERE:
      return waitForLease(state, phase, waitMs, timings);
    default:
      return again(state, phase, code, timings);
  }
}

/** Another terminal may be writing this card: the screen says for how long, and then it is written here without a further press. */
export function waitForLease(
  state: PurchaseState,
  { slot, ticket }: Pick<Writing, 'slot' | 'ticket'>,
  waitMs: number | undefined,
  timings: PurchaseTimings,
): Step {
  const trouble = troubleOf(LEASED_ELSEWHERE, waitMs);
  const again: Phase = { name: 'writing', slot, ticket: tried(ticket), at: null, trouble };
  const { orderNo } = ticket.order;
  return enter(state, orderProblem({ slot, trouble, orderNo, again, auto: true }), timings);
}

/** Out of the slot, or out and in again before the attempt noticed. */
function onCardLeft(state: PurchaseState, phase: Writing, timings: PurchaseTimings): Step {
  const left = enter(state, { name: 'pulled', ticket: phase.ticket }, timings);
  const arrived = onArrived(left.state, timings);
  return { state: arrived.state, effects: [...left.effects, ...arrived.effects] };
}

function again(state: PurchaseState, phase: Writing, code: string, timings: PurchaseTimings): Step {
  const ticket = tried(phase.ticket);
  const trouble = writeTroubleOf(code);
  const shown = code === 'order.lease-stale' ? null : trouble;
  const next: Phase = { name: 'writing', slot: phase.slot, ticket, at: null, trouble: shown };
  // A lease that ran out is asked for again at once; it needs no words.
  if (shown === null && ticket.tries < WRITE_TRIES) return enter(state, next, timings);
  const passes = isPassing(trouble.code) || isShakyWrite(code);
  return enter(
    state,
    orderProblem({
      slot: phase.slot,
      trouble,
      orderNo: ticket.order.orderNo,
      again: next,
      auto: passes && ticket.tries < WRITE_TRIES,
    }),
    timings,
  );
}

function tried(ticket: Ticket): Ticket {
  return { ...ticket, tries: ticket.tries + 1 };
}
