import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../sandbox/grid/platform/daily-bill.ts';
import { wholeBill } from './bill-pages.ts';
import type { GridBill } from './contract.ts';

const DAY = '2026-03-01';

function billOf(lines: number): GridBill {
  const content = Array.from({ length: lines }, (_, i) => `${i},a sale\n`).join('');
  return {
    day: DAY,
    cutAt: '2026-03-02T00:00:00+08:00',
    totals: { sales: lines, soldFen: 0, reversals: 0, reversedFen: 0 },
    sha256: createHash('sha256').update(content).digest('hex'),
    content,
  };
}

describe('a daily bill in pieces', () => {
  it.each([0, 1, 199, 200, 201, 400, 12_345])('of %i lines is put together again', async (lines) => {
    const bill = billOf(lines);
    let pages = 0;
    const whole = await wholeBill(DAY, (fromLine) => {
      pages += 1;
      return Promise.resolve(structuredClone(pageOf(bill, fromLine)));
    });
    expect(whole).toEqual(bill);
    expect(pages).toBe(Math.max(1, Math.ceil(lines / 200)));
  });

  it.each([
    ['a piece is missing', (fromLine: number) => pageOf(billOf(500), fromLine === 0 ? 0 : 400)],
    [
      'a piece is of another bill',
      (fromLine: number) => pageOf(billOf(fromLine === 0 ? 500 : 501), fromLine),
    ],
    ['a piece leads back', () => ({ ...pageOf(billOf(500), 0), nextLine: 200 })],
    [
      'a line is bent',
      (fromLine: number) => {
        const page = pageOf(billOf(500), fromLine);
        return { ...page, content: page.content.replace('7,a', '7,b') };
      },
    ],
  ])('is refused where %s', async (_, ask) => {
    await expect(
      wholeBill(DAY, (fromLine) => Promise.resolve(structuredClone(ask(fromLine)))),
    ).rejects.toMatchObject({
      code: 'grid.unavailable',
    });
  });
});
