import type { GridTransfersView } from '@bianmin/purchase/api/transfer';

/** Of the days that are not paid those that owe something or wait; the days between them owe nothing. */
type Days = GridTransfersView['unpaid'];
type Unpaid = Pick<GridTransfersView, 'next' | 'unpaid' | 'payableTo'>;

interface Span {
  readonly from: string;
  readonly to: string;
}

/** The days that can be paid now, from the first unpaid one as far as each was compared; undefined: none can. Pure. */
export function payableSpan({ next, payableTo }: Unpaid): Span | undefined {
  return next === null || payableTo === null ? undefined : { from: next, to: payableTo };
}

/** How many days these are. Pure. */
export function daysIn({ from, to }: Span): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

/** Of days that cannot be paid yet so many are listed: they are counted, and come in their order. */
const OPEN_LISTED = 3;

/** All that can be paid, and the next that wait. Pure. */
export function listed({ unpaid, payableTo }: Unpaid): Days {
  return unpaid.slice(0, unpaid.length - waiting({ unpaid, payableTo }) + OPEN_LISTED);
}

/** How many of the listed days wait, themselves or for one before them. Pure. */
export function waiting({ unpaid, payableTo }: Pick<Unpaid, 'unpaid' | 'payableTo'>): number {
  return unpaid.filter(({ day }) => payableTo === null || day > payableTo).length;
}

/** What these days come to, fen; undefined where one of them cannot be paid yet, or there is none. Pure. */
export function owedOf(of: Unpaid, { from, to }: Span): number | undefined {
  const span = payableSpan(of);
  if (span === undefined || from < span.from || span.to < to || to < from) return undefined;
  return of.unpaid
    .filter(({ day }) => from <= day && day <= to)
    .reduce((sum, { owedFen }) => sum + (owedFen ?? 0), 0);
}
