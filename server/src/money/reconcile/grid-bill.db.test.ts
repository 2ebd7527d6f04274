import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { GridBill } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { boughtAt, DAY, lineOf } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { textBill } from '../../testing/text-bill.ts';

const NEXT = '2026-03-02';

let t: TestContext;
let w: BooksWorld;
/** Where bills and the files of a day are meanwhile. */
let folder: string;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grid-bill-'));
  vi.stubEnv('TMPDIR', folder);
  w = await BooksWorld.open(t);
  await w.bought(1, 2);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** What came in its place, while the grid says of it what it said. */
function cutTo(bill: GridBill, content: string): GridBill {
  const { day, totals, sha256 } = bill;
  return { ...textBill({ day, totals, content }), sha256 };
}

function told(bill: GridBill, totals: Partial<GridBill['totals']>): GridBill {
  return { ...bill, totals: { ...bill.totals, ...totals } };
}

const FIRST_LINE = `${lineOf(boughtAt(1))}\n`;

describe('the bill of a grid', () => {
  it.each<[string, (bill: GridBill) => GridBill]>([
    ['that is cut off after a line', (bill) => cutTo(bill, FIRST_LINE)],
    ['that is cut off in the middle of a line', (bill) => cutTo(bill, FIRST_LINE.slice(0, 50))],
    ['of which nothing came', (bill) => cutTo(bill, '')],
    ['that says that more was sold', (bill) => told(bill, { soldFen: 10_001 })],
    ['that says that more sales were made', (bill) => told(bill, { sales: 3 })],
    ['that says that something was undone', (bill) => told(bill, { reversals: 1 })],
    [
      'that ends without its last line feed',
      ({ day, totals }) => textBill({ day, totals, content: `${FIRST_LINE}${lineOf(boughtAt(2))}` }),
    ],
  ])('%s is unsound, and nothing is taken from it', async (_, received) => {
    let closed = 0;
    w.papers.received = (bill) => ({ ...received(bill), close: async () => void (closed += 1) });
    // Something would be found: the channel has nothing of this day.
    w.papers.rows.set(DAY, []);
    const run = w.books.reconciler.run({ first: DAY, by: 'u9' });
    await expect(run).rejects.toMatchObject({ code: 'reconcile.bill-unsound' });
    expect(await w.books.days.get(DAY)).toMatchObject({ state: 'failed', why: 'reconcile.bill-unsound' });
    expect(await w.cases.list({ limit: 5 }, WHOLE_PROVINCE)).toEqual([]);
    expect(Object.fromEntries(await w.books.ledger.turnover())).toEqual({});
    expect(closed).toBe(1);
    expect(await readdir(folder)).toEqual([]);
    // And the same day with the bill as it is meant.
    w.papers.received = (bill) => bill;
    expect(await w.books.reconciler.run({ first: DAY, by: 'u9' })).toHaveLength(2);
  });

  it('that does not come is waited for', async () => {
    const grid = w.papers.grid();
    const gone = new GridError({ code: 'grid.unavailable', message: 'The grid is gone. Ask again.' });
    w = await BooksWorld.open(t, { grid: { ...grid, dailyBill: () => Promise.reject(gone) } as never });
    const run = w.books.reconciler.run({ first: DAY, by: 'u9' });
    await expect(run).rejects.toMatchObject({ code: 'reconcile.not-ready', cause: gone });
    expect(await w.books.days.get(DAY)).toMatchObject({ state: 'waiting', why: 'reconcile.not-ready' });
  });

  it('tells of each day what meters took, also where days are run together and it comes in small pieces', async () => {
    const [one, two] = [boughtAt(1), boughtAt(2)];
    const sold = w.papers.lines.get(DAY) ?? [];
    w.papers.lines.set(DAY, [lineOf(one, 'credited'), ...sold]);
    // 1 fen more than was sold.
    w.papers.lines.set(NEXT, [lineOf(two, 'credited', [5000, 4001, 990, 10])]);
    w.papers.received = (bill) => ({
      ...bill,
      content: async function* () {
        for await (const text of bill.content())
          for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
      },
    });
    expect(await w.books.reconciler.run({ first: DAY, last: NEXT, by: 'u9' })).toEqual([]);
    const meters = async (day: string) =>
      (await w.books.days.get(day))?.accounts?.find(({ against }) => against === 'meters');
    expect(await meters(DAY)).toMatchObject({ ledgerFen: -4000, outsideFen: -4000, unexplainedFen: 0 });
    expect(await meters(NEXT)).toMatchObject({ ledgerFen: -4000, outsideFen: -4001, unexplainedFen: 1 });
    expect(await readdir(folder)).toEqual([]);
  });
});
