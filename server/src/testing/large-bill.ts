import { createHash } from 'node:crypto';
import process from 'node:process';
import { filesOf } from '../money/reconcile/files.ts';
import { billOfPages } from '../gateways/grid/bill-pages.ts';
import type { AnswerOf } from '../gateways/grid/wire/operations.ts';

/**
 * A program: takes a day's bill of `process.argv[2]` bytes, of which no more than a piece is ever there, as a run of the day
 * does. Prints one JSON line.
 */
export interface LargeBillRun {
  readonly bytes: number;
  readonly credits: number;
  /** By how much the process's peak grew. */
  readonly grewMb: number;
}

const DAY = '2026-03-01';
const PAGE_LINES = 200;
const bytes = Number(process.argv[2]);

/** Each sale, and that its meter has it. */
function line(n: number): string {
  const number = String(n >> 1).padStart(12, '0');
  const status = n % 2 === 0 ? 'sold' : 'credited';
  return `260301${number},S260301${number},650100000001,000000000001,2,5000,4000,990,10,remote,${status},2026-03-01T04:00:00Z\n`;
}

const lines = Math.ceil(bytes / line(0).length / 2) * 2;
const hash = createHash('sha256');
for (let n = 0; n < lines; n += 1) hash.update(line(n));
const head = {
  ...{ day: DAY, cutAt: `${DAY}T23:59:59+08:00`, sha256: hash.digest('hex') },
  totals: { sales: lines / 2, soldFen: (lines / 2) * 5000, reversals: 0, reversedFen: 0 },
};

async function ask(fromLine: number): Promise<AnswerOf<'dailyBill'>> {
  const end = Math.min(fromLine + PAGE_LINES, lines);
  let content = '';
  for (let n = fromLine; n < end; n += 1) content += line(n);
  return { ...head, content, nextLine: end < lines ? end : null };
}

const peakMb = (): number => process.resourceUsage().maxRSS / 1024;
const before = peakMb();
const files = await filesOf([DAY], {
  channels: [],
  grid: { grid: 'collection-v1', bills: true, dailyBill: (day) => billOfPages(day, ask) },
  orders: {
    documents: async function* () {
      // Nothing was bought.
    },
    some: () => Promise.resolve([]),
  },
});
let credits = 0;
for await (const { fen } of files.credits(DAY)) if (fen === 4000) credits += 1;
await files.close();
const run: LargeBillRun = { bytes: lines * line(0).length, credits, grewMb: peakMb() - before };
process.stdout.write(`${JSON.stringify(run)}\n`);
