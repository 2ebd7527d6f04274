import { describe, expect, it } from 'vitest';
import type { Side } from './layout.ts';
import {
  channelLine,
  compareTexts,
  gridLine,
  orderLine,
  orderNo,
  soldFields,
} from '../../../testing/reconcile-texts.ts';

const textOf = (line: string): string => line.trimEnd();

describe('lines that do not come out even', () => {
  it('are given as they stand, by order, those of one side in the order of its file', async () => {
    const { uneven } = await compareTexts({
      channel: channelLine(1) + channelLine(2) + channelLine(1, 'refund-done'),
      orders: orderLine(1) + orderLine(2),
      grid: gridLine(1),
    });
    expect(uneven).toEqual([
      [
        { side: 'channel', text: textOf(channelLine(1)) },
        { side: 'channel', text: textOf(channelLine(1, 'refund-done')) },
        { side: 'orders', text: textOf(orderLine(1)) },
        { side: 'grid', text: textOf(gridLine(1)) },
      ],
    ]);
  });

  it.each<[string, Partial<Record<Side, string>>]>([
    ['a number', { channel: channelLine(1, 'paid', 5000, 'p2'), orders: orderLine(1) }],
    ['a transaction', { channel: channelLine(1), orders: orderLine(1, 'wechat/p1,43,5000,paid') }],
    ['an amount', { channel: channelLine(1, 'paid', 5001), orders: orderLine(1) }],
    ['a status', { channel: channelLine(1, 'refund-sent'), orders: orderLine(1) }],
    ['a sale’s number', { orders: orderLine(1, ',,,', soldFields(2)), grid: gridLine(1) }],
    ['a sale’s face', { orders: orderLine(1, ',,,', soldFields(1)), grid: gridLine(1, 'sold', 5001) }],
    [
      'a sale’s credit',
      { orders: orderLine(1, ',,,', soldFields(1).replace('4000', '4001')), grid: gridLine(1) },
    ],
    [
      'a sale’s arrears',
      { orders: orderLine(1, ',,,', soldFields(1).replace('990', '991')), grid: gridLine(1) },
    ],
    [
      'a sale’s fee',
      { orders: orderLine(1, ',,,', soldFields(1).replace(',10,', ',11,')), grid: gridLine(1) },
    ],
    ['a sale’s status', { orders: orderLine(1, ',,,', soldFields(1, 'reversed')), grid: gridLine(1) }],
    ['a whole line of a bill', { orders: orderLine(1) }],
    ['a whole line of the orders', { grid: gridLine(1) }],
  ])('are those that differ in %s', async (_, texts) => {
    const { uneven } = await compareTexts(texts);
    expect(uneven.flat().map(({ text }) => text.slice(0, 18))).toEqual(
      Object.keys(texts).map(() => orderNo(1)),
    );
  });

  it('are none that differ only in what the other side does not have', async () => {
    const { uneven } = await compareTexts({
      channel: channelLine(1).replace(',30,', ',99,').replace('02:00:00', '03:00:00'),
      orders: orderLine(1, 'wechat/p1,42,5000,paid', soldFields(1)),
      grid: gridLine(1).replace(',65,01,2,', ',66,02,3,').replace(',card,', ',remote,'),
    });
    expect(uneven).toEqual([]);
  });

  it('are none that a meter’s credit would make', async () => {
    const { uneven, totals } = await compareTexts({
      grid: gridLine(1, 'credited') + gridLine(2, 'credited', 'x'),
    });
    expect(uneven).toEqual([]);
    expect(totals.grid).toEqual({ lines: 2, fen: {}, count: {} });
  });

  it('are found whichever seed is used', async () => {
    for (const seed of [
      [0, 0],
      [-1, 2 ** 31 - 1],
    ] as const) {
      const { uneven } = await compareTexts(
        { channel: channelLine(1) + channelLine(2), orders: orderLine(2) },
        { seed },
      );
      expect(uneven).toEqual([[{ side: 'channel', text: textOf(channelLine(1)) }]]);
    }
  });
});
