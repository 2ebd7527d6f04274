import type { OrderView } from '../api/order.ts';
import type { PurchaseState } from '../purchase/state.ts';
import type { PurchaseEvent } from '../purchase/event.ts';
import type { PurchaseCommand } from '../purchase/view/command.ts';
import { SERIALS, FAILED, OFFER, viewOf, described, identified } from './purchase-answers.ts';

const CREDITED = { status: 'credited', balanceFen: 7340, creditedAt: null } as const;

export const command = (body: PurchaseCommand): PurchaseEvent => ({
  type: 'command',
  command: body,
  key: 'key',
});
export const next = (state: OrderView['state'], known: OrderView): PurchaseEvent => ({
  type: 'order',
  order: { ...known, state, version: known.version + 1 },
});

/** What would come next if nothing went wrong: without it chance alone hardly gets past the first question. */
export function forward({ turn, phase, present }: PurchaseState): PurchaseEvent {
  switch (phase.name) {
    case 'idle':
      // Every other visitor has left the card at home.
      if (turn % 2 === 0 && present.length === 0) {
        return command(turn % 4 === 0 ? { type: 'home', homeId: 'home' } : { type: 'without-card' });
      }
      return { type: 'slots', readers: ['R'], present: present.length === 0 ? ['slot-1'] : [] };
    case 'starting':
    case 'pulled':
    case 'done':
      return { type: 'slots', readers: ['R'], present: present.length === 0 ? ['slot-1'] : [] };
    case 'reading':
      return { type: 'read', turn, serial: phase.ticket?.serial ?? SERIALS[0] };
    case 'identifying':
      return { type: 'identified', turn, answer: identified(null, null) };
    case 'who':
      return command({ type: 'confirm-card' });
    case 'amount':
      return command({ type: 'choose-amount', faceFen: 5000 });
    case 'ordering':
      return { type: 'ordered', turn, order: viewOf(1, 1, 'created', false), at: 0 };
    case 'pay':
      // Some bring cash.
      if (phase.order.state === 'paying' && turn % 3 === 0) return command({ type: 'cash' });
      return phase.order.state === 'created'
        ? { type: 'order', order: viewOf(1, phase.order.version + 1, 'paying', true) }
        : next('paid', phase.order);
    case 'cash':
      return withCash(turn, phase);
    case 'closing':
      return next('closed', phase.order);
    case 'selling':
      return next('sold', phase.ticket.order);
    case 'writing':
      return { type: 'write-ended', turn, outcome: { result: 'written' } };
    case 'resume':
      return command({ type: 'resume' });
    case 'problem':
      return command({ type: 'retry' });
    default:
      return withoutCard(turn, phase);
  }
}

/** A household at home, and phases in which a person does nothing. */
function withoutCard(turn: number, phase: PurchaseState['phase']): PurchaseEvent {
  switch (phase.name) {
    case 'customer-no':
      return command({ type: 'customer-no', customerNo: '650100001001' });
    case 'proof':
      return command({ type: 'proof', proof: '042917' });
    case 'describing':
    case 'recalling':
      return { type: 'described', turn, answer: described(null) };
    case 'crediting':
      if (turn % 2 === 0) return next('done', { ...phase.order, credit: CREDITED });
      return next('credit-failed', { ...phase.order, ...FAILED });
    case 'credit-failed':
      return command({ type: 'choose-credit', choice: 'card' });
    case 'choosing':
      return next(phase.choice === 'card' ? 'sold' : 'refunding', { ...phase.order, ...FAILED });
    default:
      return { type: 'slots', readers: ['R'], present: [] };
  }
}

/** Staff who take cash and whose network comes and goes. */
function withCash(
  turn: number,
  { step, pay }: Extract<PurchaseState['phase'], { name: 'cash' }>,
): PurchaseEvent {
  switch (step.is) {
    case 'asking':
      if (step.pinOnly === true) return command({ type: 'cash-pin', pin: '274913' });
      return command({ type: 'cash-staff', staff: '104817', pin: '274913' });
    case 'checking':
      return { type: 'cash-offered', turn, offer: OFFER };
    case 'offered':
      return command({ type: 'cash-taken' });
    case 'taking':
      if (turn % 2 === 0) return { type: 'failed', turn, code: 'server.unavailable' };
      return { type: 'order', order: paidInCash({ ...pay.order, version: pay.order.version + 1 }) };
    case 'unsure':
      return { type: 'cash-asked', turn, receipt: null };
    case 'refused':
      return command({ type: 'back' });
  }
}

function paidInCash(order: OrderView): OrderView {
  const payment = { no: 'p2', channel: 'cash', status: 'succeeded', codeUrl: null, expiresAt: null } as const;
  return { ...order, state: 'sold', payment };
}
