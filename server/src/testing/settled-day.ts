import { compared, type Difference } from '../money/reconcile/classify.ts';
import type { Item } from '../money/reconcile/items.ts';
import { settled } from '../money/reconcile/settle.ts';

export const [DAY, NEXT] = ['2026-03-01', '2026-03-02'];

export const NO = '260301100000000001';

/** A payment as the bill has it. */
export const item = (over: Partial<Item> = {}): Item => ({
  ...{ orderNo: NO, pair: 'channel', from: 'bill', item: `wechat/${NO}p1`, transactionId: '42', fen: 5000 },
  ...{ status: 'paid', parts: [], at: `${DAY}T12:00:00.000+08:00` },
  ...over,
});

/** A sale as the grid's bill has it. */
export const sale = (over: Partial<Item> = {}): Item =>
  item({ pair: 'grid', item: 'S1', transactionId: '', status: 'sold', parts: [4000, 990, 10], ...over });

/** The same as the orders have it. */
export const ours = (of: Item): Item => ({ ...of, from: 'orders' });

export const at = (clock: string, day = DAY): { at: string } => ({ at: `${day}T${clock}.000+08:00` });

/** What is left of a day on which the bill has these things and the orders those; `know`: what orders say on any day. */
export async function day(of: {
  bill?: Item[];
  orders?: Item[];
  know?: Item[];
  carried?: readonly Difference[];
  first?: string;
  last?: string;
}) {
  const { bill = [], orders = [], know = orders, carried = [], first = DAY, last = first } = of;
  const asked: string[] = [];
  const found = (['channel', 'grid'] as const).flatMap((pair) =>
    compared(
      bill.filter((each) => each.pair === pair),
      orders.filter((each) => each.pair === pair),
    ),
  );
  const itemsOf = (orderNo: string): Promise<Item[]> => {
    asked.push(orderNo);
    return Promise.resolve(know.filter((each) => each.orderNo === orderNo));
  };
  const result = await settled({ found, carried, first, last, itemsOf });
  const kinds = (list: readonly Difference[]): string[] => list.map(({ kind }) => kind);
  return { ...result, asked, kinds: kinds(result.differences), held: kinds(result.carried) };
}
