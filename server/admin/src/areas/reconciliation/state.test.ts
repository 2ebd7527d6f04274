import { describe, expect, it } from 'vitest';
import type { ReconciledDayView } from '@bianmin/purchase/api/books';
import { leadingDays, toneOf } from './state.ts';

const DAY: ReconciledDayView = {
  ...{ day: '2026-11-01', state: 'done', why: null, stale: false },
  ...{ counts: {}, notCompared: [], held: 0 },
};

describe('a day of the calendar', () => {
  it('is good only where it was compared, nothing differs and nothing has changed since', () => {
    expect(toneOf(DAY)).toBe('good');
    expect(toneOf({ ...DAY, counts: { ORDER_ONLY: 1 } })).toBe('warning');
    expect(toneOf({ ...DAY, stale: true })).toBe('warning');
    expect(toneOf({ ...DAY, state: 'failed' })).toBe('bad');
    expect(toneOf({ ...DAY, state: 'none' })).toBe('quiet');
  });

  it('stands under its weekday', () => {
    expect(leadingDays('2026-11')).toBe(6); // a Sunday
    expect(leadingDays('2026-06')).toBe(0); // a Monday
  });
});
