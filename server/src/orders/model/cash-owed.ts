import type { CashSum } from '@bianmin/purchase/api/float';
import { inNotes } from '../../kernel/cash.ts';
import type { Order, Payment, Refund } from './order.ts';

/** Cash that waits at the counters of a float for its household. */
export interface CashOwed {
  readonly order: Order;
  readonly refund: Refund;
  /** A float's id. */
  readonly float: string;
  /** When the float had it back. */
  readonly since: Date;
}

/** What of an order's cash its household has not been handed. Pure. */
export function cashOwedOf(order: Order): CashOwed[] {
  return order.refunds
    .filter(({ handOut }) => handOut?.status === 'owed')
    .map((refund) => ({ order, refund, float: floatOf(order, refund), since: doneAt(order, refund) }));
}

/** In notes, which may be some fen less than what the refunds are. */
export function sumOfCash(owed: readonly CashOwed[]): CashSum {
  return { fen: owed.reduce((sum, { refund }) => sum + inNotes(refund.fen), 0), times: owed.length };
}

/** Whose cash a refund is; empty where it is none. */
export function floatOf(
  { payments }: Pick<Order, 'payments'>,
  { paymentNo }: Pick<Refund, 'paymentNo'>,
): string {
  return payments.find(({ no }: Payment) => no === paymentNo)?.float ?? '';
}

function doneAt({ events, updatedAt }: Order, { no }: Refund): Date {
  return events.find(({ name, data }) => name === 'refund.done' && data?.['no'] === no)?.at ?? updatedAt;
}
