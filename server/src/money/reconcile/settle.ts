import { chinaDay, dayPlus, startOfDay } from '../../kernel/china-time.ts';
import { compared, type Difference } from './classify.ts';
import type { Item } from './items.ts';

/** How near to midnight something may be booked on the other side of it. */
const CUT_MS = 2 * 3_600_000;

export interface Settling {
  /** What the files of these days differ in. */
  readonly found: readonly Difference[];
  /** What the day before held over. */
  readonly carried: readonly Difference[];
  readonly first: string;
  readonly last: string;
  /** Everything that an order says of itself, on whatever day; empty where there is none of this number. */
  readonly itemsOf: (orderNo: string) => Promise<readonly Item[]>;
}

export interface Settled {
  readonly differences: readonly Difference[];
  /** For the day after: what may be booked on it, and what it must not report because it was booked today. */
  readonly carried: readonly Difference[];
}

/**
 * Which differences are a person's. What the other side booked on the other side of midnight is none: such candidates
 * are held for one day and reported only if the next day's bill does not have them either.
 */
export async function settled(init: Settling): Promise<Settled> {
  const differences: Difference[] = [];
  const carried: Difference[] = [];
  const before = [...init.carried];
  for (const found of init.found) {
    const other = takeOther(before, found);
    if (other !== undefined) {
      differences.push(...together(found, other));
      continue;
    }
    if (found.kind === 'DUPLICATE') {
      differences.push(found);
      continue;
    }
    if (found.bill === undefined) {
      (isCandidate(found, init.last) ? carried : differences).push(found);
      continue;
    }
    if (isUndone(found, init.found) && (await isUnknown(found.bill, init.itemsOf))) continue;
    const known = await asked(found, found.bill, init.itemsOf);
    if (known === undefined) {
      takeUndone(before, found);
      carried.push(found);
    } else if (known.order?.status === 'undone' && isOf(known, init.last)) carried.push(known);
    else differences.push(known);
  }
  // Held for a day, and still alone. A bill's line that its order knows of is no difference, whatever its day.
  for (const held of before) {
    const known = held.bill === undefined ? held : await asked(held, held.bill, init.itemsOf);
    if (known !== undefined) differences.push(known);
  }
  return { differences, carried: carried.filter((each) => isOf(each, init.last)) };
}

/** The day that a difference is of: its bill's line's, or else the order's. */
export function dayOf(difference: Difference): string {
  const at = Date.parse(difference.bill?.at ?? difference.order?.at ?? '');
  return Number.isNaN(at) ? '' : chinaDay(new Date(at));
}

/** What is left of a bill's line once its order was asked; undefined: the order knows it exactly so. */
async function asked(
  found: Difference,
  bill: Item,
  itemsOf: Settling['itemsOf'],
): Promise<Difference | undefined> {
  const items = (await itemsOf(bill.orderNo)).filter(({ pair }) => pair === bill.pair);
  const left = compared([bill], items).find((each) => each.bill !== undefined);
  if (left === undefined) return undefined;
  return { ...left, ...(found.present === undefined ? {} : { present: found.present }) };
}

/** Whether these days' bills have both a sale and its reversal, of which this is one. */
function isUndone({ pair, orderNo, bill }: Difference, all: readonly Difference[]): boolean {
  if (pair !== 'grid' || bill === undefined) return false;
  const other = bill.status === 'sold' ? 'reversed' : 'sold';
  return all.some(
    (each) => each.orderNo === orderNo && each.bill?.item === bill.item && each.bill.status === other,
  );
}

/** Sold and undone comes to nothing for an order that knows of neither; one that knows of it is asked about each. */
async function isUnknown(bill: Item, itemsOf: Settling['itemsOf']): Promise<boolean> {
  const both = (['sold', 'reversed'] as const).map((status) => ({ ...bill, status }));
  const items = (await itemsOf(bill.orderNo)).filter(({ pair }) => pair === bill.pair);
  return compared(both, items).every((each) => each.bill === undefined);
}

function isCandidate(found: Difference, last: string): boolean {
  const status = found.order?.status ?? '';
  if (!isOf(found, last)) return false;
  // A channel books a refund, and the grid a reversal, when it has come to it.
  if (status !== 'paid' && status !== 'sold') return true;
  return Date.parse(found.order?.at ?? '') >= startOfDay(dayPlus(last, 1)).getTime() - CUT_MS;
}

function isOf(difference: Difference, day: string): boolean {
  const own = dayOf(difference);
  return own >= day || own === '';
}

/** The same thing, of which one day had one side and the next day the other. */
function takeOther(before: Difference[], found: Difference): Difference | undefined {
  const index = before.findIndex(
    (held) =>
      held.pair === found.pair &&
      held.orderNo === found.orderNo &&
      held.key === found.key &&
      (held.bill === undefined) !== (found.bill === undefined),
  );
  return index === -1 ? undefined : before.splice(index, 1)[0];
}

/** The grid undid today what it sold yesterday, and the order never learnt of either. */
function takeUndone(before: Difference[], found: Difference): void {
  if (found.bill?.status !== 'reversed') return;
  const index = before.findIndex((held) => held.orderNo === found.orderNo && held.order?.status === 'undone');
  if (index !== -1) before.splice(index, 1);
}

function together(found: Difference, held: Difference): Difference[] {
  const bill = found.bill ?? held.bill;
  const order = found.order ?? held.order;
  return compared(bill === undefined ? [] : [bill], order === undefined ? [] : [order]);
}
