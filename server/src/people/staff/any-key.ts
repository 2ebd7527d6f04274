import type { OrderKey } from '@bianmin/purchase/api/admin-orders';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import { orderNoOf } from '../../orders/model/order-no.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderPage, OrderQuery } from '../../orders/store/order-query.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { Scope } from '../../kernel/scope.ts';

/** Orders, and what reads a receipt's code. */
export interface KeyedOrders {
  readonly orders: Pick<OrderStore, 'search'>;
  readonly receipts: Pick<ReceiptCodes, 'orderNoOf'>;
}

interface KeyReading {
  readonly kind: OrderKey;
  readonly query: OrderQuery;
}

/** What one way of reading a text found. */
export interface FoundByKey {
  readonly kind: OrderKey;
  /** The newest first. */
  readonly found: readonly Order[];
}

/**
 * What one box may hold: every way in which the text can be read, each a search with an index of its own. Sixteen digits
 * are a card's serial or a customer's number, and both are looked for; nothing is guessed.
 */
export function readingsOf(text: string, receipts: KeyedOrders['receipts']): KeyReading[] {
  const key = text.trim();
  const found: KeyReading[] = [];
  const orderNo = /^\d{18}$/u.test(key) ? key : orderNoOf(key);
  if (orderNo !== undefined) found.push({ kind: 'orderNo', query: onlyOrder(orderNo) });
  const printed = receipts.orderNoOf(key);
  if (printed !== undefined) found.push({ kind: 'receiptCode', query: onlyOrder(printed) });
  if (/^[0-9A-Fa-f]{16}$/u.test(key)) found.push({ kind: 'serial', query: { serial: key.toUpperCase() } });
  if (/^t[0-9a-f]{30}$/u.test(key)) found.push({ kind: 'terminalId', query: { terminalId: key } });
  if (/^[0-9A-Za-z]{4,20}$/u.test(key)) found.push({ kind: 'customerNo', query: { customerNo: key } });
  if (/^[0-9A-Za-z]{4,20}$/u.test(key)) found.push({ kind: 'meterNo', query: { meterNo: key } });
  if (/^[\w-]{8,64}$/u.test(key)) found.push({ kind: 'transactionId', query: { transactionId: key } });
  return found;
}

/** Orders that a text finds and that the other conditions leave, by each way of reading it. */
export function lookByKey(
  { orders, receipts }: KeyedOrders,
  text: string,
  of: { readonly query: OrderQuery; readonly page: OrderPage; readonly scope: Scope },
): Promise<FoundByKey[]> {
  return Promise.all(
    readingsOf(text, receipts).map(async ({ kind, query }) => ({
      kind,
      found: await orders.search({ ...of.query, ...query }, of.page, of.scope),
    })),
  );
}

/** All of them, each once, the newest first. */
export function newestOf(ways: readonly FoundByKey[]): Order[] {
  const byNo = new Map(ways.flatMap(({ found }) => found.map((order) => [order._id, order])));
  return [...byNo.values()].sort((a, b) => (a._id < b._id ? 1 : -1));
}

/** Which ways found something. */
export function readAsOf(ways: readonly FoundByKey[]): OrderKey[] {
  return ways.filter(({ found }) => found.length > 0).map(({ kind }) => kind);
}

/** No order's number lies between this one and the same with one more character. */
function onlyOrder(orderNo: string): OrderQuery {
  return { from: orderNo, to: `${orderNo}0` };
}
