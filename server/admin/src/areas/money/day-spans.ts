import { DAY_MS } from '../../parts/time.ts';

/** Days in their order, those that follow one another as the first and last of them: `2026-11-01 – 2026-11-30`. */
export function daySpans(days: readonly string[]): string[] {
  const spans: { first: string; last: string }[] = [];
  for (const day of days) {
    const span = spans.at(-1);
    if (span !== undefined && Date.parse(day) - Date.parse(span.last) === DAY_MS) span.last = day;
    else spans.push({ first: day, last: day });
  }
  return spans.map(({ first, last }) => (first === last ? first : `${first} – ${last}`));
}
