import { describe, expect, it } from 'vitest';
import {
  afterCrash,
  CRASH_WINDOW_MS,
  FIRST_PAINT_MS,
  isAlive,
  isHung,
  RELOAD_AFTER_MS,
  SILENT_MS,
  STUCK_MS,
  UNRESPONSIVE_MS,
} from './crashes.ts';

describe('after a crash', () => {
  it('the page is loaded again, each time later, until that does not help', () => {
    const answers = [1, 2, 3, 4, 5].map((count) => afterCrash(Array<number>(count).fill(1_000), 1_000));
    expect(answers).toEqual([
      ...RELOAD_AFTER_MS.map((afterMs) => ({ action: 'reload', afterMs })),
      { action: 'restart' },
    ]);
    expect([...RELOAD_AFTER_MS].sort((a, b) => a - b)).toEqual([...RELOAD_AFTER_MS]);
  });

  it('what lies far back does not count', () => {
    const crashes = [0, 1, 2, 3, CRASH_WINDOW_MS + 3];
    expect(afterCrash(crashes, CRASH_WINDOW_MS + 3)).toEqual({
      action: 'reload',
      afterMs: RELOAD_AFTER_MS[0],
    });
  });
});

describe('a page hangs', () => {
  const fresh = { loadedAt: 100, paintedAt: null, unresponsiveAt: null };

  it('when it never painted, or does not any more', () => {
    expect(isHung(fresh, 100 + FIRST_PAINT_MS - 1)).toBe(false);
    expect(isHung(fresh, 100 + FIRST_PAINT_MS)).toBe(true);
    expect(isHung({ ...fresh, paintedAt: 500 }, 500 + SILENT_MS - 1)).toBe(false);
    expect(isHung({ ...fresh, paintedAt: 500 }, 500 + SILENT_MS)).toBe(true);
  });

  it('when it paints and takes no input for long', () => {
    const facts = { ...fresh, paintedAt: 500 + UNRESPONSIVE_MS, unresponsiveAt: 500 };
    expect(isHung(facts, 500 + UNRESPONSIVE_MS - 1)).toBe(false);
    expect(isHung(facts, 500 + UNRESPONSIVE_MS)).toBe(true);
  });
});

describe('the supervisor hears of a kiosk', () => {
  it('whose page painted lately, or may still paint for the first time', () => {
    expect(isAlive({ startedAt: 0, paintedAt: null, now: STUCK_MS - 1 })).toBe(true);
    expect(isAlive({ startedAt: 0, paintedAt: null, now: STUCK_MS })).toBe(false);
    expect(isAlive({ startedAt: 0, paintedAt: 1_000, now: STUCK_MS })).toBe(true);
    expect(isAlive({ startedAt: 0, paintedAt: 1_000, now: STUCK_MS + 1_000 })).toBe(false);
  });

  it('for as long as every reload may take, and no reload is cut short', () => {
    const longest = SILENT_MS + Math.max(...RELOAD_AFTER_MS) + FIRST_PAINT_MS;
    expect(longest).toBeLessThan(STUCK_MS);
  });
});
