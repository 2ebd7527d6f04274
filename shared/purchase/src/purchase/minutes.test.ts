import { describe, expect, it } from 'vitest';
import { minutesToWait } from './minutes.ts';

describe('a time for a person who waits', () => {
  it.each([
    [0, 1],
    [1, 1],
    [60_000, 1],
    [60_001, 2],
    [840_000, 14],
  ])('%i ms: %i min', (ms, minutes) => {
    expect(minutesToWait(ms)).toBe(minutes);
  });
});
