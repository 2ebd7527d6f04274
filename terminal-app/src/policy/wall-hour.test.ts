import { expect, it } from 'vitest';
import { wallHour } from './wall-hour.ts';

it.each([
  ['2026-11-25T06:59:59.999Z', 14],
  ['2026-11-25T15:59:59.999Z', 23],
  ['2026-11-25T16:00:00.000Z', 0],
  ['2026-11-25T23:30:00.000Z', 7],
])('%s is hour %i on the clock on the wall in China', (at, hour) => {
  expect(wallHour(Date.parse(at))).toBe(hour);
});
