import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { differencesOf } from '../classify.ts';
import { compareFiles } from './engine.ts';
import type { Side } from './layout.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-reconcile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function compare(texts: Record<Side, string>, init: Parameters<typeof compareFiles>[1] = {}) {
  const paths = { channel: '', orders: '', grid: '' };
  for (const side of ['channel', 'orders', 'grid'] as const) {
    paths[side] = join(folder, side);
    await writeFile(paths[side], texts[side]);
  }
  return compareFiles(paths, init);
}

const no = (n: number): string => `2603011000${String(n).padStart(8, '0')}`;
const channel = (n: number, over: { fen?: number; tx?: string; status?: string } = {}): string =>
  `${no(n)},wechat/${no(n)}p1,${over.tx ?? `42${n}`},${over.fen ?? 5000},${over.status ?? 'paid'},30,2026-03-01T02:00:00Z\n`;
const order = (n: number, over: { sale?: string } = {}): string =>
  `${no(n)},wechat/${no(n)}p1,42${n},5000,paid,${over.sale ?? `s${n},5000,4000,990,10,sold`},2026-03-01T02:00:00Z,2026-03-01T02:00:01Z\n`;
const grid = (n: number, over: { face?: number; status?: string } = {}): string =>
  `${no(n)},s${n},650100000001,000000000001,2,${over.face ?? 5000},4000,990,10,card,${over.status ?? 'sold'},2026-03-01T10:00:01+08:00\n`;
const many = (line: (n: number) => string): string => Array.from({ length: 50 }, (_, n) => line(n)).join('');

async function kinds(texts: Record<Side, string>): Promise<string[]> {
  const { uneven } = await compare(texts);
  return uneven
    .flatMap(differencesOf)
    .map(({ kind, orderNo }) => `${kind} ${Number(orderNo.slice(10))}`)
    .toSorted();
}

describe('comparing three files', () => {
  it('finds nothing where everybody tells the same, in whatever order', async () => {
    const { uneven, totals } = await compare({
      channel: many(channel).split('\n').toReversed().slice(1).join('\n') + '\n',
      orders: many(order),
      grid: many(grid) + grid(3, { status: 'credited' }),
    });
    expect(uneven).toEqual([]);
    expect(totals.channel).toEqual({ lines: 50, fen: { p: 250_000 }, count: { p: 50 } });
    expect(totals.grid.fen).toEqual({ s: 250_000 });
  });

  it('finds each kind of difference, and no other', async () => {
    const found = await kinds({
      channel:
        many((n) => (n === 4 ? '' : channel(n, n === 5 ? { fen: 4999 } : {}))) + channel(90) + channel(7),
      orders: many((n) => order(n, n === 9 ? { sale: ',5000,0,0,0,unsold' } : {})),
      grid: many((n) => (n === 6 ? '' : grid(n, n === 8 ? { face: 5001 } : {}))) + grid(91) + grid(10),
    });
    expect(found).toEqual([
      'AMOUNT_DIFF 5',
      'AMOUNT_DIFF 8',
      'CHANNEL_ONLY 90',
      'DUPLICATE 10',
      'DUPLICATE 7',
      'GRID_ONLY 91',
      'ORDER_ONLY 4',
      'ORDER_ONLY 6',
      'STATUS_DIFF 9',
    ]);
  });

  it('does not take a missing line and a doubled one of the same order for even', async () => {
    const two = `${no(1)},wechat/${no(1)}p2,43,5000,paid,,,,,,,2026-03-01T02:00:00Z,\n`;
    const found = await kinds({ channel: channel(1) + channel(1), orders: order(1) + two, grid: grid(1) });
    expect(found).toEqual(['DUPLICATE 1', 'ORDER_ONLY 1']);
  });

  it('takes a second transaction on one number for one that the orders lack', async () => {
    const found = await kinds({
      channel: channel(1) + channel(1, { tx: '77' }),
      orders: order(1),
      grid: grid(1),
    });
    expect(found).toEqual(['CHANNEL_ONLY 1']);
  });

  it('lets a refund that goes on be further at the channel than in the order, and not the other way round', async () => {
    const refund = (status: string): string =>
      `${no(1)},wechat/${no(1)}p1r3,,5000,refund-${status},0,2026-03-01T03:00:00Z\n`;
    const asked = (status: string): string =>
      `${no(1)},wechat/${no(1)}p1r3,,5000,refund-${status},,,,,,,2026-03-01T03:00:00Z,\n`;
    const texts = { grid: grid(1) };
    const sides = (bill: string, said: string) => ({
      ...texts,
      channel: channel(1) + refund(bill),
      orders: order(1) + asked(said),
    });
    expect(await kinds(sides('done', 'sent'))).toEqual([]);
    expect(await kinds(sides('abnormal', 'done'))).toEqual(['STATUS_DIFF 1']);
  });

  it('takes what the grid sold and undid for nothing where the order never learnt of it', async () => {
    const found = await kinds({
      channel: channel(1),
      orders: order(1, { sale: ',5000,0,0,0,undone' }),
      grid: grid(1) + grid(1, { status: 'reversed' }),
    });
    expect(found).toEqual([]);
  });

  it('tells two numbers apart that share a slot by chance', () => {
    const lines = [
      { side: 'channel', text: channel(1).trimEnd() },
      { side: 'channel', text: channel(2).trimEnd() },
      { side: 'orders', text: order(1).trimEnd() },
      { side: 'grid', text: grid(1).trimEnd() },
    ] as const;
    expect(differencesOf(lines)).toMatchObject([{ kind: 'CHANNEL_ONLY', orderNo: no(2) }]);
  });

  it.each([
    ['a line of other columns', 'a,b\n'],
    ['no end', channel(1).slice(0, -5)],
    ['an amount that is none', channel(1).replace(',5000,', ',50x0,')],
  ])('refuses a file with %s', async (_, text) => {
    const whole = { channel: text, orders: order(1), grid: grid(1) };
    await expect(compare(whole)).rejects.toMatchObject({ code: 'reconcile.bill-unsound' });
  });

  it('gives up where more differs than a person could work on', async () => {
    const texts = { channel: many(channel), orders: '', grid: '' };
    await expect(compare(texts, { maxUneven: 20 })).rejects.toMatchObject({ code: 'reconcile.too-many' });
  });

  it('finds exactly what was taken away, whatever the lengths of lines and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(4000), { maxLength: 12 }), async (missing) => {
        const all = Array.from({ length: 4001 }, (_, n) => n);
        const { uneven } = await compare({
          channel: all.map((n) => channel(n)).join(''),
          orders: all.map((n) => order(n)).join(''),
          grid: all.map((n) => (missing.includes(n) ? '' : grid(n))).join(''),
        });
        const found = uneven.flatMap(differencesOf).map(({ orderNo }) => Number(orderNo.slice(10)));
        expect(found.toSorted((a, b) => a - b)).toEqual(missing.toSorted((a, b) => a - b));
      }),
      { numRuns: runs(8) },
    );
  });
});
