import { describe, expect, it } from 'vitest';
import { compared } from './classify.ts';
import { settled } from './settle.ts';
import { DAY, NEXT, NO, at, day, item, ours, sale } from '../../testing/settled-day.ts';

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
