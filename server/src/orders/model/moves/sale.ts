import type { GridSale } from '../../../gateways/grid/contract.ts';
import type { AccountStanding } from '../../../gateways/grid/accounts.ts';
import type { Change, NewEvent } from '../change.ts';
import { isHouseholdChange } from '../household-change.ts';
import type { AttentionReason, Order } from '../order.ts';
import type { OrderEventName } from '../order-events.ts';
import type { OwedReason } from '../order-no.ts';
import { fundingOf, isReversing, isUndoing } from '../state.ts';
import { inAccount } from './account.ts';
import { owe } from './refund.ts';

/** One sale per meter and count. */
export function slotOf(order: Pick<Order, 'grid' | 'meterNo' | 'count'>): string {
  return `${order.grid}:${order.meterNo}:${order.count}`;
}

/** One payment of a bill that is paid as a whole. */
export function billSlotOf(grid: string, billNo: string): string {
  return `${grid}:bill:${billNo}`;
}

/** An account takes as many payments at a time as there are: each is its own. */
export function ownSlotOf(order: Order): string {
  if (order.kind !== 'account') return slotOf(order);
  return order.bill?.whole === true
    ? billSlotOf(order.grid, order.bill.no)
    : `${order.grid}:account:${order._id}`;
}

/** Stored before the grid hears of it, with the slot that no other order may then have. */
export function startSale(order: Order, now: Date): Change | undefined {
  if (order.sale.status !== 'none' || fundingOf(order) === undefined) return undefined;
  const { noCreditLooks: _, ...sale } = order.sale;
  const tries = (sale.tries ?? 0) + 1;
  return {
    set: {
      sale: { ...sale, status: 'sent', sentAt: now, firstSentAt: sale.firstSentAt ?? now, tries },
      saleSlot: ownSlotOf(order),
    },
    events: [{ name: 'sale.sent', by: 'system', data: { count: order.count, tries } }],
  };
}

/** This try provably never left: it may be sent again. The slot stays ours. */
export function saleNotSent(order: Order, tries: number | undefined): Change | undefined {
  if (order.sale.status !== 'sent' || order.sale.tries !== tries) return undefined;
  return { set: { sale: { ...order.sale, status: 'none' } }, events: [event('sale.not-sent', 'grid')] };
}

/** The grid refused this try because what we have there does not cover it: it may be sent again. The slot stays ours. */
export function saleWithoutCredit(order: Order, tries: number | undefined, now: Date): Change | undefined {
  const { sale } = order;
  if (!isWaiting(sale, tries) || isReversing(order)) return undefined;
  return {
    set: { sale: { ...sale, status: 'none', noCreditAt: sale.noCreditAt ?? now } },
    events: [event('sale.no-credit', 'grid')],
  };
}

/** So often, ever further apart, is it asked whether a later try was refused, too: clocks differ by which its age is told. */
export const NO_CREDIT_LOOKS = 3;

/** Said when asked about a later try, perhaps of an earlier one: counted once by all who looked at the same time. */
export function creditDoubted(order: Order, { tries, noCreditLooks = 0 }: Order['sale']): Change | undefined {
  const { sale } = order;
  if (!isWaiting(sale, tries) || (sale.noCreditLooks ?? 0) !== noCreditLooks || isReversing(order))
    return undefined;
  const looked = { ...sale, status: 'unknown' as const, noCreditLooks: noCreditLooks + 1 };
  return { set: { sale: looked }, events: [event('sale.unknown', 'grid')] };
}

function isWaiting(sale: Order['sale'], tries: number | undefined): boolean {
  return (sale.status === 'sent' || sale.status === 'unknown') && sale.tries === tries;
}

/** No longer waited for: its number is buried first, since the grid may sell later what it refused for want of credit. */
export function saleGivenUp(order: Order, now: Date): Change | undefined {
  if (order.sale.status !== 'none' || order.reversal.status !== 'none') return undefined;
  return {
    set: {
      sale: { ...order.sale, status: 'unknown' },
      reversal: { status: 'sent', sentAt: now, reason: 'vendor-credit' },
    },
    events: [event('reversal.sent', 'system')],
  };
}

/** It is not known what became of this try. */
export function saleUnknown(order: Order, tries: number | undefined): Change | undefined {
  if (order.sale.status !== 'sent' || order.sale.tries !== tries) return undefined;
  return { set: { sale: { ...order.sale, status: 'unknown' } }, events: [event('sale.unknown', 'grid')] };
}

/**
 * The grid sold, whichever try it was that reached it: into an account, which is then credited. Under another count or amount
 * than asked, a person must decide; what we had given up, or never asked for, is late.
 */
export function saleSold(
  order: Order,
  sold: GridSale & { readonly account?: AccountStanding },
  now: Date,
): Change | undefined {
  const { status } = order.sale;
  if (status === 'sold') return undefined;
  if (status === 'rejected' || order.sale.firstSentAt === undefined) return lateSale(order, now);
  const fits = sold.count === order.count && sold.faceFen === order.faceFen && sold.orderNo === order._id;
  // While its number is being buried it is not known whether the account keeps it.
  const isCredited = order.kind === 'account' && fits && !isReversing(order);
  const credited = isCredited ? inAccount(order, now, sold) : undefined;
  return {
    set: {
      sale: {
        ...order.sale,
        status: 'sold',
        saleNo: sold.saleNo,
        creditFen: sold.creditFen,
        arrearsFen: sold.arrearsFen,
        feeFen: sold.feeFen,
      },
      ...(fits ? {} : { attention: 'sale-mismatch' as const }),
      ...credited?.set,
    },
    events: [soldEvent(sold, sold.count), ...(credited?.events ?? [])],
  };
}

/** All amounts, so that books are kept from events alone. */
export function soldEvent(
  sold: Pick<GridSale, 'saleNo' | 'creditFen' | 'arrearsFen' | 'feeFen'>,
  count: number,
): NewEvent {
  const { saleNo, creditFen, arrearsFen, feeFen } = sold;
  return event('sale.sold', 'grid', { saleNo, count, creditFen, arrearsFen, feeFen });
}

/** Sold after we gave it up: a case, and a reversal, since no plan can have been released. */
function lateSale(order: Order, now: Date): Change | undefined {
  if (order.attention === 'late-sale') return undefined;
  return {
    set: { attention: 'late-sale', reversal: { status: 'sent', sentAt: now, reason: 'late-sale' } },
    events: [event('order.attention', 'system', { reason: 'late-sale' }), event('reversal.sent', 'system')],
  };
}

/** The grid did not sell and never will: the money goes back and the slot is free. */
export function saleRejected(order: Order, reason: string, now: Date): Change | undefined {
  const funding = fundingOf(order);
  if (order.sale.status === 'sold' || order.sale.status === 'rejected' || funding === undefined) {
    return undefined;
  }
  const owed = owe(order, funding, 'not-sold', now);
  return {
    set: { sale: { ...order.sale, status: 'rejected', reason }, saleSlot: null, ...owed?.set },
    events: [event('sale.rejected', 'grid', { reason }), ...(owed?.events ?? [])],
  };
}

/** The first "not found" after the horizon; the second one sends a reversal as a tombstone. */
export function saleNotFound(order: Order, now: Date): Change | undefined {
  if (order.sale.status !== 'unknown' && order.sale.status !== 'sent') return undefined;
  if (order.reversal.status !== 'none') return undefined;
  const notFound = (order.sale.notFound ?? 0) + 1;
  const sale = { ...order.sale, status: 'unknown' as const, notFound };
  if (notFound < 2) return { set: { sale }, events: [event('sale.not-found', 'grid', { notFound })] };
  return {
    set: { sale, reversal: { status: 'sent', sentAt: now, reason: 'not-found' } },
    events: [event('sale.not-found', 'grid', { notFound }), event('reversal.sent', 'system')],
  };
}

export function reversalUnknown(order: Order): Change | undefined {
  if (order.reversal.status !== 'sent') return undefined;
  return {
    set: { reversal: { ...order.reversal, status: 'unknown' } },
    events: [event('reversal.unknown', 'grid')],
  };
}

/** The grid never saw it, after the horizon: the tombstone itself is sent once more. */
export function reversalSentAgain(order: Order, now: Date): Change | undefined {
  if (order.reversal.status !== 'unknown' && order.reversal.status !== 'sent') return undefined;
  return {
    set: { reversal: { ...order.reversal, status: 'sent', sentAt: now } },
    events: [event('reversal.sent', 'system')],
  };
}

/** The sale of an order into an account stands after all: the account has had it since it was sent. */
export function keptByAccount(order: Order): Change | undefined {
  if (order.kind !== 'account' || order.credit.status === 'credited') return undefined;
  const { sentAt = order.createdAt, creditFen = order.faceFen } = order.sale;
  return inAccount(order, sentAt, { creditFen });
}

/** Undone, or never to be done: only now may the money go back. */
export function reversed(order: Order, now: Date): Change | undefined {
  if (order.reversal.status !== 'sent' && order.reversal.status !== 'unknown') return undefined;
  // Also one that was heard of while its number was being buried.
  const rejected =
    order.sale.status === 'sold'
      ? saleUndone(order, now)
      : saleRejected(order, order.reversal.reason ?? 'reversed', now);
  return {
    set: { reversal: { ...order.reversal, status: 'reversed' }, ...rejected?.set },
    events: [event('reversal.reversed', 'grid'), ...(rejected?.events ?? [])],
  };
}

/** The grid undid the sale of its own accord, as when a household is converted. What may be on a card is a person's. */
export function undoneByGrid(order: Order, now: Date): Change | undefined {
  if (order.sale.status !== 'sold' || order.credit.status === 'credited' || isUndoing(order))
    return undefined;
  if (order.write.status !== 'none') return needsAttention(order, 'grid-disagrees');
  const undone = saleUndone(order, now);
  return {
    set: { reversal: { status: 'reversed', reason: 'converted' }, ...undone?.set },
    events: [event('reversal.reversed', 'grid'), ...(undone?.events ?? [])],
  };
}

/**
 * What stood, for whatever reason it was undone: the money is owed, and the slot is free unless a copy of a card may bear the
 * count still.
 */
function saleUndone(order: Order, now: Date): Change | undefined {
  const funding = fundingOf(order);
  if (funding === undefined) return undefined;
  const owed = owe(order, funding, undoneFor(order), now);
  const reason = order.reversal.reason ?? 'reversed';
  const saleSlot = order.undo?.status === 'off' ? order.saleSlot : null;
  return {
    set: { sale: { ...order.sale, status: 'rejected', reason }, saleSlot, ...owed?.set },
    events: [event('sale.undone', 'grid', { reason }), ...(owed?.events ?? [])],
  };
}

function undoneFor({ fallback, reversal }: Order): OwedReason {
  if (fallback === 'refund') return 'not-credited';
  return reversal.approval === undefined ? 'not-sold' : 'requested';
}

/**
 * The sale stands: an account has it. Refused to a payer who waits for the money, after a change of the household, or once more after
 * a decision: a person must settle it with the grid.
 */
export function reversalRefused(order: Order, reason: string | undefined): Change | undefined {
  if (order.reversal.status !== 'sent' && order.reversal.status !== 'unknown') return undefined;
  const attention =
    order.fallback === 'refund' ||
    order.reversal.was !== undefined ||
    isHouseholdChange(order.reversal.reason)
      ? needsAttention(order, 'reversal-refused')
      : undefined;
  const credited = order.sale.status === 'sold' ? keptByAccount(order) : undefined;
  return {
    set: {
      reversal: { ...order.reversal, status: 'refused', ...(reason === undefined ? {} : { reason }) },
      ...credited?.set,
      ...attention?.set,
    },
    events: [event('reversal.refused', 'grid'), ...(credited?.events ?? []), ...(attention?.events ?? [])],
  };
}

/** The grid says that there is no sale, and we hold it. It is right where the sale is being undone since it was asked. */
export function saleDenied(order: Order): Change | undefined {
  if (order.sale.status !== 'sold' || isReversing(order)) return undefined;
  return needsAttention(order, 'grid-disagrees');
}

export function needsAttention(order: Order, reason: AttentionReason): Change | undefined {
  if (order.attention !== null) return undefined;
  return { set: { attention: reason }, events: [event('order.attention', 'system', { reason })] };
}

function event(name: OrderEventName, by: string, data?: Readonly<Record<string, string | number | boolean>>) {
  return data === undefined ? { name, by } : { name, by, data };
}
