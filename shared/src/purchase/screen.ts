import type { OrderView } from '../api/order.ts';
import type { OrderQuote } from '../api/quote.ts';
import { isBound, isHome } from './buyer.ts';
import { cashView } from './cash-view.ts';
import { minutesToWait } from './minutes.ts';
import type { Buyer, PurchaseState, Ticket, Trouble } from './state.ts';
import type { PurchaseView } from './view.ts';

/** What a person sees of a state. Pure, and without words. */
export function screenOf(state: PurchaseState): PurchaseView {
  const { phase, cash, asking } = state;
  const view = {
    ...bareScreenOf(state),
    ...('forgotten' in phase ? { forgotten: phase.forgotten } : {}),
    ...(asking === undefined ? {} : { asking }),
  };
  if (cash === undefined || !('orderNo' in view) || view.orderNo !== cash.orderNo) return view;
  return { ...view, cash: { says: cash.says, receipt: cash.receipt } };
}

function bareScreenOf(state: PurchaseState): PurchaseView {
  const { phase } = state;
  switch (phase.name) {
    case 'out-of-service':
      return problemView(phase.trouble, phase.ticket);
    case 'idle':
      return idleView(state);
    case 'rest':
      return waitView(state);
    case 'starting':
    case 'reading':
      return { screen: 'reading' };
    case 'identifying':
      if (phase.trouble === null) return { screen: 'reading' };
      return { ...problemView(phase.trouble, null), canRetry: true };
    case 'customer-no':
      return { screen: 'customer-no' };
    case 'proof':
    case 'describing':
      return {
        screen: 'proof',
        ending: phase.customerNo.slice(-4),
        fault: phase.name === 'proof' ? phase.fault : null,
        busy: phase.name === 'describing',
      };
    case 'recalling':
      return { screen: 'recalling' };
    case 'who':
      return { screen: 'who', household: phase.buyer.household, ...remote(phase.buyer) };
    case 'amount':
    case 'ordering':
      return {
        screen: 'amount',
        household: phase.buyer.household,
        limits: phase.buyer.limits,
        busyFen: phase.name === 'ordering' ? phase.faceFen : null,
        ...remote(phase.buyer),
        ...(isBound(phase.buyer) ? { bound: true } : {}),
      };
    case 'pay':
      return payView(phase);
    case 'cash':
      return cashView(phase);
    case 'closing':
      if (phase.then === 'gone') return { screen: 'pulled', orderNo: phase.order.orderNo, paid: false };
      return { ...payView({ ...phase, skewMs: 0 }), codeUrl: null, expiresAt: null, closing: true };
    case 'crediting':
    case 'credited':
    case 'credit-failed':
    case 'choosing':
    case 'bring-card':
      return creditView(phase);
    case 'expired':
      return { screen: 'expired', orderNo: phase.order.orderNo };
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
      if (phase.trouble !== null && phase.at === null) {
        return { ...problemView(phase.trouble, phase.ticket), canRetry: true };
      }
      return {
        screen: 'writing',
        orderNo: phase.ticket.order.orderNo,
        faceFen: phase.ticket.order.faceFen,
        phase: phase.at?.phase ?? 'code',
        progress: phase.at?.fraction ?? 0,
      };
    case 'done':
      return {
        screen: 'done',
        ...boughtOf(phase.ticket.order),
        resumed: phase.ticket.resumed,
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
    case 'problem':
      return {
        screen: 'problem',
        code: phase.trouble.code,
        staffCode: phase.trouble.staffCode,
        orderNo: phase.orderNo,
        moneySafe: phase.moneySafe,
        canRetry: phase.again !== null,
        ...minutesOf(phase.trouble),
        ...(phase.slot === null && phase.again !== null ? { canLeave: true as const } : {}),
      };
  }
}

/** What an end screen says of an order. */
function boughtOf({ orderNo, faceFen, paidFen, discountFen, receiptCode, sale }: OrderView) {
  return { orderNo, faceFen, paidFen, discountFen, receiptCode, ...(sale === undefined ? {} : { sale }) };
}

type CreditPhase = 'crediting' | 'credited' | 'credit-failed' | 'choosing' | 'bring-card';

/** What a household sees that bought without its card, or whose credit failed. */
function creditView(phase: Extract<PurchaseState['phase'], { name: CreditPhase }>): PurchaseView {
  const { orderNo, state, faceFen, paidFen, receiptCode, credit, choices } = phase.order;
  switch (phase.name) {
    case 'crediting': {
      const asks = state === 'paid' || state === 'grid-silent' ? 'grid' : 'meter';
      const slow = phase.slow || state === 'grid-silent' || credit?.status === 'unknown';
      return { screen: 'crediting', orderNo, paidFen, receiptCode, asks, slow };
    }
    case 'credited':
      return { screen: 'credited', ...boughtOf(phase.order), balanceFen: credit?.balanceFen ?? null };
    case 'credit-failed':
    case 'choosing': {
      const chosen = phase.name === 'choosing' ? phase.choice : null;
      return { screen: 'credit-failed', orderNo, paidFen, offers: phase.offers, chosen };
    }
    case 'bring-card':
      return { screen: 'bring-card', orderNo, faceFen, mayRefund: choices?.includes('refund') ?? false };
  }
}

function remote(buyer: Buyer): { remote?: true } {
  return isHome(buyer) ? { remote: true } : {};
}

function idleView(state: PurchaseState): PurchaseView {
  if (state.readers.length === 0) {
    // A household without a reader tops up without its card.
    return { ...problemView({ code: 'no-reader', staffCode: 'reader.none' }, null), withoutCard: true };
  }
  if (state.present.length > 1) {
    return problemView({ code: 'two-readers', staffCode: 'reader.two-cards' }, null);
  }
  return { ...waitView(state), withoutCard: true };
}

function waitView(state: PurchaseState): Extract<PurchaseView, { screen: 'wait' }> {
  return { screen: 'wait', reader: state.readers[0] ?? '' };
}

function payView(phase: {
  readonly buyer: Buyer;
  readonly order: Ticket['order'];
  readonly channel: Extract<PurchaseView, { screen: 'pay' }>['channel'];
  readonly skewMs: number;
  readonly quote?: OrderQuote;
}): Extract<PurchaseView, { screen: 'pay' }> {
  const { order } = phase;
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
    ...(phase.quote === undefined ? {} : { quote: phase.quote }),
    ...remote(phase.buyer),
  };
}

function sellingView(ticket: Ticket, slow: boolean): PurchaseView {
  const { orderNo, paidFen, receiptCode, state } = ticket.order;
  if (slow || state === 'grid-silent') return { screen: 'grid-silent', orderNo, paidFen, receiptCode };
  return { screen: 'selling', orderNo, paidFen };
}

function problemView(trouble: Trouble, ticket: Ticket | null): Extract<PurchaseView, { screen: 'problem' }> {
  return {
    screen: 'problem',
    code: trouble.code,
    staffCode: trouble.staffCode,
    orderNo: ticket?.order.orderNo ?? null,
    moneySafe: ticket === null ? 'nothing-taken' : 'safe-with-order',
    canRetry: false,
    ...minutesOf(trouble),
  };
}

function minutesOf({ waitMs }: Trouble): { waitMinutes?: number } {
  return waitMs === undefined ? {} : { waitMinutes: minutesToWait(waitMs) };
}
