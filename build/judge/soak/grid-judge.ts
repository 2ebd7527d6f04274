import type { OrderState } from '@bianmin/purchase/api/order';
import { wrongMeters, type ShownMeter } from './wrong-meter.ts';

/** What is known of one order from outside: nothing of it is read from the database. */
export interface JudgedOrder extends ShownMeter {
  readonly orderNo: string;
  /** As its terminal is told; null where it is told of no such order. */
  readonly state: OrderState | null;
  /** At the wallets. */
  readonly takenFen: number;
  readonly refundedFen: number;
  /** What another than the payer pays if it is sold; absent: nothing. */
  readonly discountFen?: number;
  /** Of `refundedFen`: what two of the staff gave back although the purchase stands; absent: nothing. */
  readonly givenFen?: number;
  /** Money that the wallet tells of in its bill alone: kept until the day is reconciled. Absent: none. */
  readonly untoldFen?: number;
  /** A person must decide something about it: until then it is neither right nor wrong. Absent: nothing. */
  readonly waits?: boolean;
}

/** A line of the grid's own book. */
export interface JudgedSale {
  readonly orderNo: string;
  readonly status: 'sold' | 'rejected' | 'reversed';
  readonly meterNo: string | null;
  readonly faceFen: number;
  readonly creditFen: number;
  readonly count: number | null;
  /** Where the grid moved its value, since its meter was exchanged; null or absent: nowhere. */
  readonly movedToMeter?: { readonly meterNo: string; readonly count: number } | null;
}

export interface JudgedMeter {
  readonly meterNo: string;
  /** Since the soak began. */
  readonly creditedFen: number;
  readonly count: number;
}

export interface Judgement {
  /** Orders whose household paid and was neither credited nor paid back. */
  readonly lost: number;
  /** Orders credited and paid back, or either of them twice. */
  readonly doubled: number;
  /** Orders that the grid sold for another meter than the one that was confirmed, or that screens took for another. */
  readonly wrongMeter: number;
  /** Orders that have not come to an end, and sales that stand at the grid for no finished order. */
  readonly unknown: number;
  /** Orders of which the wallet's bill alone tells something, and reconciliation has not found it yet. */
  readonly untold: readonly string[];
  /** Orders that wait for a person; neither they nor their meters are judged. */
  readonly waits: readonly string[];
  /** A sentence for each. */
  readonly findings: readonly string[];
}

/** States in which nothing of an order is open. */
export const ENDS: ReadonlySet<OrderState | null> = new Set<OrderState | null>([
  'done',
  'refunded',
  'closed',
]);

/** Compares wallets, the grid's book and meters, household by household. Pure. */
export function judge(books: {
  readonly orders: readonly JudgedOrder[];
  readonly sales: readonly JudgedSale[];
  readonly meters: readonly JudgedMeter[];
}): Judgement {
  const sales = new Map(books.sales.map((sale) => [sale.orderNo, sale]));
  const found = {
    ...{ lost: 0, doubled: 0, wrongMeter: 0, unknown: 0 },
    ...{ untold: [] as string[], waits: [] as string[], findings: [] as string[] },
  };
  const note = (what: 'lost' | 'doubled' | 'wrongMeter' | 'unknown', sentence: string): void => {
    found[what] += 1;
    found.findings.push(`${what}: ${sentence}`);
  };
  const ordersOf = new Map<string, JudgedOrder[]>();
  for (const order of books.orders) {
    const mine = ordersOf.get(order.meterNo);
    if (mine === undefined) ordersOf.set(order.meterNo, [order]);
    else mine.push(order);
  }
  for (const meter of books.meters) {
    const before = found.findings.length;
    const mine = ordersOf.get(meter.meterNo) ?? [];
    const waiting = mine.filter(({ waits }) => waits === true);
    found.waits.push(...waiting.map(({ orderNo }) => orderNo));
    let dueFen = 0;
    for (const order of mine) {
      if (order.waits === true) continue;
      const sale = sales.get(order.orderNo);
      const stands = sale?.status === 'sold';
      const credited = stands && (sale.count ?? Infinity) <= meter.count;
      // What the grid took for arrears and fees is the household's too.
      dueFen += keptFen(order, stands) - (stands ? sale.faceFen - sale.creditFen : 0);
      const what = verdictOf(order, { credited, faceFen: sale?.faceFen ?? 0 });
      if (what === 'untold') {
        found.untold.push(order.orderNo);
        dueFen -= order.untoldFen ?? 0;
      } else if (what !== 'right') note(what, `order ${order.orderNo} ${describe(order, sale, credited)}`);
      if (!ENDS.has(order.state)) {
        note('unknown', `order ${order.orderNo} rests in ${order.state ?? 'no state'}`);
      } else if (stands && order.state !== 'done') {
        note('unknown', `the grid sold ${order.orderNo}, which is ${order.state ?? 'not known'}`);
      }
    }
    // Whatever single orders seem to be, the meter itself must have what was kept of the household's money.
    if (dueFen === meter.creditedFen || found.findings.length > before || waiting.length > 0) continue;
    const sentence = `meter ${meter.meterNo} credited ${meter.creditedFen} of ${dueFen} fen`;
    note(meter.creditedFen < dueFen ? 'lost' : 'doubled', sentence);
  }
  nobodys(books, note);
  for (const sentence of wrongMeters(books)) note('wrongMeter', sentence);
  return found;
}

/** What belongs to no household's meter: money of an order that the grid never saw, a sale that no order is of. */
function nobodys(
  books: Parameters<typeof judge>[0],
  note: (what: 'lost' | 'unknown', text: string) => void,
): void {
  const meters = new Set(books.meters.map(({ meterNo }) => meterNo));
  for (const { orderNo, meterNo, takenFen, refundedFen } of books.orders) {
    if (meters.has(meterNo) || takenFen === refundedFen) continue;
    note('lost', `order ${orderNo} of no known meter paid ${takenFen} and got back ${refundedFen}`);
  }
  const known = new Set(books.orders.map(({ orderNo }) => orderNo));
  for (const { orderNo, status } of books.sales) {
    if (status === 'sold' && !known.has(orderNo))
      note('unknown', `the grid sold ${orderNo}, which nobody knows`);
  }
}

function verdictOf(
  order: JudgedOrder,
  sale: { readonly credited: boolean; readonly faceFen: number },
): 'right' | 'lost' | 'doubled' | 'untold' {
  const overFen = keptFen(order, sale.credited) - (sale.credited ? sale.faceFen : 0);
  if (overFen === 0) return 'right';
  if (overFen === order.untoldFen) return 'untold';
  return overFen > 0 ? 'lost' : 'doubled';
}

/** What was paid for the household and did not go back to it, but for what staff gave it besides. */
function keptFen(order: JudgedOrder, sold: boolean): number {
  const { takenFen, refundedFen, givenFen = 0, discountFen = 0 } = order;
  return takenFen - refundedFen + givenFen + (sold ? discountFen : 0);
}

function describe(order: JudgedOrder, sale: JudgedSale | undefined, credited: boolean): string {
  const { takenFen, refundedFen } = order;
  const at = sale === undefined ? 'never seen by the grid' : `${sale.status} at the grid`;
  return `paid ${takenFen}, got back ${refundedFen}, is ${at} and ${credited ? 'credited' : 'not credited'}`;
}
