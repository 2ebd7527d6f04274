import { describe, expect, it } from 'vitest';
import { agoOf, dayOf, exactTime, startOfDay } from './time.ts';

describe('times in Beijing', () => {
  it('are exact to the second, and the day changes there at 16:00 UTC', () => {
    expect(exactTime('2026-11-27T15:59:59Z')).toBe('2026-11-27 23:59:59');
    expect(dayOf('2026-11-27T16:00:00Z')).toBe('2026-11-28');
    expect(startOfDay('2026-11-28').toISOString()).toBe('2026-11-27T16:00:00.000Z');
  });

  it('are told as so long ago', () => {
    const now = Date.UTC(2026, 10, 27, 12);
    expect(agoOf(now - 59_000, now)).toEqual({ key: 'now' });
    expect(agoOf(now - 60_000, now)).toEqual({ key: 'minutes', n: 1 });
    expect(agoOf(now - 3_600_000, now)).toEqual({ key: 'hours', n: 1 });
    expect(agoOf(now - 26 * 3_600_000, now)).toEqual({ key: 'days', n: 1 });
    expect(agoOf(now - 40 * 86_400_000, now)).toEqual({ key: 'exact' });
    expect(agoOf(now + 3_600_000, now)).toEqual({ key: 'exact' });
  });
});
