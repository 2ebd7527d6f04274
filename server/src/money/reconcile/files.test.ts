import { readdir, readFile, stat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boughtAt, lineOf, rowOf } from '../../testing/bought-orders.ts';
import { MemoryOrderDays } from '../../testing/memory-days.ts';
import { Papers } from '../../testing/papers.ts';
import { filesOf } from './files.ts';

const [DAY, NEXT] = ['2026-03-01', '2026-03-02'];
const [ONE, TWO] = [boughtAt(1), boughtAt(2)];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-files-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function rig() {
  const [papers, other, orders] = [new Papers(), new Papers(), new MemoryOrderDays()];
  orders.orders = [ONE, TWO];
  papers.rows.set(DAY, [rowOf(ONE)]);
  papers.rows.set(NEXT, [rowOf(TWO)]);
  papers.lines.set(DAY, [lineOf(ONE), lineOf(ONE, 'credited')]);
  papers.lines.set(NEXT, [lineOf(TWO), lineOf(TWO, 'credited', [5000, 3000, 1990, 10])]);
  const open = (days: readonly string[]) =>
    filesOf(days, {
      channels: [papers.channel('wechat'), other.channel('bestpay')],
      grid: papers.grid(),
      orders: orders.store(),
    });
  return { papers, other, orders, open };
}

async function all<T>(each: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of each) found.push(one);
  return found;
}

describe('the files of some days', () => {
  it('are the bills of channels, the grid’s bills and the orders’ lines, day by day', async () => {
    const { open, orders } = rig();
    const files = await open([DAY, NEXT]);
    expect(await readFile(files.paths.grid, 'utf8')).toBe(
      [lineOf(ONE), lineOf(ONE, 'credited'), lineOf(TWO), lineOf(TWO, 'credited', [5000, 3000, 1990, 10])]
        .map((line) => `${line}\n`)
        .join(''),
    );
    const numbers = async (path: string): Promise<(string | undefined)[]> =>
      (await readFile(path, 'utf8')).split('\n').map((line) => line.split(',')[0]);
    expect(await numbers(files.paths.channel)).toEqual([ONE._id, TWO._id, '']);
    expect(await numbers(files.paths.orders)).toEqual([ONE._id, TWO._id, '']);
    expect(orders.asked).toEqual([{ first: DAY, last: NEXT }]);
    expect(files.sources.map(({ source, day }) => `${source} ${day}`)).toEqual([
      ...[`grid:collection-v1 ${DAY}`, `grid:collection-v1 ${NEXT}`],
      ...[
        `channel:wechat ${DAY}`,
        `channel:bestpay ${DAY}`,
        `channel:wechat ${NEXT}`,
        `channel:bestpay ${NEXT}`,
      ],
    ]);
    expect(files.channelTotals.map(({ channel, day, totals }) => [channel, day, totals.paidFen])).toEqual([
      ['wechat', DAY, 5000],
      ['bestpay', DAY, 0],
      ['wechat', NEXT, 5000],
      ['bestpay', NEXT, 0],
    ]);
    expect(files.notCompared).toEqual([]);
    await files.close();
  });

  it('are in a folder of their own, which goes with them', async () => {
    const files = await rig().open([DAY]);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^bianmin-reconcile-/u)]);
    expect((await readdir(dirname(files.paths.grid))).toSorted()).toEqual(['channel', 'grid', 'orders']);
    await files.close();
    await expect(stat(files.paths.grid)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual([]);
    await files.close();
  });

  it('go at once where a bill is not to be had', async () => {
    const { open, papers } = rig();
    papers.ready = false;
    await expect(open([DAY])).rejects.toMatchObject({ code: 'reconcile.not-ready' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('say of each day what meters took, and nothing of a day that was not asked for', async () => {
    const files = await rig().open([DAY, NEXT]);
    expect(await all(files.credits(DAY))).toEqual([{ orderNo: ONE._id, fen: 4000 }]);
    expect(await all(files.credits(NEXT))).toEqual([{ orderNo: TWO._id, fen: 3000 }]);
    expect(await all(files.credits('2026-03-03'))).toEqual([]);
    await files.close();
  });

  it('find what meters took by bytes, whatever is written in a bill', async () => {
    const { open, papers } = rig();
    papers.lines.set(DAY, [lineOf({ ...ONE, meterNo: '电表一号' }), lineOf(ONE, 'credited')]);
    const files = await open([DAY, NEXT]);
    expect(await all(files.credits(DAY))).toEqual([{ orderNo: ONE._id, fen: 4000 }]);
    expect(await all(files.credits(NEXT))).toEqual([{ orderNo: TWO._id, fen: 3000 }]);
    await files.close();
  });

  it('have nothing of who has no bills, and name it', async () => {
    const { open, papers, other } = rig();
    other.bills = false;
    const without = await open([DAY]);
    expect(without.notCompared).toEqual(['channel:bestpay']);
    expect(without.sources.map(({ source }) => source)).toEqual(['grid:collection-v1', 'channel:wechat']);
    await without.close();
    papers.bills = false;
    other.bills = true;
    const bare = await open([DAY]);
    expect(bare.notCompared).toEqual(['grid:collection-v1', 'channel:wechat']);
    expect(await readFile(bare.paths.grid, 'utf8')).toBe('');
    expect(await readFile(bare.paths.orders, 'utf8')).toBe('');
    expect(await all(bare.credits(DAY))).toEqual([]);
    await bare.close();
  });
});
