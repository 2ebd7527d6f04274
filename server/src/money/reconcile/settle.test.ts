import { describe, expect, it } from 'vitest';
import { compared, type Difference } from './classify.ts';
import type { Item } from './items.ts';
import { dayOf, settled } from './settle.ts';

const [DAY, NEXT] = ['2026-03-01', '2026-03-02'];
const NO = '260301100000000001';
const item = (over: Partial<Item> = {}): Item => ({
  ...{ orderNo: NO, pair: 'channel', from: 'bill', item: `wechat/${NO}p1`, transactionId: '42', fen: 5000 },
  ...{ status: 'paid', parts: [], at: `${DAY}T12:00:00.000+08:00` },
  ...over,
});
const sale = (over: Partial<Item> = {}): Item =>
  item({ pair: 'grid', item: 'S1', transactionId: '', status: 'sold', parts: [4000, 990, 10], ...over });
const ours = (of: Item): Item => ({ ...of, from: 'orders' });
const at = (clock: string, day = DAY): { at: string } => ({ at: `${day}T${clock}.000+08:00` });

/** What is left of a day on which the bill has these things and the orders those; `know`: what orders say on any day. */
async function day(of: {
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

describe('a difference of a day', () => {
  it('is a person’s where an order has what its bill lacks', async () => {
    expect((await day({ orders: [ours(item())] })).kinds).toEqual(['ORDER_ONLY']);
    expect((await day({ orders: [ours(sale())] })).kinds).toEqual(['ORDER_ONLY']);
  });

  it('is held for the next day where that was paid or sold in the last two hours of the last day', async () => {
    for (const of of [item, sale]) {
      const at22 = await day({ orders: [ours(of(at('22:00:00')))] });
      expect([at22.kinds, at22.held]).toEqual([[], ['ORDER_ONLY']]);
      expect((await day({ orders: [ours(of({ at: `${DAY}T21:59:59.999+08:00` }))] })).kinds).toEqual([
        'ORDER_ONLY',
      ]);
    }
    const early = await day({ orders: [ours(item(at('23:00:00')))], first: DAY, last: NEXT });
    expect([early.kinds, early.held]).toEqual([['ORDER_ONLY'], []]);
  });

  it('is held of refunds and reversals at whatever hour: they are booked when they have come', async () => {
    const refund = ours(item({ item: `wechat/${NO}p1r3`, status: 'refund-done', ...at('00:00:01') }));
    expect((await day({ orders: [refund] })).held).toEqual(['ORDER_ONLY']);
    expect((await day({ orders: [ours(sale({ status: 'reversed', ...at('08:00:00') }))] })).held).toEqual([
      'ORDER_ONLY',
    ]);
    const before = await day({ orders: [refund], last: NEXT, first: DAY });
    expect([before.kinds, before.held]).toEqual([['ORDER_ONLY'], []]);
  });

  it('without a moment is of its last day', async () => {
    const refund = ours(item({ item: `wechat/${NO}p1r3`, status: 'refund-done', at: '' }));
    expect((await day({ orders: [refund], last: NEXT })).held).toEqual(['ORDER_ONLY']);
    expect((await day({ orders: [ours(item({ at: '' }))] })).kinds).toEqual(['ORDER_ONLY']);
    expect(['', 'soon'].map((when) => dayOf(compared([item({ at: when })], [])[0] as Difference))).toEqual([
      '',
      '',
    ]);
  });

  it('is of its bill’s day in China, and of its order’s where no bill has it', () => {
    const [bill, order] = [item({ at: '2026-03-01T16:00:00Z' }), ours(item({ status: 'unpaid' }))];
    expect(compared([bill], [order]).map(dayOf)).toEqual([NEXT]);
    expect(compared([], [ours(item())]).map(dayOf)).toEqual([DAY]);
  });

  it('is one that a bill has twice, without asking', async () => {
    const { kinds, asked } = await day({ bill: [item(), item()], orders: [ours(item())] });
    expect([kinds, asked]).toEqual([['DUPLICATE'], []]);
  });
});

describe('what a bill has and the orders of its day do not', () => {
  it('is a person’s where its order does not know of it', async () => {
    const { kinds, held, asked } = await day({ bill: [item(at('23:59:00'))] });
    expect([kinds, held, asked]).toEqual([['CHANNEL_ONLY'], [], [NO]]);
    expect((await day({ bill: [sale()], know: [ours(item())] })).kinds).toEqual(['GRID_ONLY']);
  });

  it('is none where its order knows exactly that of another day; the next day must not miss it', async () => {
    const known = ours(item(at('00:00:01', NEXT)));
    const { kinds, held, carried } = await day({ bill: [item(at('23:59:59'))], know: [known] });
    expect([kinds, held]).toEqual([[], ['CHANNEL_ONLY']]);
    const next = await day({ orders: [known], carried, first: NEXT });
    expect([next.kinds, next.held]).toEqual([[], []]);
    // Nothing is held of a day that is not the last.
    expect((await day({ bill: [item()], know: [known], last: NEXT })).held).toEqual([]);
  });

  it('says what its order knows otherwise, and still which sides have it', async () => {
    const known = ours(item({ fen: 4999, ...at('00:00:01', NEXT) }));
    const { differences } = await day({ bill: [item()], know: [known] });
    expect(differences).toMatchObject([{ kind: 'AMOUNT_DIFF', bill: { fen: 5000 }, order: { fen: 4999 } }]);
    const present = { channel: true, orders: false, grid: false };
    const found = compared([item()], []).map((each) => ({ ...each, present }));
    const itemsOf = () => Promise.resolve([known]);
    const said = await settled({ found, carried: [], first: DAY, last: DAY, itemsOf });
    expect(said.differences).toMatchObject([{ kind: 'AMOUNT_DIFF', present }]);
  });
});

describe('what was held over from the day before', () => {
  const late = item(at('23:59:59'));

  it('is even where the other side has it now, and a difference where that has another amount', async () => {
    const { carried } = await day({ orders: [ours(late)] });
    const booked = item(at('00:10:00', NEXT));
    const even = await day({ bill: [booked], carried, first: NEXT });
    expect([even.kinds, even.held, even.asked]).toEqual([[], [], []]);
    const other = await day({ bill: [{ ...booked, fen: 1 }], carried, first: NEXT });
    expect(other.differences).toMatchObject([
      { kind: 'AMOUNT_DIFF', bill: { fen: 1 }, order: { fen: 5000 } },
    ]);
  });

  it('is a difference where the other side has it still not', async () => {
    const { carried } = await day({ orders: [ours(late)] });
    const next = await day({ carried, first: NEXT });
    expect([next.kinds, next.held]).toEqual([['ORDER_ONLY'], []]);
  });

  it('is matched by nothing that is of the same side, another order, another number or another paper', async () => {
    const { carried } = await day({ orders: [ours(late)] });
    for (const over of [
      { orderNo: '260301100000000002' },
      { item: `wechat/${NO}p2` },
      { transactionId: '43' },
    ]) {
      const { kinds } = await day({
        bill: [item({ ...over, ...at('00:10:00', NEXT) })],
        carried,
        first: NEXT,
      });
      expect(kinds.toSorted()).toEqual(['CHANNEL_ONLY', 'ORDER_ONLY']);
    }
    const again = await day({ orders: [ours(item(at('12:00:00', NEXT)))], carried, first: NEXT });
    expect(again.kinds).toEqual(['ORDER_ONLY', 'ORDER_ONLY']);
  });

  it('of a bill is no difference where its order knows of it by now', async () => {
    const carried = compared([late], []);
    expect((await day({ carried, know: [ours(late)], first: NEXT })).kinds).toEqual([]);
    expect((await day({ carried, know: [ours({ ...late, fen: 1 })], first: NEXT })).kinds).toEqual([
      'AMOUNT_DIFF',
    ]);
    expect((await day({ carried, first: NEXT })).kinds).toEqual(['CHANNEL_ONLY']);
  });
});

describe('a sale that the grid undid', () => {
  const [sold, reversed] = [sale(at('12:00:00')), sale({ status: 'reversed', ...at('13:00:00') })];
  const undone = ours(sale({ status: 'undone', item: '', parts: [0, 0, 0] }));

  it('on one day is nothing to an order that knows of neither', async () => {
    for (const status of ['undone', 'unsold']) {
      const { kinds, held } = await day({ bill: [sold, reversed], know: [{ ...undone, status }] });
      expect([status, kinds, held]).toEqual([status, [], []]);
    }
  });

  it('is a person’s where no order is of that number, or the order knows it sold', async () => {
    expect((await day({ bill: [sold, reversed] })).kinds).toEqual(['GRID_ONLY', 'GRID_ONLY']);
    const { kinds } = await day({ bill: [sold, reversed], know: [ours(sold)] });
    expect(kinds).toEqual(['GRID_ONLY']);
  });

  it('is not undone by what the grid undid of another sale or another order', async () => {
    for (const over of [{ item: 'S2' }, { orderNo: '260301100000000002' }]) {
      const { kinds } = await day({ bill: [sold, { ...reversed, ...over }], know: [undone], last: NEXT });
      expect(kinds).toContain('STATUS_DIFF');
    }
  });

  it('on the day after is held until then: then it is nothing, or a person’s', async () => {
    const first = await day({ bill: [sold], know: [undone] });
    expect([first.kinds, first.held]).toEqual([[], ['STATUS_DIFF']]);
    const { carried } = first;
    const next = sale({ status: 'reversed', ...at('09:00:00', NEXT) });
    expect((await day({ bill: [next], know: [undone], carried, first: NEXT })).kinds).toEqual([]);
    expect((await day({ know: [undone], carried, first: NEXT })).kinds).toEqual(['STATUS_DIFF']);
    // Another order's.
    const other = '260301100000000002';
    const strange = await day({
      bill: [{ ...next, orderNo: other }],
      know: [undone, { ...undone, orderNo: other }],
      ...{ carried, first: NEXT },
    });
    expect(strange.kinds).toEqual(['STATUS_DIFF']);
  });

  it('is a person’s at once where its day is not the last', async () => {
    expect((await day({ bill: [sold], know: [undone], last: NEXT })).kinds).toEqual(['STATUS_DIFF']);
  });

  it('is nothing that a channel’s bill could undo', async () => {
    const paid = item({ item: 'S1', status: 'sold' });
    const back = item({ item: 'S1', status: 'reversed', transactionId: '43' });
    const { kinds } = await day({ bill: [paid, back] });
    expect(kinds).toEqual(['CHANNEL_ONLY', 'CHANNEL_ONLY']);
  });
});
