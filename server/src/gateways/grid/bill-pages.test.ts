import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pageOf, type DailyBill } from '../../../sandbox/grid/platform/daily-bill.ts';
import { billOfPages } from './bill-pages.ts';
import { GridError } from './error.ts';
import type { AnswerOf } from './wire/operations.ts';

const DAY = '2026-03-01';

function billOf(count: number): DailyBill {
  const lines = Array.from({ length: count }, (_, i) => `${i},a sale 售电\n`);
  return {
    day: DAY,
    cutAt: '2026-03-02T00:00:00+08:00',
    totals: { sales: count, soldFen: 0, reversals: 0, reversedFen: 0 },
    sha256: createHash('sha256').update(lines.join('')).digest('hex'),
    lines,
  };
}

type Ask = (fromLine: number) => AnswerOf<'dailyBill'>;
const received = (ask: Ask): ReturnType<typeof billOfPages> =>
  billOfPages(DAY, (fromLine) => Promise.resolve(structuredClone(ask(fromLine))));

async function textOf(bill: { content(): AsyncIterable<string> }): Promise<string> {
  let text = '';
  for await (const piece of bill.content()) text += piece;
  return text;
}

describe('a daily bill in pieces', () => {
  it.each([0, 1, 199, 200, 201, 400, 12_345])('of %i lines is put together again', async (lines) => {
    const whole = billOf(lines);
    let pages = 0;
    const { content, close, ...head } = await received((fromLine) => {
      pages += 1;
      return pageOf(whole, fromLine);
    });
    const { lines: texts, ...told } = whole;
    expect(head).toEqual({ ...told, receivedSha256: told.sha256 });
    expect(await textOf({ content })).toBe(texts.join(''));
    expect(await textOf({ content })).toBe(texts.join(''));
    expect(pages).toBe(Math.max(1, Math.ceil(lines / 200)));
    await close();
  });

  it.each<[string, Ask]>([
    ['is of another bill', (fromLine) => pageOf(billOf(fromLine === 0 ? 500 : 501), fromLine)],
    ['leads back', () => ({ ...pageOf(billOf(500), 0), nextLine: 200 })],
  ])('is asked for again where a piece %s', async (_, ask) => {
    await expect(received(ask)).rejects.toMatchObject({ code: 'grid.unavailable' });
  });

  it('is asked for again where a piece does not come, and leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pages-'));
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    });
    const broken = new GridError({ code: 'grid.unavailable', message: 'No answer. Try again shortly.' });
    const ask = (fromLine: number): Promise<AnswerOf<'dailyBill'>> =>
      fromLine === 400 ? Promise.reject(broken) : Promise.resolve(pageOf(billOf(500), fromLine));
    await expect(billOfPages(DAY, ask)).rejects.toBe(broken);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each<[string, Ask]>([
    ['a piece is missing', (fromLine) => pageOf(billOf(500), fromLine === 0 ? 0 : 400)],
    ['it ends in the middle', (fromLine) => ({ ...pageOf(billOf(500), fromLine), nextLine: null })],
    [
      'a line is bent',
      (fromLine) => {
        const page = pageOf(billOf(500), fromLine);
        return { ...page, content: page.content.replace('7,a', '7,b') };
      },
    ],
  ])('says that another came than was meant where %s', async (_, ask) => {
    const bill = await received(ask);
    expect(bill.sha256).toBe(billOf(500).sha256);
    expect(bill.receivedSha256).toBe(
      createHash('sha256')
        .update(await textOf(bill))
        .digest('hex'),
    );
    expect(bill.receivedSha256).not.toBe(bill.sha256);
    await bill.close();
  });
});
