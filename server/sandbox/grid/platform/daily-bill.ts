import { createHash } from 'node:crypto';
import type { AnswerOf } from '../../../src/gateways/grid/wire/operations.ts';
import { told, type BillEntry, type BillLie } from '../../bill-lies.ts';
import { dayAfter, iso, type Moment } from './day-book.ts';
import type { BookEntry } from './book-entry.ts';

/** Lines in one message: with the longest numbers that there may be it stays below the envelope's limit. */
const PAGE_LINES = 200;

type Page = AnswerOf<'dailyBill'>;

/** A day's bill as the platform has it. */
export interface DailyBill extends Omit<Page, 'content' | 'nextLine'> {
  /** With their line feeds. */
  readonly lines: readonly string[];
}

/** The piece of a bill that begins with this line, counted from 0. */
export function pageOf({ lines, ...head }: DailyBill, fromLine: number): Page {
  const end = fromLine + PAGE_LINES;
  const content = lines.slice(fromLine, end).join('');
  return { ...head, content, nextLine: end < lines.length ? end : null };
}

/** `number` and `fen` as the bill says them; `entry` has the rest. */
interface Line extends BillEntry {
  readonly entry: BookEntry;
  readonly status: 'sold' | 'reversed' | 'credited';
}

/**
 * The bill of a day that is cut: a line for each sale, reversal and credit booked into it, in the order of
 * booking: a credit by card when the grid learnt of it. A bill once given never changes: a later reversal is a line of
 * its own day. Credits are no money and do not count in the totals. `lies` are about sold lines.
 */
export function dailyBill(of: {
  readonly day: string;
  readonly cutAt: string;
  readonly entries: readonly BookEntry[];
  readonly lies?: readonly BillLie[];
}): DailyBill {
  const { day, cutAt, entries, lies = [] } = of;
  const late = new Set(lies.flatMap(({ kind, number }) => (kind === 'late' ? [number] : [])));
  const booked = entries.flatMap((entry) => linesOf(entry, day, late));
  const lines = [
    ...told(
      booked.filter(({ status }) => status === 'sold'),
      lies.filter(({ kind }) => kind !== 'late'),
    ),
    ...booked.filter(({ status }) => status !== 'sold'),
  ].toSorted((a, b) => a.at - b.at);
  const texts = lines.map((line) => `${text(line, day)}\n`);
  const sum = (status: Line['status']): { count: number; fen: number } => {
    const of = lines.filter((line) => line.status === status);
    return { count: of.length, fen: of.reduce((total, { fen }) => total + fen, 0) };
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
    sha256: createHash('sha256').update(texts.join('')).digest('hex'),
    lines: texts,
  };
}

/** `late`: orders whose sale is told on the day after. */
function linesOf(entry: BookEntry, day: string, late: ReadonlySet<string>): Line[] {
  if (entry.sale === undefined) return [];
  const { orderNo: number } = entry;
  const fen = entry.sale.faceFen;
  const events: [Line['status'], Moment | undefined][] = [
    ['sold', entry.soldAt],
    ['reversed', entry.reversedAt],
    [
      'credited',
      entry.creditedAt ?? (entry.credit?.status === 'credited' ? entry.credit.creditedAt : undefined),
    ],
  ];
  return events.flatMap(([status, moment]) => {
    if (moment === undefined) return [];
    const on = status === 'sold' && late.has(number) ? dayAfter(moment.day) : moment.day;
    return on === day ? [{ entry, status, number, fen, at: Date.parse(moment.at) }] : [];
  });
}

/** `kind` is `account` of money for an account or a bill, and `remote` where the grid had been asked to credit from afar by the end of the day. */
function text({ entry, status, number, fen, at }: Line, day: string): string {
  const { sale, request, credit } = entry;
  const more = fen - (sale?.faceFen ?? 0);
  const remote = credit !== undefined && credit.askedAt.day <= day;
  return [
    number,
    sale?.saleNo,
    request?.customerNo,
    request?.meterNo,
    sale?.count,
    fen,
    (sale?.creditFen ?? 0) + more,
    sale?.arrearsFen,
    sale?.feeFen,
    entry.account !== undefined ? 'account' : remote ? 'remote' : 'card',
    status,
    iso(at),
  ].join(',');
}
