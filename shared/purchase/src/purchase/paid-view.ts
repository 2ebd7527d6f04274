import type { OrderView } from '../api/order.ts';
import { fullMeterOf } from './full-meter.ts';
import { problemView } from './problem-view.ts';
import type { Phase } from './state.ts';
import type { Ticket } from './ticket.ts';
import type { PurchaseView } from './view.ts';
import type { FullMeter } from './view/household.ts';

type PaidPhase = 'resume' | 'selling' | 'writing' | 'done' | 'pulled' | 'other-card' | 'refund';

/** From the money to the card that carries it, or to the money that goes back. */
export function paidView(phase: Extract<Phase, { name: PaidPhase }>): PurchaseView {
  switch (phase.name) {
    case 'resume':
      return {
        screen: 'resume',
        household: phase.ticket.household,
        orderNo: phase.ticket.order.orderNo,
        faceFen: phase.ticket.order.faceFen,
      };
    case 'selling':
      return sellingView(phase.ticket, phase.slow);
    case 'writing':
      return writingView(phase);
    case 'done':
      return {
        screen: 'done',
        ...boughtOf(phase.ticket.order),
        resumed: phase.ticket.resumed,
        ...fullOf(phase.ticket),
        ...(phase.slot === null ? { cardOut: true as const } : {}),
      };
    case 'pulled':
      return { screen: 'pulled', orderNo: phase.ticket.order.orderNo, paid: true };
    case 'other-card':
      return { screen: 'other-card', orderNo: phase.ticket.order.orderNo };
    case 'refund':
      return {
        screen: 'refund',
        orderNo: phase.order.orderNo,
        fen: phase.order.refund?.fen ?? phase.order.paidFen,
        done: phase.order.state === 'refunded',
      };
  }
}

/** What an end screen says of an order. */
export function boughtOf({ orderNo, faceFen, paidFen, discountFen, receiptCode, sale }: OrderView) {
  return { orderNo, faceFen, paidFen, discountFen, receiptCode, ...(sale === undefined ? {} : { sale }) };
}

function fullOf({ household, order }: Ticket): { full?: FullMeter } {
  const full = fullMeterOf(household, order.sale?.creditFen ?? order.faceFen);
  return full === undefined ? {} : { full };
}

function sellingView(ticket: Ticket, slow: boolean): PurchaseView {
  const { orderNo, paidFen, receiptCode, state } = ticket.order;
  if (slow || state === 'grid-silent') return { screen: 'grid-silent', orderNo, paidFen, receiptCode };
  return { screen: 'selling', orderNo, paidFen };
}

function writingView({ ticket, at, trouble }: Extract<Phase, { name: 'writing' }>): PurchaseView {
  if (trouble !== null && at === null) return { ...problemView(trouble, ticket), canRetry: true };
  return {
    screen: 'writing',
    orderNo: ticket.order.orderNo,
    faceFen: ticket.order.faceFen,
    phase: at?.phase ?? 'code',
    progress: at?.fraction ?? 0,
  };
}
