import { createHash } from 'node:crypto';
import type { GridBill } from '../../../src/grid/contract.ts';
import type { Moment } from './day-book.ts';
import type { BookEntry } from './sales-book.ts';

/** Lines in one message: with the longest numbers that there may be it stays below the envelope's limit. */
const PAGE_LINES = 200;

/** The piece of a bill that begins with this line, counted from 0. */
export function pageOf(bill: GridBill, fromLine: number): GridBill & { readonly nextLine: number | null } {
  const lines = bill.content.split('\n').slice(0, -1);
  const content = lines
    .slice(fromLine, fromLine + PAGE_LINES)
    .map((line) => `${line}\n`)
    .join('');
  const end = fromLine + PAGE_LINES;
  return { ...bill, content, nextLine: end < lines.length ? end : null };
}

interface Line {
  readonly entry: BookEntry;
  readonly status: 'sold' | 'reversed' | 'credited';
  readonly at: string;
}

/**
 * The bill of a day that is cut: a line for each sale, reversal and credit booked into it, in the order of
 * booking: a credit by card when the grid learnt of it. A bill once given never changes: a later reversal is a line of its own day. Credits are no money and do not
 * count in the totals.
 */
export function dailyBill(day: string, cutAt: string, entries: readonly BookEntry[]): GridBill {
  const lines = entries
    .flatMap((entry) => linesOf(entry, day))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const content = lines.map((line) => `${text(line, day)}\n`).join('');
  const sum = (status: Line['status']): { count: number; fen: number } => {
    const of = lines.filter((line) => line.status === status);
    return { count: of.length, fen: of.reduce((total, { entry }) => total + (entry.sale?.faceFen ?? 0), 0) };
  };
  const [sold, reversed] = [sum('sold'), sum('reversed')];
  return {
    day,
    cutAt,
    totals: {
      sales: sold.count,
      soldFen: sold.fen,
      reversals: reversed.count,
      reversedFen: reversed.fen,
    },
    sha256: createHash('sha256').update(content).digest('hex'),
    content,
  };
}

function linesOf(entry: BookEntry, day: string): Line[] {
  if (entry.sale === undefined) return [];
  const events: [Line['status'], Moment | undefined][] = [
    ['sold', entry.soldAt],
    ['reversed', entry.reversedAt],
    [
      'credited',
      entry.creditedAt ?? (entry.credit?.status === 'credited' ? entry.credit.creditedAt : undefined),
    ],
  ];
  return events.flatMap(([status, moment]) =>
    moment?.day === day ? [{ entry, status, at: moment.at }] : [],
  );
}

/** `kind` is `remote` where the grid had been asked to credit from afar by the end of the day. */
function text({ entry, status, at }: Line, day: string): string {
  const { sale, request, credit } = entry;
  const remote = credit !== undefined && credit.askedAt.day <= day;
  return [
    entry.orderNo,
    sale?.saleNo,
    request?.customerNo,
    request?.meterNo,
    sale?.count,
    sale?.faceFen,
    sale?.creditFen,
    sale?.arrearsFen,
    sale?.feeFen,
    remote ? 'remote' : 'card',
    status,
    at,
  ].join(',');
}
