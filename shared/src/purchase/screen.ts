import type { PurchaseState, Ticket, Trouble } from './state.ts';
import type { PurchaseView } from './view.ts';

/** What a person sees of a state. Pure, and without words. */
export function screenOf(state: PurchaseState): PurchaseView {
  const { phase } = state;
  switch (phase.name) {
    case 'out-of-service':
      return problemView(phase.trouble, null);
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
    case 'who':
      return { screen: 'who', household: phase.card.household };
    case 'amount':
    case 'ordering':
      return {
        screen: 'amount',
        household: phase.card.household,
        limits: phase.card.limits,
        busyFen: phase.name === 'ordering' ? phase.faceFen : null,
      };
    case 'pay':
      return payView(phase);
    case 'closing':
      if (phase.then === 'gone') return { screen: 'pulled', orderNo: phase.order.orderNo, paid: false };
      return { ...payView({ ...phase, skewMs: 0 }), codeUrl: null, expiresAt: null, closing: true };
    case 'expired':
      return { screen: 'expired', orderNo: phase.orderNo };
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
        orderNo: phase.ticket.order.orderNo,
        faceFen: phase.ticket.order.faceFen,
        receiptCode: phase.ticket.order.receiptCode,
        resumed: phase.ticket.resumed,
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
      };
  }
}

function idleView(state: PurchaseState): PurchaseView {
  if (state.readers.length === 0) {
    return problemView({ code: 'no-reader', staffCode: 'reader.none' }, null);
  }
  if (state.present.length > 1) {
    return problemView({ code: 'two-readers', staffCode: 'reader.two-cards' }, null);
  }
  return waitView(state);
}

function waitView(state: PurchaseState): PurchaseView {
  return { screen: 'wait', reader: state.readers[0] ?? '' };
}

function payView(phase: {
  readonly order: Ticket['order'];
  readonly channel: Extract<PurchaseView, { screen: 'pay' }>['channel'];
  readonly skewMs: number;
}): Extract<PurchaseView, { screen: 'pay' }> {
  const { order } = phase;
  // A code of another channel than the one chosen is not shown: it is the older one.
  const payment = order.payment?.channel === phase.channel ? order.payment : null;
  const expiresAt = payment?.expiresAt ?? null;
  return {
    screen: 'pay',
    orderNo: order.orderNo,
    faceFen: order.faceFen,
    paidFen: order.paidFen,
    discountFen: order.discountFen,
    channel: phase.channel,
    codeUrl: payment?.codeUrl ?? null,
    expiresAt: expiresAt === null ? null : Date.parse(expiresAt) + phase.skewMs,
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
  };
}
