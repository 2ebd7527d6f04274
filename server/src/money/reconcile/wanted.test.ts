import { describe, expect, it } from 'vitest';
import { sampleOrder } from '../../testing/order-samples.ts';
import type { Item } from './items.ts';
import { Wanted } from './wanted.ts';

const DAYS = { first: '2026-03-01', last: '2026-03-02' };
/** The first and the last moment of those days in China, and those next to them. */
const [BEFORE, FIRST, LAST, AFTER] = [
  '2026-02-28T15:59:59.999Z',
  '2026-02-28T16:00:00.000Z',
  '2026-03-02T15:59:59.999Z',
  '2026-03-02T16:00:00.000Z',
];
const order = sampleOrder();
const item = (over: Partial<Item>): Item => ({
  ...{ orderNo: order._id, pair: 'channel', from: 'orders', item: 'wechat/p1', transactionId: '42' },
  ...{ fen: 5000, status: 'paid', parts: [], at: FIRST },
  ...over,
});

describe('what of an order is wanted', () => {
  it('is what has a moment on the days, from the first to the last', () => {
    const wanted = new Wanted(DAYS);
    const has = [BEFORE, FIRST, LAST, AFTER, ''].map((at) => wanted.has(order, item({ at })));
    expect(has).toEqual([false, true, true, false, false]);
    const moments = [BEFORE, FIRST, LAST, AFTER].map((at) => wanted.hasMoment(Date.parse(at)));
    expect(moments).toEqual([false, true, true, false]);
    expect(wanted.hasMoment(undefined)).toBe(false);
    expect(wanted.days).toBe(DAYS);
  });

  it('is nothing of whose paper there is none', () => {
    const wanted = new Wanted(DAYS, ['channel:bestpay', `grid:${order.grid}`]);
    expect(wanted.has(order, item({}))).toBe(true);
    expect(wanted.has(order, item({ item: 'bestpay/p1' }))).toBe(false);
    expect(wanted.has(order, item({ pair: 'grid', item: 'S1' }))).toBe(false);
    expect(wanted.has(sampleOrder({ grid: 'another' }), item({ pair: 'grid', item: 'S1' }))).toBe(true);
    expect(['channel:wechat', 'channel:bestpay'].map((source) => wanted.hasPaper(source))).toEqual([
      true,
      false,
    ]);
  });
});
