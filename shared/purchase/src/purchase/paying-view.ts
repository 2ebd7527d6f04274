import type { OrderQuote } from '../api/quote.ts';
import { remote } from './buyer-view.ts';
import { fullMeterOf } from './full-meter.ts';
import type { Buyer } from './buyer.ts';
import type { Phase } from './state.ts';
import type { Ticket } from './ticket.ts';
import type { PurchaseView } from './view.ts';

/** A code on the screen, or what became of one that was not paid. */
export function payingView(phase: Extract<Phase, { name: 'pay' | 'closing' | 'expired' }>): PurchaseView {
  switch (phase.name) {
    case 'pay':
      return payView(phase);
    case 'closing':
      if (phase.then === 'gone') return { screen: 'pulled', orderNo: phase.order.orderNo, paid: false };
      return { ...payView({ ...phase, skewMs: 0 }), codeUrl: null, expiresAt: null, closing: true };
    case 'expired':
      return { screen: 'expired', orderNo: phase.order.orderNo };
  }
}

function payView(phase: {
  readonly buyer: Buyer;
  readonly order: Ticket['order'];
  readonly channel: Extract<PurchaseView, { screen: 'pay' }>['channel'];
  readonly skewMs: number;
  readonly quote?: OrderQuote;
}): Extract<PurchaseView, { screen: 'pay' }> {
  const { order, buyer, quote } = phase;
  const { meterTail } = buyer.household;
  const full = fullMeterOf(buyer.household, quote?.creditFen ?? order.faceFen);
  // A code of another channel than the one chosen is not shown: it is the older one.
  const fits = phase.channel === 'any' || order.payment?.channel === phase.channel;
  const payment = fits ? order.payment : null;
  const expiresAt = payment?.expiresAt ?? null;
  return {
    screen: 'pay',
    orderNo: order.orderNo,
    faceFen: order.faceFen,
    paidFen: order.paidFen,
    discountFen: order.discountFen,
    // Cash that staff took has no code.
    channel: payment === null || payment.channel === 'cash' ? phase.channel : payment.channel,
    codeUrl: payment?.codeUrl ?? null,
    expiresAt: expiresAt === null ? null : Date.parse(expiresAt) + phase.skewMs,
    ...(quote === undefined ? {} : { quote }),
    ...(full === undefined ? {} : { full }),
    ...(meterTail === undefined ? {} : { meterTail }),
    ...remote(buyer),
  };
}
