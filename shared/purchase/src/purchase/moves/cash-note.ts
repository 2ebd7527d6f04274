import type { CashReceipt } from '../../api/float.ts';
import type { OrderView } from '../../api/order.ts';
import { watchedOrder } from '../phase.ts';
import { also, stay } from '../step.ts';
import type { Step } from '../step.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { CashNote } from '../cash-step.ts';
import { isUnpaid } from './order.ts';

/** What staff with cash must be told of an order after this move; asks for the receipt where there is a new one. */
export function noted(before: PurchaseState, step: Step): Step {
  const { state } = step;
  const order = watchedOrder(state.phase);
  const note = noteOf(before, state, order);
  if (note === undefined) return step;
  const asOf = asOfOf(state.phase, order);
  const cash = { ...note, asOf: asOf ?? note.asOf };
  const told = { ...step, state: { ...state, cash } };
  if (asOf === undefined || asOf === note.asOf || note.says !== 'paid') return told;
  return also(told, { do: 'cash-receipt', orderNo: note.orderNo });
}

/** The receipt came. */
export function onReceipt(state: PurchaseState, receipt: CashReceipt): Step {
  const { cash } = state;
  if (cash?.orderNo !== receipt.orderNo) return stay(state);
  return stay({ ...state, cash: { ...cash, receipt } });
}

function noteOf(
  { phase: left }: PurchaseState,
  { phase, cash }: PurchaseState,
  order: OrderView | null,
): CashNote | undefined {
  if (phase.name === 'cash') return undefined;
  const known = cash !== undefined && cash.orderNo === order?.orderNo ? cash : undefined;
  if (order !== null && isPaidInCash(order)) return { ...(known ?? fresh(order.orderNo)), says: 'paid' };
  // From here on it is no cash that paid.
  if (left.name !== 'cash') {
    if (known === undefined || order === null || !isPaid(order)) return undefined;
    return { ...known, says: 'phone-paid' };
  }
  const { orderNo } = left.pay.order;
  if (order !== null && isPaid(order)) return { ...fresh(orderNo), says: 'phone-paid' };
  const isOver = phase.name === 'closing' || phase.name === 'expired';
  return isOver && left.held ? { ...fresh(orderNo), says: 'not-recorded' } : undefined;
}

function isPaid(order: OrderView): boolean {
  return !isUnpaid(order) && order.state !== 'closed';
}

function fresh(orderNo: string): Omit<CashNote, 'says'> {
  return { orderNo, receipt: null, asOf: '' };
}

function isPaidInCash({ payment }: OrderView): boolean {
  return payment?.channel === 'cash' && payment.status === 'succeeded';
}

/** How the order stands on a screen that shows its receipt; undefined on the others. */
function asOfOf({ name }: Phase, order: OrderView | null): string | undefined {
  if (name !== 'done' && name !== 'credited' && name !== 'refund') return undefined;
  return `${name} ${order?.state ?? ''} ${order?.refund?.status ?? ''}`;
}
