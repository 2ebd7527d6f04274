import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GridBill } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { textBill } from '../../testing/text-bill.ts';
import type { Source } from './bills.ts';
import { creditsIn, gridBillText, type BillingGrid, type FilePart } from './grid-bill.ts';

const DAY = '2026-03-01';
const line = (no: number, status: string, parts = '5000,4000,990,10'): string =>
  `${no},S${no},650100000001,000000000001,2,${parts},card,${status},2026-03-01T10:00:01+08:00\n`;
const CONTENT =
  line(1, 'sold') +
  line(2, 'sold', '300,200,80,20') +
  line(2, 'reversed', '300,200,80,20') +
  line(1, 'credited');
const TOTALS = { sales: 2, soldFen: 5300, reversals: 1, reversedFen: 300 };

function rig(over: Partial<GridBill> = {}, content = CONTENT) {
  const sources: Source[] = [];
  let closed = 0;
  const bill = { ...textBill({ day: DAY, totals: TOTALS, content }), ...over };
  const grid: BillingGrid = {
    ...{ grid: 'g', bills: true },
    dailyBill: () => Promise.resolve({ ...bill, close: () => Promise.resolve(void (closed += 1)) }),
  };
  const read = async (): Promise<string> => {
    let text = '';
    for await (const piece of gridBillText(grid, DAY, (source) => sources.push(source))) text += piece;
    return text;
  };
  return { read, sources, closed: () => closed, bill };
}

describe('a grid’s bill', () => {
  it('comes as it is, after it was told what it adds up to: what was sold less what was undone', async () => {
    const { read, sources, closed, bill } = rig();
    expect(await read()).toBe(CONTENT);
    const totals = { ...TOTALS, creditFen: 4000, arrearsFen: 990, feeFen: 10 };
    expect(sources).toEqual([{ source: 'grid:g', day: DAY, sha256: bill.sha256, totals }]);
    expect(closed()).toBe(1);
  });

  it.each<[string, Partial<GridBill>]>([
    ['its hash is another', { receivedSha256: '0'.repeat(64) }],
    ['its lines do not add up to its sales', { totals: { ...TOTALS, sales: 1 } }],
    ['its lines do not add up to its soldFen', { totals: { ...TOTALS, soldFen: 5301 } }],
    ['its lines do not add up to its reversals', { totals: { ...TOTALS, reversals: 0 } }],
    ['its lines do not add up to its reversedFen', { totals: { ...TOTALS, reversedFen: 299 } }],
  ])('is not used where %s, and is let go of', async (why, over) => {
    const { read, sources, closed } = rig(over);
    await expect(read()).rejects.toMatchObject({
      code: 'reconcile.bill-unsound',
      message: expect.stringContaining(`The bill of grid:g for ${DAY} cannot be used: ${why}.`) as string,
    });
    expect([sources, closed()]).toEqual([[], 1]);
  });

  it('that has nothing in it is one, too', async () => {
    const { read, sources } = rig({ totals: { sales: 0, soldFen: 0, reversals: 0, reversedFen: 0 } }, '');
    expect(await read()).toBe('');
    expect(sources[0]?.totals).toMatchObject({
      sales: 0,
      soldFen: 0,
      creditFen: 0,
      arrearsFen: 0,
      feeFen: 0,
    });
  });

  it('that is not there yet is waited for', async () => {
    const cause = new GridError({ code: 'grid.unavailable', message: 'x' });
    const grid = { grid: 'g', bills: true, dailyBill: () => Promise.reject(cause) };
    const text = gridBillText(grid, DAY, () => undefined);
    await expect(text.next()).rejects.toMatchObject({
      ...{ code: 'reconcile.not-ready', context: { source: 'grid:g', day: DAY }, cause },
    });
  });
});

describe('what meters took', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bianmin-credits-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function credits(part: Omit<FilePart, 'path'>): Promise<unknown[]> {
    const path = join(folder, 'grid');
    await writeFile(path, CONTENT + line(3, 'credited', '7,6,5,4'));
    const found: unknown[] = [];
    for await (const credit of creditsIn({ path, ...part })) found.push(credit);
    return found;
  }

  it('is the credit of each line that says so, of its part of the file alone', async () => {
    expect(await credits({ start: 0, end: CONTENT.length })).toEqual([{ orderNo: '1', fen: 4000 }]);
    const end = CONTENT.length + line(3, 'credited', '7,6,5,4').length;
    expect(await credits({ start: CONTENT.length, end })).toEqual([{ orderNo: '3', fen: 6 }]);
    expect(await credits({ start: 0, end })).toHaveLength(2);
    expect(await credits({ start: 0, end: line(1, 'sold').length })).toEqual([]);
  });

  it('is nothing of a bill that there is not, whose file need not be there', async () => {
    const none: unknown[] = [];
    for await (const credit of creditsIn({ path: join(folder, 'none'), start: 0, end: 0 })) none.push(credit);
    expect(none).toEqual([]);
  });
});
