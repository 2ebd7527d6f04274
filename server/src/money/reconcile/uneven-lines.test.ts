import { describe, expect, it } from 'vitest';
import { differencesOf } from './classify.ts';

const NO = '260301100000000001';

describe('lines that do not come out even', () => {
  const channel = `${NO},wechat/${NO}p1,42,5000,paid,30,2026-03-01T02:00:00Z`;
  const orders = `${NO},wechat/${NO}p1,42,5000,paid,S1,5000,4000,990,10,sold,2026-03-01T02:00:00Z,2026-03-01T02:00:01Z`;
  const grid = `${NO},S1,650100000001,000000000001,2,5000,4000,990,10,card,sold,2026-03-01T10:00:01+08:00`;

  it('say of each difference which sides have the order', () => {
    expect(differencesOf([{ side: 'channel', text: channel }])).toMatchObject([
      { kind: 'CHANNEL_ONLY', present: { channel: true, orders: false, grid: false } },
    ]);
    expect(
      differencesOf([
        { side: 'orders', text: orders },
        { side: 'grid', text: grid },
      ]),
    ).toMatchObject([{ kind: 'ORDER_ONLY', present: { channel: false, orders: true, grid: true } }]);
    expect(
      differencesOf([
        { side: 'orders', text: orders },
        { side: 'channel', text: channel },
      ]),
    ).toMatchObject([
      { kind: 'ORDER_ONLY', pair: 'grid', present: { channel: true, orders: true, grid: false } },
    ]);
  });

  it('are none where only their form differed', () => {
    expect(
      differencesOf([
        { side: 'channel', text: channel.replace(',5000,', ',05000,') },
        { side: 'orders', text: orders },
        { side: 'grid', text: grid },
      ]),
    ).toEqual([]);
  });

  it('of two orders are each order’s own', () => {
    const other = '260301100000000002';
    const lines = [channel, channel.replaceAll(NO, other)].map((text) => ({
      side: 'channel' as const,
      text,
    }));
    expect(differencesOf([...lines, { side: 'orders', text: orders }])).toMatchObject([
      { kind: 'ORDER_ONLY', orderNo: NO, pair: 'grid' },
      { kind: 'CHANNEL_ONLY', orderNo: other, present: { orders: false } },
    ]);
  });
});
