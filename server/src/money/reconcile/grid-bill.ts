import { createReadStream } from 'node:fs';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { MeterCredit } from './account-check.ts';
import { billError, unsound } from './bill-error.ts';
import type { Source } from './bills.ts';
import { linesIn } from './lines-in.ts';

/** What is asked of a grid here. */
export type BillingGrid = Pick<GridGateway, 'grid' | 'bills' | 'dailyBill'>;

/** A part of a file, in bytes; the end does not count any more. */
export interface FilePart {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

type Totals = Record<
  'sales' | 'soldFen' | 'reversals' | 'reversedFen' | 'creditFen' | 'arrearsFen' | 'feeFen',
  number
>;

/** The grid's bill as it is, in pieces; hash and totals hold, or it throws before the first. */
export async function* gridBillText(
  grid: BillingGrid,
  day: string,
  onSource: (source: Source) => void,
): AsyncGenerator<string> {
  const source = `grid:${grid.grid}`;
  const bill = await grid.dailyBill(day).catch((error: unknown) => {
    throw billError(error, source, day);
  });
  try {
    const { sha256, totals } = bill;
    if (bill.receivedSha256 !== sha256) throw unsound(source, day, 'its hash is another');
    const found = await totalsOf(bill.content());
    for (const name of ['sales', 'soldFen', 'reversals', 'reversedFen'] as const) {
      if (found[name] !== totals[name]) throw unsound(source, day, `its lines do not add up to its ${name}`);
    }
    onSource({ source, day, sha256, totals: found });
    yield* bill.content();
  } finally {
    await bill.close();
  }
}

/** What meters have taken, by the part of a file that is one grid's bill: from afar, or by a card whose return data told of it. */
export async function* creditsIn({ path, start, end }: FilePart): AsyncGenerator<MeterCredit> {
  if (start === end) return;
  const text = createReadStream(path, { encoding: 'utf8', start, end: end - 1 }) as AsyncIterable<string>;
  for await (const lines of linesIn(text)) {
    for (const line of lines) {
      const columns = line.split(',');
      if (columns[10] === 'credited') yield { orderNo: columns[0] ?? '', fen: Number(columns[6]) };
    }
  }
}

/** Counts and sums of a grid's bill; parts of what was sold less what was undone. */
async function totalsOf(content: AsyncIterable<string>): Promise<Totals> {
  const sums: Totals = {
    ...{ sales: 0, soldFen: 0, reversals: 0, reversedFen: 0 },
    ...{ creditFen: 0, arrearsFen: 0, feeFen: 0 },
  };
  for await (const lines of linesIn(content)) for (const line of lines) addLine(sums, line);
  return sums;
}

function addLine(sums: Totals, line: string): void {
  const columns = line.split(',');
  const status = columns[10];
  if (status !== 'sold' && status !== 'reversed') return;
  const [face = 0, credit = 0, arrears = 0, fee = 0] = columns.slice(5, 9).map(Number);
  const sign = status === 'sold' ? 1 : -1;
  sums[status === 'sold' ? 'sales' : 'reversals'] += 1;
  sums[status === 'sold' ? 'soldFen' : 'reversedFen'] += face;
  sums.creditFen += sign * credit;
  sums.arrearsFen += sign * arrears;
  sums.feeFen += sign * fee;
}
