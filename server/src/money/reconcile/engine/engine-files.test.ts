import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareFiles } from './engine.ts';
import { SIDES, type Side } from './layout.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-engine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function compare(texts: Partial<Record<Side, string>>, init: Parameters<typeof compareFiles>[1] = {}) {
  const paths = { channel: '', orders: '', grid: '' };
  for (const side of SIDES) {
    paths[side] = join(folder, side);
    await writeFile(paths[side], texts[side] ?? '');
  }
  return compareFiles(paths, init);
}

const no = (n: number): string => `2603011000${String(n).padStart(8, '0')}`;
const channel = (n: number, status = 'paid', fen: number | string = 5000, item = `p${n}`): string =>
  `${no(n)},wechat/${item},42,${fen},${status},30,2026-03-01T02:00:00Z\n`;
const order = (n: number, money = `wechat/p${n},42,5000,paid`, sale = ',,,,,'): string =>
  `${no(n)},${money},${sale},2026-03-01T02:00:00Z,\n`;
const grid = (n: number, status = 'sold', face: number | string = 5000): string =>
  `${no(n)},s${n},65,01,2,${face},4000,990,10,card,${status},2026-03-01T10:00:01+08:00\n`;
const sold = (n: number, status = 'sold'): string => `s${n},5000,4000,990,10,${status}`;
const textOf = (line: string): string => line.trimEnd();

describe('lines that do not come out even', () => {
  it('are given as they stand, by order, those of one side in the order of its file', async () => {
    const { uneven } = await compare({
      channel: channel(1) + channel(2) + channel(1, 'refund-done'),
      orders: order(1) + order(2),
      grid: grid(1),
    });
    expect(uneven).toEqual([
      [
        { side: 'channel', text: textOf(channel(1)) },
        { side: 'channel', text: textOf(channel(1, 'refund-done')) },
        { side: 'orders', text: textOf(order(1)) },
        { side: 'grid', text: textOf(grid(1)) },
      ],
    ]);
  });

  it.each<[string, Partial<Record<Side, string>>]>([
    ['a number', { channel: channel(1, 'paid', 5000, 'p2'), orders: order(1) }],
    ['a transaction', { channel: channel(1), orders: order(1, 'wechat/p1,43,5000,paid') }],
    ['an amount', { channel: channel(1, 'paid', 5001), orders: order(1) }],
    ['a status', { channel: channel(1, 'refund-sent'), orders: order(1) }],
    ['a sale’s number', { orders: order(1, ',,,', sold(2)), grid: grid(1) }],
    ['a sale’s face', { orders: order(1, ',,,', sold(1)), grid: grid(1, 'sold', 5001) }],
    ['a sale’s credit', { orders: order(1, ',,,', sold(1).replace('4000', '4001')), grid: grid(1) }],
    ['a sale’s arrears', { orders: order(1, ',,,', sold(1).replace('990', '991')), grid: grid(1) }],
    ['a sale’s fee', { orders: order(1, ',,,', sold(1).replace(',10,', ',11,')), grid: grid(1) }],
    ['a sale’s status', { orders: order(1, ',,,', sold(1, 'reversed')), grid: grid(1) }],
    ['a whole line of a bill', { orders: order(1) }],
    ['a whole line of the orders', { grid: grid(1) }],
  ])('are those that differ in %s', async (_, texts) => {
    const { uneven } = await compare(texts);
    expect(uneven.flat().map(({ text }) => text.slice(0, 18))).toEqual(Object.keys(texts).map(() => no(1)));
  });

  it('are none that differ only in what the other side does not have', async () => {
    const { uneven } = await compare({
      channel: channel(1).replace(',30,', ',99,').replace('02:00:00', '03:00:00'),
      orders: order(1, 'wechat/p1,42,5000,paid', sold(1)),
      grid: grid(1).replace(',65,01,2,', ',66,02,3,').replace(',card,', ',remote,'),
    });
    expect(uneven).toEqual([]);
  });

  it('are none that a meter’s credit would make', async () => {
    const { uneven, totals } = await compare({ grid: grid(1, 'credited') + grid(2, 'credited', 'x') });
    expect(uneven).toEqual([]);
    expect(totals.grid).toEqual({ lines: 2, fen: {}, count: {} });
  });

  it('are found whichever seed is used', async () => {
    for (const seed of [
      [0, 0],
      [-1, 2 ** 31 - 1],
    ] as const) {
      const { uneven } = await compare({ channel: channel(1) + channel(2), orders: order(2) }, { seed });
      expect(uneven).toEqual([[{ side: 'channel', text: textOf(channel(1)) }]]);
    }
  });
});
