import type { DifferenceKind } from '../../orders/model/case-sink.ts';
import type { UnevenLine } from './engine/engine.ts';
import type { Side } from './engine/layout.ts';
import { itemsOf, UNBOOKED, type Item } from './items.ts';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly pair: Item['pair'];
  readonly orderNo: string;
  /** What of the order it is about; with kind and order, which case it is. */
  readonly key: string;
  readonly bill?: Item;
  readonly order?: Item;
  /** Whether each side has a line of this order on these days; three ways, whatever the pair. */
  readonly present?: Readonly<Record<Side, boolean>>;
}

/** What two statuses of one payment, refund or sale may be at the same time. Missing: only the same. */
const COMPATIBLE: Readonly<Record<string, readonly string[]>> = {
  // A bill is of another moment than the order: what is under way may be done by now.
  'refund-done': ['refund-done', 'refund-sent', 'refund-unknown', 'refund-approved'],
  'refund-sent': ['refund-done', 'refund-sent', 'refund-unknown', 'refund-approved'],
  'refund-abnormal': ['refund-abnormal', 'refund-elsewhere'],
  'refund-closed': ['refund-abnormal', 'refund-rejected', 'refund-elsewhere'],
  // The grid undid what the order never learnt to be sold.
  reversed: ['reversed', 'undone', 'unsold'],
};
/** Exactly, from the lines of an uneven slot: what of it is a difference. Nothing where only the form differed. */
export function differencesOf(lines: readonly UnevenLine[]): Difference[] {
  const items = lines.flatMap(itemsOf);
  const orderNos = [...new Set(items.map(({ orderNo }) => orderNo))];
  return orderNos.flatMap((orderNo) => {
    const of = (pair: Item['pair'], from: Item['from']): Item[] =>
      items.filter((item) => item.orderNo === orderNo && item.pair === pair && item.from === from);
    const present = {
      channel: of('channel', 'bill').length > 0,
      orders: items.some((item) => item.orderNo === orderNo && item.from === 'orders'),
      grid: of('grid', 'bill').length > 0,
    };
    return (['channel', 'grid'] as const).flatMap((pair) =>
      compared(of(pair, 'bill'), of(pair, 'orders')).map((found) => ({ ...found, present })),
    );
  });
}

/** Compares what a bill and the orders say of one order. */
export function compared(bill: readonly Item[], orders: readonly Item[]): Difference[] {
  const differences: Difference[] = [];
  const open = [...orders];
  const seen = new Map<string, Item>();
  for (const said of withoutUndone(bill, orders)) {
    const id = keyOf(said);
    const before = seen.get(id);
    seen.set(id, said);
    if (before !== undefined) {
      differences.push(difference('DUPLICATE', { bill: said }));
      continue;
    }
    const same = take(open, (item) => keyOf(item) === id) ?? take(open, (item) => isAbout(item, said));
    differences.push(...between(said, same));
  }
  for (const item of open) {
    if (!UNBOOKED.has(item.status)) differences.push(difference('ORDER_ONLY', { order: item }));
  }
  return differences;
}

/** What the grid sold and undid comes to nothing for an order that knows of neither. */
function withoutUndone(bill: readonly Item[], orders: readonly Item[]): readonly Item[] {
  if (!orders.some(({ pair, status }) => pair === 'grid' && UNBOOKED.has(status))) return bill;
  const both = (item: Item): boolean =>
    (['sold', 'reversed'] as const).every((status) =>
      bill.some((other) => other.item === item.item && other.status === status),
    );
  return bill.filter((item) => !both(item));
}

function between(bill: Item, order: Item | undefined): Difference[] {
  if (order === undefined) {
    return [difference(bill.pair === 'channel' ? 'CHANNEL_ONLY' : 'GRID_ONLY', { bill })];
  }
  const found: Difference[] = [];
  if (!areCompatible(bill.status, order.status)) found.push(difference('STATUS_DIFF', { bill, order }));
  // An order that does not know of a sale cannot know its parts.
  else if (
    !UNBOOKED.has(order.status) &&
    (bill.fen !== order.fen || bill.parts.some((fen, index) => fen !== order.parts[index]))
  ) {
    found.push(difference('AMOUNT_DIFF', { bill, order }));
  }
  return found;
}

function areCompatible(bill: string, order: string): boolean {
  return (COMPATIBLE[bill] ?? [bill]).includes(order);
}

/** The same payment, refund, sale or reversal, whatever else is said of it. */
function keyOf(item: Item): string {
  if (item.pair === 'grid') return `grid:${item.status}:${item.item}`;
  return [item.item, item.transactionId].filter((part) => part !== '').join(':');
}

/** The order knows of it, but not that it was done: no transaction, no sale yet. */
function isAbout(order: Item, bill: Item): boolean {
  if (!UNBOOKED.has(order.status)) return false;
  return bill.pair === 'grid' || order.item === bill.item;
}

function difference(kind: DifferenceKind, of: { bill?: Item; order?: Item }): Difference {
  const item = of.bill ?? of.order;
  if (item === undefined) throw new Error('A difference is about something.');
  return { kind, pair: item.pair, orderNo: item.orderNo, key: keyOf(item), ...of };
}

function take(from: Item[], matches: (item: Item) => boolean): Item | undefined {
  const index = from.findIndex(matches);
  return index === -1 ? undefined : from.splice(index, 1)[0];
}
