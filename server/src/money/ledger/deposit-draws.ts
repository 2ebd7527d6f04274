import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from './accounts.ts';
import { soldFen, type BookedOrder } from './order-postings.ts';
import type { Posting } from './posting.ts';

/**
 * What an order's sales took of our deposit at the grid, and what their undoing gave back: a group of its own beside what the
 * same events did to the payer's money. Sales from before `since` took nothing that these books know of. Pure: the same events
 * give the same postings for ever. Throws `ledger.event-unreadable`.
 */
export function drawsOf(order: BookedOrder, since: Date): Posting[] {
  let drawnFen = 0;
  return order.events.flatMap((event): Posting[] => {
    const { n, name, at } = event;
    if (name !== 'sale.sold' && name !== 'sale.undone') return [];
    const standsFen = name === 'sale.sold' && at >= since ? soldFen(order, event) : 0;
    const fen = standsFen - drawnFen;
    drawnFen = standsFen;
    if (fen === 0) return [];
    const legs = [
      { account: ACCOUNTS.gridDrawn(order.grid), fen },
      { account: ACCOUNTS.gridDeposit(order.grid), fen: 0 - fen },
    ];
    const { _id: source, terminalId, meterNo } = order;
    return [{ source, n, group: 'deposit', name, at, day: chinaDay(at), legs, terminalId, meterNo }];
  });
}
