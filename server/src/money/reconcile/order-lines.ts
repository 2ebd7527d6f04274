import type { OrderDays } from '../../orders/store/order-days.ts';
import { UNBOOKED, type Item } from './items.ts';
import { itemsOfOrder, PLAIN_FIELDS, type ReconciledOrder } from './order-items.ts';
import { PlainOrderLine } from './plain-order-line.ts';
import type { Wanted } from './wanted.ts';

/**
 * What is wanted of all orders, as lines in pieces. Nearly all are written from the bytes of their facts; the few others are
 * read once more, with their events.
 */
export async function* linesOfOrders(
  orders: Pick<OrderDays<ReconciledOrder>, 'documents' | 'some'>,
  wanted: Wanted,
): AsyncGenerator<string> {
  const plain = new PlainOrderLine(wanted);
  for await (const batch of orders.documents(wanted.days, PLAIN_FIELDS)) {
    let lines = '';
    const others: string[] = [];
    for (const document of batch) {
      const line = plain.of(document);
      if (line === undefined) others.push(plain.orderNo);
      else lines += line;
    }
    for (const order of await orders.some(others)) lines += linesOfOrder(order, wanted);
    yield lines;
  }
}

/** An order's lines (`engine/layout.ts`) of what is wanted; none where nothing is. */
export function linesOfOrder(order: ReconciledOrder, wanted: Wanted): string {
  const money: Item[] = [];
  const sales: Item[] = [];
  for (const item of itemsOfOrder(order)) {
    // Asked for where a bill has it all the same.
    if (UNBOOKED.has(item.status) || !wanted.has(order, item)) continue;
    (item.pair === 'channel' ? money : sales).push(item);
  }
  let lines = '';
  for (let row = 0; row < money.length || row < sales.length; row += 1) {
    lines += orderLine(order._id, money[row], sales[row]);
  }
  return lines;
}

export function orderLine(orderNo: string, money: Item | undefined, sale: Item | undefined): string {
  const paid =
    money === undefined ? ',,,' : `${money.item},${money.transactionId},${money.fen},${money.status}`;
  const sold =
    sale === undefined ? ',,,,,' : `${sale.item},${sale.fen},${sale.parts.join(',')},${sale.status}`;
  return `${orderNo},${paid},${sold},${money?.at ?? ''},${sale?.at ?? ''}\n`;
}

/** A channel bill's line. */
export function channelLine(item: Item, feeMilliFen: number): string {
  return `${item.orderNo},${item.item},${item.transactionId},${item.fen},${item.status},${feeMilliFen},${item.at}\n`;
}
