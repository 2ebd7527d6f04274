import type { Uncredited } from '@bianmin/purchase/api/meter-shown';
import type { GridCard } from '../../gateways/grid/customers.ts';
import type { Order } from '../model/order.ts';
import type { OrderStore } from '../store/orders.ts';
import { roomBelow } from './meter-word.ts';
import { dayBelow } from './usage-estimate.ts';

interface On {
  readonly store: Pick<OrderStore, 'purchasesOf'>;
  now(): Date;
}

/** A year of monthly purchases tells what a household uses. */
const PURCHASES = 13;

/** What a terminal is told of a purchase that is on this card, and that its meter is not known to have taken. */
export async function uncreditedOf(order: Order, card: GridCard, on: On): Promise<Uncredited | undefined> {
  const { _id: orderNo, sale, write, state, serial, faceFen } = order;
  if (state !== 'done' || write.status !== 'written' || write.at === undefined) return undefined;
  if (serial !== card.serial) return undefined;
  const creditFen = sale.creditFen ?? faceFen;
  const told = { orderNo, creditFen, writtenAt: write.at.toISOString() };
  const belowFen = roomBelow(order, card);
  if (belowFen === undefined) return told;
  const around = await aroundOf(order, { ...card, belowFen }, on);
  return { ...told, belowFen, ...(around === undefined ? {} : { around }) };
}

async function aroundOf(
  order: Order,
  meter: Pick<GridCard, 'balanceFen' | 'balanceAt'> & { readonly belowFen: number },
  on: On,
): Promise<string | undefined> {
  const { balanceFen, belowFen } = meter;
  const balanceAt = new Date(meter.balanceAt ?? Number.NaN);
  if (balanceFen === null || balanceFen <= belowFen || Number.isNaN(balanceAt.getTime())) return undefined;
  const { grid, customerNo, masked, _id: before } = order;
  const holder = order.holder === undefined ? {} : { holder: order.holder };
  const household = { grid, customerNo, maskedName: masked.name, ...holder };
  const orders = await on.store.purchasesOf(household, { limit: PURCHASES, before });
  const bought = orders.flatMap(({ createdAt: at, sale: { status, creditFen } }) =>
    status === 'sold' && creditFen !== undefined ? [{ at, creditFen }] : [],
  );
  return dayBelow({ bought, balanceFen, balanceAt, belowFen, now: on.now() });
}
