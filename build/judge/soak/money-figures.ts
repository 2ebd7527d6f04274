import type { Connection } from 'mongoose';
import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import type { Order, Refund } from '../../../server/src/orders/model/order.ts';
import type { PaymentSum } from '../../kit/sandbox-answers.ts';
import type { Cash } from './money-books.ts';

/** How many orders two wallets paid, how many three, and how many a wallet beside the counter, by their own word. Pure. */
export function payersOf(
  payments: readonly Pick<PaymentSum, 'wallet' | 'outTradeNo' | 'transactions'>[],
  cash: ReadonlyMap<string, Cash>,
): {
  readonly twoWallets: number;
  readonly threeWallets: number;
  readonly cashAndWallet: number;
} {
  const wallets = new Map<string, Set<string>>();
  for (const { wallet, outTradeNo, transactions } of payments) {
    if (transactions.length === 0) continue;
    const orderNo = orderNoOf(outTradeNo) ?? outTradeNo;
    wallets.set(orderNo, (wallets.get(orderNo) ?? new Set()).add(wallet));
  }
  const of = (count: number): number => [...wallets.values()].filter(({ size }) => size === count).length;
  const both = [...cash].filter(([orderNo, { takenFen }]) => takenFen > 0 && wallets.has(orderNo));
  return { twoWallets: of(2), threeWallets: of(3), cashAndWallet: both.length };
}

/** What orders have become at the end of a campaign. */
export interface OrderFigures {
  /** Orders that still wait for a person. */
  readonly leftToStaff: number;
  /** Orders whose sale was taken off their card and undone. */
  readonly undone: number;
  readonly maxEventsPerOrder: number;
  /** From a refund's approval until its channel has given it; 0 where nothing went back. */
  readonly p99RefundSeconds: number;
}

type Told = Pick<Order, 'state' | 'events'> & { readonly refunds: readonly Pick<Refund, 'status'>[] };

/** Pure. */
export function orderFigures(orders: readonly Told[]): OrderFigures {
  const seconds = orders.flatMap(refundSeconds).sort((a, b) => a - b);
  return {
    leftToStaff: orders.filter(waitsForStaff).length,
    undone: orders.filter(isUndone).length,
    maxEventsPerOrder: Math.max(0, ...orders.map(({ events }) => events.length)),
    p99RefundSeconds: Math.round(seconds[Math.ceil(seconds.length * 0.99) - 1] ?? 0),
  };
}

/** The same of all orders that a database has. */
export async function orderFiguresOf(db: Connection): Promise<OrderFigures> {
  const fields = { state: 1, 'refunds.status': 1, 'events.name': 1, 'events.at': 1, 'events.data.no': 1 };
  return orderFigures(await db.collection<Told>('orders').find({}, { projection: fields }).toArray());
}

function isUndone({ events }: Told): boolean {
  return ['undo.off', 'sale.undone'].every((name) => events.some((event) => event.name === name));
}

function waitsForStaff({ state, refunds }: Told): boolean {
  return state === 'attention' || refunds.some(({ status }) => status === 'abnormal');
}

function refundSeconds({ events }: Pick<Told, 'events'>): number[] {
  return events.flatMap(({ name, at, data }) => {
    if (name !== 'refund.done') return [];
    const approved = events.find(
      (each) => each.name === 'refund.approved' && each.data?.['no'] === data?.['no'],
    );
    return approved === undefined ? [] : [(at.getTime() - approved.at.getTime()) / 1000];
  });
}
