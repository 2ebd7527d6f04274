import { describe, expect, it } from 'vitest';
import { atOfView, isToCome, periodLabel, spanOfHour, spanOfPeriod } from './period.ts';

/** Twenty past one in the night of the 27th in China, where it is still the 26th in UTC. */
const NOW = Date.parse('2026-11-26T17:20:00Z');

describe('a period of statistics', () => {
  it('is kept when the view changes, and is today where today is within it', () => {
    expect(atOfView('day', '2026', NOW)).toBe('2026-11-27');
    expect(atOfView('day', '2025-03', NOW)).toBe('2025-03-01');
    expect(atOfView('month', '2025', NOW)).toBe('2025-01');
    expect(atOfView('year', '2025-03-09', NOW)).toBe('2025');
  });

  it('knows what has not begun, by the clock in China', () => {
    expect(isToCome('2026', '2026-11', NOW)).toBe(false);
    expect(isToCome('2026', '2026-12', NOW)).toBe(true);
    expect(isToCome('2026-11', '2026-11-27', NOW)).toBe(false);
    expect(isToCome('2026-11', '2026-11-28', NOW)).toBe(true);
    expect(isToCome('2026-11-27', '01', NOW)).toBe(false);
    expect(isToCome('2026-11-27', '02', NOW)).toBe(true);
    expect(isToCome('2026-11-26', '23', NOW)).toBe(false);
  });

  it('is a span of a search, from midnight in China', () => {
    expect(spanOfPeriod('2026-11-27')).toEqual({
      from: '2026-11-26T16:00:00.000Z',
      to: '2026-11-27T16:00:00.000Z',
    });
    expect(spanOfPeriod('2026-12')).toEqual({
      from: '2026-11-30T16:00:00.000Z',
      to: '2026-12-31T16:00:00.000Z',
    });
    expect(spanOfPeriod('2026').to).toBe('2026-12-31T16:00:00.000Z');
    expect(spanOfHour('2026-11-27', '08')).toEqual({
      from: '2026-11-27T00:00:00.000Z',
      to: '2026-11-27T01:00:00.000Z',
    });
  });

  it('has a short name', () => {
    expect(periodLabel('year', '2026-11', 'en')).toBe('Nov');
    expect(periodLabel('year', '2026-11', 'zh-CN')).toBe('11月');
    expect(periodLabel('month', '2026-11-07', 'en')).toBe('7');
    expect(periodLabel('day', '08', 'en')).toBe('08:00');
  });
});
