import type { Order, Payment, Refund } from '../../orders/model/order.ts';
import type { Item } from './items.ts';

/** What reconciliation needs of an order; neither customer nor card. */
export type ReconciledOrder = Pick<
  Order,
  '_id' | 'grid' | 'faceFen' | 'payments' | 'refunds' | 'sale' | 'reversal' | 'events'
>;
/** What of it `PlainOrderLine` needs, as a projection. Whole facts: taking them apart costs a database more than copying them. */
export const PLAIN_FIELDS = { grid: 1, faceFen: 1, payments: 1, refunds: 1, sale: 1 } as const;
/** All of it. Its events are more than half of an order. */
export const RECONCILED_FIELDS = {
  ...PLAIN_FIELDS,
  reversal: 1,
  'events.name': 1,
  'events.at': 1,
  'events.data.no': 1,
} as const;

/** Everything that an order says of itself, on whatever day; also what no bill has to have (`unpaid`, `unsold`, …). */
export function itemsOfOrder(order: ReconciledOrder): Item[] {
  const items: Item[] = [];
  for (const payment of order.payments) {
    // Cash has a float's book and no channel's bill.
    if (payment.channel !== 'cash') items.push(paymentItem(order, payment));
  }
  for (const refund of order.refunds) {
    const payment = order.payments.find(({ no }) => no === refund.paymentNo);
    if (payment !== undefined && payment.channel !== 'cash') items.push(refundItem(order, payment, refund));
  }
  addSale(items, order);
  return items;
}

/** Whose paper has this, as a `Source` names it. */
export function paperOf({ grid }: Pick<Order, 'grid'>, { pair, item }: Item): string {
  return pair === 'grid' ? `grid:${grid}` : `channel:${item.slice(0, item.indexOf('/'))}`;
}

// A million orders a day: the items are written out, since objects that are spread into one another cost ten times as much.

function paymentItem(order: ReconciledOrder, payment: Payment): Item {
  return {
    orderNo: order._id,
    pair: 'channel',
    from: 'orders',
    item: `${payment.channel}/${payment.channelNo ?? payment.no}`,
    transactionId: payment.transactionId ?? '',
    fen: payment.amountFen,
    status: payment.status === 'succeeded' ? 'paid' : 'unpaid',
    parts: [],
    at: timeOf(payment.paidAt ?? payment.createdAt),
  };
}

function refundItem(order: ReconciledOrder, payment: Payment, refund: Refund): Item {
  const elsewhere = order.events.some(
    ({ name, data }) => name === 'refund.elsewhere' && data?.['no'] === refund.no,
  );
  return {
    orderNo: order._id,
    pair: 'channel',
    from: 'orders',
    item: `${payment.channel}/${refund.no}`,
    transactionId: '',
    fen: refund.fen,
    status: `refund-${elsewhere ? 'elsewhere' : refund.status === 'requested' ? 'approved' : refund.status}`,
    parts: [],
    at: timeOf(refund.sentAt ?? refund.at),
  };
}

function addSale(items: Item[], order: ReconciledOrder): void {
  const { sale } = order;
  if (sale.status === 'none') return;
  const sold = saleItem(order, 'sold', sale.sentAt);
  if (sale.status === 'sold') {
    items.push(sold);
    return;
  }
  const undone = order.events.find(({ name }) => name === 'sale.undone');
  if (undone !== undefined) items.push(sold, saleItem(order, 'reversed', undone.at));
  else if (sale.sentAt !== undefined) {
    const status = order.reversal.status === 'reversed' ? 'undone' : 'unsold';
    items.push(saleItem(order, status, sale.sentAt));
  }
}

function saleItem(order: ReconciledOrder, status: string, at: Date | undefined): Item {
  const { sale } = order;
  return {
    orderNo: order._id,
    pair: 'grid',
    from: 'orders',
    item: sale.saleNo ?? '',
    transactionId: '',
    fen: order.faceFen,
    status,
    parts: [sale.creditFen ?? 0, sale.arrearsFen ?? 0, sale.feeFen ?? 0],
    at: timeOf(at),
  };
}

function timeOf(at: Date | undefined): string {
  return at === undefined ? '' : at.toISOString();
}
