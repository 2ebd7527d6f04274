import type { IdentifyResponse } from '../../api/card.ts';
import type { OrderView } from '../../api/order.ts';
import type { OrderQuote } from '../../api/quote.ts';
import { also, enter, freeProblem, orderProblem, stay, update } from '../step.ts';
import type { Step } from '../step.ts';
import { ticketOf } from '../phase.ts';
import {
  METER_FULL,
  isGoneCode,
  isLasting,
  isOfJournal,
  isPassing,
  isShakyReading,
  troubleOf,
} from '../problems.ts';
import { UNDONE } from '../view/problem-screens.ts';
import { isHome } from '../buyer.ts';
import { householdOf, isFull } from '../household-of.ts';
import { onCashFailed } from './cash.ts';
import { onNotChosen } from './credit.ts';
import { onHomeRefused } from './home.ts';
import { isUnpaid, isWritable, settle } from './order.ts';
import { afterFailedAttempt, waitForLease } from './write.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { Trouble } from '../problems.ts';
import type { KnownCard } from '../buyer.ts';
import type { FlowSettings, PurchaseTimings } from '../timings.ts';

/** Readings in all before a shaky one is put into words. */
const READ_TRIES = 3;
/** Clocks that differ by less than this are left alone, ms: the answer's own way here is in it. */
const SKEW_MS = 30_000;

/** The card was read. */
export function onRead(
  state: PurchaseState,
  card: { readonly serial: string; readonly codeFault?: string },
  timings: PurchaseTimings,
): Step {
  const { phase } = state;
  if (phase.name !== 'reading') return stay(state);
  const { slot, ticket } = phase;
  const { serial, codeFault } = card;
  if (ticket === null) {
    const fault = codeFault === undefined ? {} : { codeFault };
    return enter(state, { name: 'identifying', slot, serial, ...fault, trouble: null }, timings);
  }
  if (ticket.serial !== serial) return enter(state, { name: 'other-card', slot, ticket }, timings);
  return settle(state, slot, ticket, timings);
}

/** The grid knows the card: what it has unfinished comes first, then what stands in the way. */
export function onIdentified(state: PurchaseState, answer: IdentifyResponse, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (phase.name !== 'identifying') return stay(state);
  const { slot, serial, codeFault } = phase;
  const household = householdOf(answer);
  if (answer.unfinished !== null && !isUnpaid(answer.unfinished)) {
    const ticket = { order: answer.unfinished, serial, household, resumed: true, tries: 0 };
    const { leasedMs } = answer.unfinished;
    if (isWritable(answer.unfinished) && leasedMs !== undefined) {
      return waitForLease(state, { slot, ticket }, leasedMs, timings);
    }
    if (isWritable(answer.unfinished)) return enter(state, { name: 'resume', slot, ticket }, timings);
    return settle(state, slot, ticket, timings);
  }
  if (answer.blocked === 'meter.previous-not-inserted' && answer.uncredited !== undefined) {
    return enter(state, { name: 'uncredited', slot, purchase: answer.uncredited, shown: null }, timings);
  }
  if (answer.blocked !== null) {
    const trouble = answer.undone === true ? UNDONE : troubleOf(answer.blocked);
    return enter(state, cardProblem(slot, trouble), timings);
  }
  if (isFull(answer)) {
    return enter(state, cardProblem(slot, METER_FULL), timings);
  }
  // Its write could not begin, so no money is asked for; into an account nothing is written.
  if (codeFault !== undefined && answer.delivery === undefined) {
    return enter(state, cardProblem(slot, troubleOf(codeFault)), timings);
  }
  const card: KnownCard = {
    slot,
    serial,
    household,
    limits: answer.limits,
    cardSession: answer.cardSession,
  };
  // Staff see whose it is beside the amounts.
  const name = state.assisted === true ? 'amount' : 'who';
  return enter(state, { name, slot, buyer: card }, timings);
}

/** The order is made: a code is asked for at once, and what the amount buys. */
export function onOrdered(
  state: PurchaseState,
  event: { readonly order: OrderView; readonly at: number; readonly skewMs?: number | null },
  init: { readonly settings: FlowSettings; readonly timings: PurchaseTimings },
): Step {
  const { phase } = state;
  if (phase.name !== 'ordering') return stay(state);
  // An order that an earlier try has made is older than its answer: only a measured difference knows better.
  const skew = event.skewMs ?? event.at - Date.parse(event.order.createdAt);
  const pay: Phase = {
    name: 'pay',
    slot: phase.slot,
    buyer: phase.buyer,
    order: event.order,
    channel: init.settings.channel,
    skewMs: Math.abs(skew) > SKEW_MS ? skew : 0,
  };
  return also(enter(state, pay, init.timings), { do: 'quote', orderNo: event.order.orderNo });
}

/** The grid says what an order buys; shown while that order is being paid. */
export function onQuoted(
  state: PurchaseState,
  { orderNo, quote }: { readonly orderNo: string; readonly quote: OrderQuote },
): Step {
  const { phase } = state;
  if (phase.name !== 'pay' || phase.order.orderNo !== orderNo) return stay(state);
  return update(state, { ...phase, quote });
}

/** The turn's question failed. */
export function onFailed(
  state: PurchaseState,
  failure: { readonly code: string; readonly waitMs?: number },
  timings: PurchaseTimings,
): Step {
  const { phase } = state;
  const { code } = failure;
  switch (phase.name) {
    case 'reading':
      return onUnread(state, phase, code, timings);
    case 'identifying': {
      const trouble = troubleOf(code);
      if (isOfJournal(code)) return outOfService(state, trouble, timings);
      // Nothing can be done here about these, and they pass: asked again, without a change on the screen.
      const auto = trouble.code === 'server-away' || trouble.code === 'not-enrolled';
      if (!auto) return enter(state, cardProblem(phase.slot, trouble), timings);
      return enter(state, { ...freeProblem(phase.slot, trouble, { ...phase, trouble }), auto }, timings);
    }
    case 'describing':
    case 'recalling':
      return onHomeRefused(state, { of: phase, asked: phase, code }, timings);
    case 'choosing':
      return onNotChosen(state, phase, code, timings);
    case 'ordering':
      return onNotOrdered(state, phase, code, timings);
    case 'pay':
      return onNoCode(state, phase, code, timings);
    case 'cash':
      return onCashFailed(state, phase, failure, timings);
    case 'closing':
      // Its own timer asks again; what is already paid shows as soon as it is looked at.
      return also(stay(state), { do: 'refresh', orderNo: phase.order.orderNo });
    case 'writing':
      return afterFailedAttempt(state, phase, failure, timings);
    default:
      return stay(state);
  }
}

/** Nothing was asked for yet: what cannot be promised is not sold. */
function outOfService(state: PurchaseState, trouble: Trouble, timings: PurchaseTimings): Step {
  return enter(state, { name: 'out-of-service', trouble, ticket: null }, timings);
}

function onUnread(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'reading' }>,
  code: string,
  timings: PurchaseTimings,
): Step {
  const again: Phase = { ...phase, tries: phase.tries + 1 };
  if (isShakyReading(code) && again.tries < READ_TRIES) return enter(state, again, timings);
  // A slot that says "no card" three times while it reports one: the card is half in.
  const trouble = isGoneCode(code) ? troubleOf('reader.mute') : troubleOf(code);
  const ticket = ticketOf(phase);
  const retry: Phase = { ...phase, tries: 0 };
  if (ticket === null) return enter(state, cardProblem(phase.slot, trouble), timings);
  const { orderNo } = ticket.order;
  return enter(
    state,
    orderProblem({ slot: phase.slot, trouble, orderNo, again: retry, auto: false }),
    timings,
  );
}

function onNotOrdered(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'ordering' }>,
  code: string,
  timings: PurchaseTimings,
): Step {
  const { slot, buyer } = phase;
  if (isOfJournal(code)) return outOfService(state, troubleOf(code), timings);
  if (code === 'order.amount-out-of-range') {
    const amount: Phase = { name: 'amount', slot, buyer };
    return enter(state, freeProblem(slot, troubleOf(code), amount), timings);
  }
  if (isHome(buyer)) {
    return onHomeRefused(state, { of: buyer, asked: phase, code }, timings);
  }
  if (code === 'card.session-expired' || code === 'card.changed') {
    // A card left in for long: read it again, without an error on the screen.
    return enter(state, reading(buyer.slot), timings);
  }
  const trouble = troubleOf(code);
  // The same intention with the same key: had the order been made, it is the one that comes back.
  if (!isPassing(trouble.code)) return enter(state, cardProblem(buyer.slot, trouble), timings);
  return enter(state, freeProblem(slot, trouble, phase), timings);
}

function onNoCode(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'pay' }>,
  code: string,
  timings: PurchaseTimings,
): Step {
  const { orderNo } = phase.order;
  if (code === 'order.closed' || code === 'order.already-paid') {
    return also(update(state, phase), { do: 'refresh', orderNo });
  }
  const codeWasOut = phase.order.payment !== null;
  const trouble = troubleOf(code);
  const shown = { slot: phase.slot, trouble, orderNo, again: phase, auto: false } as const;
  if (codeWasOut) return enter(state, orderProblem(shown), timings);
  return enter(state, { name: 'problem', ...shown, moneySafe: 'nothing-taken' }, timings);
}

/** Of a card that is in: read again where that can change something, else it is to come out. */
function cardProblem(slot: string, trouble: Trouble): Phase {
  return freeProblem(slot, trouble, isLasting(trouble.code) ? null : reading(slot));
}

function reading(slot: string): Phase {
  return { name: 'reading', slot, ticket: null, tries: 0 };
}
