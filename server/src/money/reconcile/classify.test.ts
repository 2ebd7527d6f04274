import { describe, expect, it } from 'vitest';
import { compared } from './classify.ts';
import type { Item } from './items.ts';

const NO = '260301100000000001';
const said = (over: Partial<Item> = {}): Item => ({
  ...{ orderNo: NO, pair: 'channel', from: 'bill', item: `wechat/${NO}p1`, transactionId: '42', fen: 5000 },
  ...{ status: 'paid', parts: [], at: '2026-03-01T02:00:00Z' },
  ...over,
});
const ours = (over: Partial<Item> = {}): Item => said({ from: 'orders', ...over });
const sale = (over: Partial<Item> = {}): Item =>
  said({ pair: 'grid', item: 'S1', transactionId: '', status: 'sold', parts: [4000, 990, 10], ...over });
const ourSale = (over: Partial<Item> = {}): Item => sale({ from: 'orders', ...over });
const refund = (status: string, over: Partial<Item> = {}): Item =>
  said({ item: `wechat/${NO}p1r3`, transactionId: '', status: `refund-${status}`, ...over });

const kinds = (bill: Item[], orders: Item[]): string[] => compared(bill, orders).map(({ kind }) => kind);

describe('a bill beside an order', () => {
  it('has no difference where both say the same, whatever their order and their moments', () => {
    const moved = { at: '2026-03-02T00:00:00Z' };
    expect(compared([said(), refund('done')], [refund('done', { from: 'orders' }), ours(moved)])).toEqual([]);
    expect(compared([sale()], [ourSale(moved)])).toEqual([]);
    expect(compared([], [])).toEqual([]);
  });

  it('has more than the order, each by whose bill it is, under its own number', () => {
    expect(compared([said()], [])).toEqual([
      {
        ...{ kind: 'CHANNEL_ONLY', pair: 'channel', orderNo: NO, key: `wechat/${NO}p1:42`, bill: said() },
      },
    ]);
    expect(compared([sale()], [])).toEqual([
      { kind: 'GRID_ONLY', pair: 'grid', orderNo: NO, key: 'grid:sold:S1', bill: sale() },
    ]);
    expect(compared([refund('done')], [])[0]?.key).toBe(`wechat/${NO}p1r3`);
  });

  it('has less than the order, of what a bill has to have', () => {
    expect(compared([], [ours()])).toEqual([
      { kind: 'ORDER_ONLY', pair: 'channel', orderNo: NO, key: `wechat/${NO}p1:42`, order: ours() },
    ]);
    const unbooked = ['unpaid', 'refund-approved', 'refund-rejected', 'refund-elsewhere', 'unsold', 'undone'];
    expect(
      kinds(
        [],
        unbooked.map((status) => ours({ status })),
      ),
    ).toEqual([]);
  });

  it('has something twice', () => {
    expect(compared([said(), said({ fen: 1 })], [ours()])).toMatchObject([
      { kind: 'DUPLICATE', key: `wechat/${NO}p1:42`, bill: { fen: 1 } },
    ]);
    expect(kinds([said(), said(), said()], [ours()])).toEqual(['DUPLICATE', 'DUPLICATE']);
    expect(kinds([said(), said()], [])).toEqual(['CHANNEL_ONLY', 'DUPLICATE']);
    expect(kinds([sale(), sale()], [ourSale()])).toEqual(['DUPLICATE']);
  });

  it('has another amount, in all or in a part of it', () => {
    expect(compared([said({ fen: 5001 })], [ours()])).toMatchObject([
      { kind: 'AMOUNT_DIFF', bill: { fen: 5001 }, order: { fen: 5000 } },
    ]);
    for (const parts of [
      [4001, 990, 10],
      [4000, 991, 10],
      [4000, 990, 9],
    ]) {
      expect(kinds([sale({ parts })], [ourSale()])).toEqual(['AMOUNT_DIFF']);
    }
  });

  it('knows of a payment that the order does not know to be paid, by its number alone', () => {
    const unpaid = ours({ status: 'unpaid', transactionId: '' });
    expect(compared([said()], [unpaid])).toMatchObject([
      { kind: 'STATUS_DIFF', order: { status: 'unpaid' } },
    ]);
    expect(kinds([said({ item: `wechat/${NO}p2` })], [unpaid])).toEqual(['CHANNEL_ONLY']);
    expect(kinds([said({ transactionId: '77' })], [ours()])).toEqual(['CHANNEL_ONLY', 'ORDER_ONLY']);
  });

  it('knows of a sale that the order does not know to be sold, under whatever number', () => {
    const unsold = ourSale({ status: 'unsold', item: '', parts: [0, 0, 0] });
    expect(kinds([sale()], [unsold])).toEqual(['STATUS_DIFF']);
    // Undone at the grid: the order need not know its parts.
    expect(kinds([sale({ status: 'reversed' })], [unsold])).toEqual([]);
    expect(kinds([sale({ status: 'reversed' })], [ourSale({ status: 'undone' })])).toEqual([]);
    expect(kinds([sale({ item: 'S2' })], [ourSale()])).toEqual(['GRID_ONLY', 'ORDER_ONLY']);
  });

  it('takes what the grid sold and undid for nothing where the order knows of neither', () => {
    const both = [sale(), sale({ status: 'reversed' })];
    const undone = ourSale({ status: 'undone', item: '' });
    expect(kinds(both, [undone])).toEqual([]);
    expect(kinds(both, [ourSale({ status: 'unsold', item: '' })])).toEqual([]);
    expect(kinds([sale(), sale({ status: 'reversed', item: 'S2' })], [undone])).toEqual([
      'STATUS_DIFF',
      'GRID_ONLY',
    ]);
    expect(kinds(both, [ourSale()])).toEqual(['GRID_ONLY']);
    expect(kinds(both, [ourSale(), ourSale({ status: 'reversed' })])).toEqual([]);
    expect(kinds(both, [])).toEqual(['GRID_ONLY', 'GRID_ONLY']);
  });
});

describe('a refund’s status in a bill', () => {
  it.each([
    ['done', ['done', 'sent', 'unknown', 'approved']],
    ['sent', ['done', 'sent', 'unknown', 'approved']],
    ['abnormal', ['abnormal', 'elsewhere']],
    ['closed', ['abnormal', 'rejected', 'elsewhere']],
  ])('"%s" goes with what an order may say at the same time', (bill, allowed) => {
    const all = ['done', 'sent', 'unknown', 'approved', 'abnormal', 'rejected', 'elsewhere'];
    const fits = all.filter(
      (status) => kinds([refund(bill)], [refund(status, { from: 'orders' })]).length === 0,
    );
    expect(fits.toSorted()).toEqual(allowed.toSorted());
  });

  it('that no bill knows goes with the same only', () => {
    expect(kinds([refund('odd')], [refund('odd', { from: 'orders' })])).toEqual([]);
    expect(kinds([refund('odd')], [refund('done', { from: 'orders' })])).toEqual(['STATUS_DIFF']);
  });
});
