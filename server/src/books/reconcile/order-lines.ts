import type { Item } from './items.ts';
import { itemsOfOrder, type ReconciledOrder } from './order-items.ts';

/** What no bill has to have is asked for where a bill has it, and never written. */
const UNWRITTEN = new Set([
  'unpaid',
  'unsold',
  'undone',
  'refund-approved',
  'refund-rejected',
  'refund-elsewhere',
]);

/** An order's lines (`engine/layout.ts`) of what is `wanted`, by its moment mostly; none where nothing is. */
export function linesOfOrder(order: ReconciledOrder, wanted: (item: Item) => boolean): string {
  const items = itemsOfOrder(order).filter((item) => !UNWRITTEN.has(item.status) && wanted(item));
  const money = items.filter(({ pair }) => pair === 'channel');
  const sales = items.filter(({ pair }) => pair === 'grid');
  let lines = '';
  for (let row = 0; row < Math.max(money.length, sales.length); row += 1) {
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
