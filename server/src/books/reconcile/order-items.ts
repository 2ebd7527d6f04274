import type { Order, Payment, Refund } from '../../domain/order.ts';
import type { Item } from './items.ts';

/** What reconciliation needs of an order; neither customer nor card. */
export type ReconciledOrder = Pick<
  Order,
  '_id' | 'grid' | 'faceFen' | 'payments' | 'refunds' | 'sale' | 'reversal' | 'events'
>;
/** The same as a projection of stored documents. */
export const RECONCILED_FIELDS = {
  grid: 1,
  faceFen: 1,
  'payments.no': 1,
  'payments.channelNo': 1,
  'payments.channel': 1,
  'payments.status': 1,
  'payments.amountFen': 1,
  'payments.transactionId': 1,
  'payments.createdAt': 1,
  'payments.paidAt': 1,
  'refunds.no': 1,
  'refunds.paymentNo': 1,
  'refunds.fen': 1,
  'refunds.status': 1,
  'refunds.at': 1,
  'refunds.sentAt': 1,
  sale: 1,
  reversal: 1,
  'events.name': 1,
  'events.at': 1,
  'events.data.no': 1,
} as const;

/** Everything that an order says of itself, on whatever day; also what no bill has to have (`unpaid`, `unsold`, …). */
export function itemsOfOrder(order: ReconciledOrder): Item[] {
  return [
    // Cash has a float's book and no channel's bill.
    ...order.payments
      .filter(({ channel }) => channel !== 'cash')
      .map((payment) => paymentItem(order, payment)),
    ...order.refunds.flatMap((refund) => refundItem(order, refund)),
    ...saleItems(order),
  ];
}

/** Whose paper has this, as a `Source` names it. */
export function paperOf({ grid }: Pick<Order, 'grid'>, { pair, item }: Item): string {
  return pair === 'grid' ? `grid:${grid}` : `channel:${item.split('/')[0] ?? ''}`;
}

function paymentItem(order: ReconciledOrder, payment: Payment): Item {
  const paid = payment.status === 'succeeded';
  return {
    ...{ orderNo: order._id, pair: 'channel', from: 'orders', parts: [] },
    item: `${payment.channel}/${payment.channelNo ?? payment.no}`,
    transactionId: payment.transactionId ?? '',
    fen: payment.amountFen,
    status: paid ? 'paid' : 'unpaid',
    at: timeOf(payment.paidAt ?? payment.createdAt),
  };
}

function refundItem(order: ReconciledOrder, refund: Refund): Item[] {
  const payment = order.payments.find(({ no }) => no === refund.paymentNo);
  if (payment === undefined || payment.channel === 'cash') return [];
  const elsewhere = order.events.some(
    ({ name, data }) => name === 'refund.elsewhere' && data?.['no'] === refund.no,
  );
  return [
    {
      ...{ orderNo: order._id, pair: 'channel', from: 'orders', parts: [], transactionId: '' },
      item: `${payment.channel}/${refund.no}`,
      fen: refund.fen,
      status: `refund-${elsewhere ? 'elsewhere' : refund.status === 'requested' ? 'approved' : refund.status}`,
      at: timeOf(refund.sentAt ?? refund.at),
    },
  ];
}

function saleItems(order: ReconciledOrder): Item[] {
  const { sale, reversal, events } = order;
  const undone = events.find(({ name }) => name === 'sale.undone');
  const item: Item = {
    ...{ orderNo: order._id, pair: 'grid', from: 'orders', transactionId: '' },
    item: sale.saleNo ?? '',
    fen: order.faceFen,
    parts: [sale.creditFen ?? 0, sale.arrearsFen ?? 0, sale.feeFen ?? 0],
    status: 'sold',
    at: timeOf(sale.sentAt),
  };
  if (sale.status === 'sold') return [item];
  if (undone !== undefined) return [item, { ...item, status: 'reversed', at: timeOf(undone.at) }];
  if (sale.sentAt === undefined) return [];
  return [{ ...item, status: reversal.status === 'reversed' ? 'undone' : 'unsold' }];
}

function timeOf(at: Date | undefined): string {
  return at === undefined ? '' : at.toISOString();
}
