import { describe, expect, it } from 'vitest';
import { compared, type Difference } from './classify.ts';
import { dayOf } from './settle.ts';
import { DAY, NEXT, NO, at, day, item, ours, sale } from '../../testing/settled-day.ts';

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
