import { describe, expect, it } from 'vitest';
import { nextBeat, presenceOf } from './presence-rule.ts';

const MINUTE = 60_000;

describe('whether a terminal is there', () => {
  it('goes by the beats that it missed', () => {
    const after = (beats: number) => presenceOf(0, beats * MINUTE, MINUTE);
    expect([0, 1.2, 2.5, 2.6, 10, 10.1].map(after)).toEqual([
      'online',
      'online',
      'online',
      'late',
      'late',
      'missing',
    ]);
    expect(presenceOf(null, 0, MINUTE)).toBe('never');
  });

  it('beats at random moments around the interval', () => {
    expect([0, 0.5, 1].map((random) => nextBeat(MINUTE, random))).toEqual([48_000, 60_000, 72_000]);
  });
});
