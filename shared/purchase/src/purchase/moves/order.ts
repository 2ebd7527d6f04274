import type { OrderView } from '../../api/order.ts';
import { isBound, isHome } from '../buyer.ts';
import { enter, orderProblem, stay, ticketFor, update } from '../step.ts';
import { watchedOrder } from '../phase.ts';
import type { Step } from '../step.ts';
import { settleHome, stillUndecided, ticketIn, undecided } from './credit.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { Ticket } from '../ticket.ts';
import type { BoundHome, KnownHome } from '../buyer.ts';
import type { PurchaseTimings } from '../timings.ts';

/** The server says how an order stands. Older news, and news of other orders, change nothing. */
export function onOrder(state: PurchaseState, order: OrderView, timings: PurchaseTimings): Step {
  const watched = watchedOrder(state.phase);
  if (watched === null || watched.orderNo !== order.orderNo || watched.version > order.version) {
    return stay(state);
  }
  const { phase } = state;
  switch (phase.name) {
    case 'pay':
    case 'closing':
      if (isUnpaid(order)) return update(state, { ...phase, order });
      return afterPaying(state, phase, order, timings);
    case 'cash': {
      const { slot, held } = phase;
      const pay = { ...phase.pay, slot, order };
      if (isUnpaid(order)) return update(state, { ...phase, pay });
      // Staff who hold cash are told, also where the card is gone.
      if (held && order.state === 'closed' && !isHome(pay.buyer)) {
        return enter(state, { name: 'expired', slot, order }, timings);
      }
      return afterPaying(state, pay, order, timings);
    }
    case 'crediting':
    case 'credited':
    case 'bring-card':
      return settleHome(state, order, timings);
    case 'credit-failed':
    case 'choosing': {
      if (order.state === 'credit-failed') return stillUndecided(state, phase, order);
      const at = ticketIn(state, phase, order);
      return at === null ? settleHome(state, order, timings) : settle(state, at.slot, at.ticket, timings);
    }
    case 'selling':
      return settle(state, phase.slot, { ...phase.ticket, order }, timings);
    case 'pulled':
      if (isRefund(order)) return enter(state, { name: 'refund', slot: null, order }, timings);
      return update(state, { ...phase, ticket: { ...phase.ticket, order } });
    case 'expired':
      // The phone paid after all: it goes back, and the screen may not go on saying that nothing was taken.
      if (isRefund(order)) return enter(state, { name: 'refund', slot: phase.slot, order }, timings);
      return update(state, { ...phase, order });
    case 'refund':
      return update(state, { ...phase, order });
    case 'problem':
      return inProblem(state, phase, order, timings);
    case 'reading':
      if (phase.ticket === null) return stay(state);
      return update(state, { ...phase, ticket: { ...phase.ticket, order } });
    case 'writing':
    case 'done':
    case 'resume':
    case 'other-card':
      return update(state, { ...phase, ticket: { ...phase.ticket, order } });
    default:
      return stay(state);
  }
}

/** What a problem hides goes on behind it: money that comes in ends it. */
function inProblem(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'problem' }>,
  order: OrderView,
  timings: PurchaseTimings,
): Step {
  if (phase.again === null) return stay(state);
  const behind = onOrder({ ...state, phase: phase.again }, order, timings);
  if (behind.state.phase.name !== phase.again.name) return behind;
  return update(state, { ...phase, again: behind.state.phase });
}

/** An order that is not merely waiting for money any more: money came, or the channel says that it never can. */
function afterPaying(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'pay' | 'closing' }>,
  order: OrderView,
  timings: PurchaseTimings,
): Step {
  if (isHome(phase.buyer)) return afterHomePaying(state, phase.buyer, order, timings);
  if (order.kind === 'account' && order.state !== 'closed') return settleHome(state, order, timings);
  if (order.state === 'closed') {
    if (phase.name === 'closing' && phase.then === 'gone') return enter(state, { name: 'idle' }, timings);
    if (phase.slot === null) return enter(state, { name: 'idle' }, timings);
    if (phase.name === 'closing' && phase.then === 'amount') {
      return enter(state, { name: 'amount', slot: phase.slot, buyer: phase.buyer }, timings);
    }
    return enter(state, { name: 'expired', slot: phase.slot, order }, timings);
  }
  return settle(state, phase.slot, ticketFor(phase.buyer, order), timings);
}

/** The order has used its proof up: another purchase begins with new digits, but for a household that the box keeps. */
function afterHomePaying(
  state: PurchaseState,
  buyer: KnownHome | BoundHome,
  order: OrderView,
  timings: PurchaseTimings,
): Step {
  const { phase } = state;
  if (order.state !== 'closed') return settleHome(state, order, timings);
  const givenUp = phase.name === 'closing' && phase.then === 'amount';
  const expired = { name: 'expired', slot: null, order } as const;
  if (isBound(buyer)) {
    if (givenUp) return enter(state, { name: 'amount', slot: null, buyer }, timings);
    return enter(state, { ...expired, homeId: buyer.homeId }, timings);
  }
  const { customerNo } = buyer;
  if (givenUp) return enter(state, { name: 'proof', customerNo, fault: 'used' }, timings);
  return enter(state, { ...expired, customerNo }, timings);
}

/** A paid order: on to whatever its state allows. Nothing is written before the grid sold. */
export function settle(
  state: PurchaseState,
  at: string | null,
  ticket: Ticket,
  timings: PurchaseTimings,
): Step {
  const { order } = ticket;
  const slot = at !== null && state.present.includes(at) ? at : null;
  switch (order.state) {
    case 'paid':
    case 'grid-silent':
    case 'crediting': {
      const waiting = state.phase;
      if (waiting.name === 'selling') return update(state, { ...waiting, ticket });
      if (slot === null) return enter(state, { name: 'pulled', ticket }, timings);
      return enter(state, { name: 'selling', slot, ticket, slow: false }, timings);
    }
    case 'sold':
    case 'writing':
    case 'write-failed':
      if (slot === null) return enter(state, { name: 'pulled', ticket }, timings);
      return enter(state, { name: 'writing', slot, ticket, at: null, trouble: null }, timings);
    case 'done':
      // The server has an acknowledged claim: this very card was written and read back.
      return enter(state, { name: 'done', slot, ticket: { ...ticket, resumed: true } }, timings);
    case 'refunding':
    case 'refunded':
      return enter(state, { name: 'refund', slot, order }, timings);
    case 'created':
    case 'paying':
      return stay(state);
    case 'credit-failed':
      return enter(state, undecided(order, slot === null ? null : { slot, ticket }), timings);
    case 'closed':
    case 'attention':
      return enter(
        state,
        orderProblem({
          slot,
          trouble: { code: 'unexpected', staffCode: `order.${order.state}` },
          orderNo: order.orderNo,
          again: null,
          auto: false,
        }),
        timings,
      );
  }
}

export function isUnpaid(order: OrderView): boolean {
  return order.state === 'created' || order.state === 'paying';
}

/** Whether its plan may be asked for. `done`: a card that was claimed written and came back as it was before. */
export function isWritable(order: OrderView): boolean {
  return (
    order.state === 'sold' ||
    order.state === 'writing' ||
    order.state === 'write-failed' ||
    order.state === 'done'
  );
}

function isRefund(order: OrderView): boolean {
  return order.state === 'refunding' || order.state === 'refunded';
}
