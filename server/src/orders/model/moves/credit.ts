import type { CreditChoice } from '@bianmin/purchase/api/order';
import type { GridCredit } from '../../../gateways/grid/contract.ts';
import type { Change, NewEvent } from '../change.ts';
import type { Credit, Order } from '../order.ts';
import { isUndoing, mayCredit } from '../state.ts';
import { inMeter } from './meter.ts';
import { needsAttention } from './sale.ts';

/** Stored before the grid hears of it. */
export function startCredit(order: Order, now: Date): Change | undefined {
  if (order.credit.status !== 'none' || !mayCredit(order)) return undefined;
  return sent(order, now);
}

/** This try provably never left: it may be sent again. */
export function creditNotSent(order: Order, tries: number | undefined): Change | undefined {
  if (order.credit.status !== 'sent' || order.credit.tries !== tries) return undefined;
  return patch(order, { status: 'none' }, { name: 'credit.not-sent', by: 'grid' });
}

/** It is not known what became of this try. */
export function creditUnknown(order: Order, tries: number | undefined): Change | undefined {
  if (order.credit.status !== 'sent' || order.credit.tries !== tries) return undefined;
  return patch(order, { status: 'unknown' }, { name: 'credit.unknown', by: 'grid' });
}

/** The meter has it. Under another count or amount than was sold, a person must decide. */
export function creditDone(order: Order, credit: GridCredit): Change | undefined {
  const { status } = order.credit;
  if (status !== 'sent' && status !== 'unknown') return undefined;
  const { count, creditFen, balanceFen, creditedAt } = credit;
  const proof = inMeter(order, new Date(creditedAt));
  const fits = credit.orderNo === order._id && count === order.count && creditFen === order.sale.creditFen;
  const told = patch(
    order,
    { status: 'credited', balanceFen, creditedAt: new Date(creditedAt) },
    { name: 'credit.credited', by: 'grid', data: { count, creditFen } },
  );
  // The grid has it from the meter.
  const done = { set: { ...told.set, ...proof.set }, events: [...told.events, ...proof.events] };
  const attention = fits ? undefined : needsAttention(order, 'credit-mismatch');
  if (attention === undefined) return done;
  return { set: { ...done.set, ...attention.set }, events: [...done.events, ...attention.events] };
}

/** The meter did not take it and never will from afar: the payer chooses what becomes of it. */
export function creditFailed(order: Order, reason: string): Change | undefined {
  const { status } = order.credit;
  if (status === 'credited' || status === 'failed') return undefined;
  return patch(order, { status: 'failed', reason }, { name: 'credit.failed', by: 'grid', data: { reason } });
}

/**
 * The first "not found" after the horizon; on the second it is sent again, under its number. A straggler that comes
 * after all finds the meter's count taken.
 */
export function creditNotFound(order: Order, now: Date): Change | undefined {
  if (order.credit.status !== 'sent' && order.credit.status !== 'unknown') return undefined;
  const notFound = (order.credit.notFound ?? 0) + 1;
  const found: NewEvent = { name: 'credit.not-found', by: 'grid', data: { notFound } };
  if (notFound < 2 || !mayCredit(order)) return patch(order, { status: 'unknown', notFound }, found);
  const again = sent(order, now);
  return { set: again.set, events: [found, ...again.events] };
}

/** The meter wrote back that it has this count, and no card brought it: credited, whatever was said. */
export function creditProven(order: Order, now: Date): Change | undefined {
  if (order.sale.status !== 'sold' || order.credit.status === 'credited') return undefined;
  const proven = patch(
    order,
    { status: 'credited', creditedAt: now },
    { name: 'credit.proven', by: 'meter', data: { count: order.count } },
  );
  const proof = inMeter(order, now);
  return { set: { ...proven.set, ...proof.set }, events: [...proven.events, ...proof.events] };
}

/** What may be chosen now. A card that was chosen may be given up for a refund while nothing was released for it. */
export function choicesOf(order: Order): CreditChoice[] {
  const open =
    order.kind === 'remote' &&
    order.attention === null &&
    order.sale.status === 'sold' &&
    order.credit.status === 'failed' &&
    order.write.status === 'none' &&
    !isUndoing(order);
  if (!open) return [];
  if (order.fallback === undefined) return ['card', 'refund'];
  return order.fallback === 'card' ? ['refund'] : [];
}

/** The payer's choice. For a refund the sale is undone first: stored here, before the grid hears of it. */
export function chosen(order: Order, choice: CreditChoice, now: Date): Change | undefined {
  if (!choicesOf(order).includes(choice)) return undefined;
  const event: NewEvent = { name: 'credit.choice', by: 'payer', data: { choice } };
  if (choice === 'card') return { set: { fallback: choice }, events: [event] };
  return {
    set: { fallback: choice, reversal: { status: 'sent', sentAt: now, reason: 'credit-failed' } },
    events: [event, { name: 'reversal.sent', by: 'system' }],
  };
}

function sent(order: Order, now: Date): Change {
  const tries = (order.credit.tries ?? 0) + 1;
  return patch(
    order,
    { status: 'sent', firstSentAt: order.credit.firstSentAt ?? now, sentAt: now, tries, notFound: 0 },
    { name: 'credit.sent', by: 'system', data: { count: order.count, tries } },
  );
}

function patch(order: Order, credit: Partial<Credit>, event: NewEvent): Change {
  return { set: { credit: { ...order.credit, ...credit } }, events: [event] };
}
