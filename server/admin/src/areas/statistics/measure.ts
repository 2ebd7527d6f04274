import type { StatisticsCounts } from '@bianmin/purchase/api/statistics';

export const MEASURES = ['orders', 'paidFen', 'credited', 'successPercent'] as const;
export type Measure = (typeof MEASURES)[number];

export const SERIES_KINDS = ['bar', 'line'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** As it is shown: money in yuan; null where there is nothing to have a rate of. */
export function valueOf(counts: StatisticsCounts, measure: Measure): number | null {
  return measure === 'paidFen' ? counts.paidFen / 100 : counts[measure];
}

export function textOf(value: number | null, measure: Measure, locale: string): string {
  if (value === null) return '—';
  const digits = measure === 'paidFen' ? 2 : 0;
  const text = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: 2,
  }).format(value);
  return measure === 'successPercent' ? `${text}%` : text;
}

export type Change =
  { readonly key: 'more' | 'less'; readonly n: string } | { readonly key: 'same' | 'nothing' };

/** Against what was before, in per cent of it; a rate's by points. `nothing`: there is none to hold it beside. */
export function changeOf(now: number | null, before: number | null, measure: Measure): Change {
  const rate = measure === 'successPercent';
  if (now === null || before === null || (before === 0 && !rate)) return { key: 'nothing' };
  const by = rate ? now - before : ((now - before) / before) * 100;
  const n = Math.abs(by) < 10 ? Math.round(by * 10) / 10 : Math.round(by);
  if (n === 0) return { key: 'same' };
  return { key: n > 0 ? 'more' : 'less', n: String(Math.abs(n)) };
}

/** Steps of a shade, lightest first; 0 is none at all. */
export const SHADES = [0, 1, 2, 3, 4] as const;
export type Shade = (typeof SHADES)[number];

/** By the share of the largest, in quarters. */
export function shadeOf(value: number, largest: number): Shade {
  if (value <= 0 || largest <= 0) return 0;
  const quarter = Math.ceil((value / largest) * 4);
  return SHADES[Math.min(quarter, 4)] ?? 4;
}
