import { expect, it } from 'vitest';
import { daySpans } from './day-spans.ts';

it.each([
  [[], []],
  [['2026-11-30'], ['2026-11-30']],
  [['2026-11-29', '2026-11-30', '2026-12-01'], ['2026-11-29 – 2026-12-01']],
  [
    ['2026-11-01', '2026-11-03', '2026-11-04'],
    ['2026-11-01', '2026-11-03 – 2026-11-04'],
  ],
])('says days that follow one another as one span: %j', (days, spans) => {
  expect(daySpans(days)).toEqual(spans);
});
