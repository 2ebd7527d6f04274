import { describe, expect, it } from 'vitest';
import {
  nextBeat,
  presenceBounds,
  presenceOf,
  RETURN_MS,
  SEEN_EVERY_MS,
  silenceOf,
  type Hearing,
} from './presence-rule.ts';

const MINUTE = 60_000;
const ALWAYS: Hearing = { since: -1e12, before: null, whole: true };

describe('whether a terminal is there', () => {
  it('goes by the beats that it missed', () => {
    const after = (beats: number) => presenceOf(0, presenceBounds(beats * MINUTE, MINUTE, ALWAYS));
    expect([0, 1.2, 2.5, 2.6, 10, 10.1].map(after)).toEqual([
      'online',
      'online',
      'online',
      'late',
      'late',
      'missing',
    ]);
    expect(presenceOf(null, presenceBounds(0, MINUTE, ALWAYS))).toBe('never');
  });

  it('is not known of one that was there when we went away, until all could be back', () => {
    const hearing: Hearing = { since: 20 * MINUTE, before: 0, whole: true };
    const at = (minutes: number, seenAt = -MINUTE) =>
      presenceOf(seenAt, presenceBounds(minutes * MINUTE, MINUTE, hearing));
    const back = 20 + RETURN_MS / MINUTE;
    expect([20, 30, back - 0.1, back].map((minutes) => at(minutes))).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'missing',
    ]);
    // Heard again, it is judged as ever.
    expect([22, 23, 31].map((minutes) => at(minutes, 20 * MINUTE))).toEqual(['online', 'late', 'late']);
    // Who was silent for long before is not on the way back: to the minutes that MongoDB knows it by.
    const wasMissing = -10 * MINUTE - SEEN_EVERY_MS;
    expect([wasMissing, wasMissing - 1].map((seenAt) => at(21, seenAt))).toEqual(['unknown', 'missing']);
  });

  it('is not known of anybody where it is not known since when there is a gap', () => {
    const hearing: Hearing = { since: 0, before: null, whole: false };
    expect(presenceOf(-1e11, presenceBounds(MINUTE, MINUTE, hearing))).toBe('unknown');
  });

  it('counts as silence only what could be heard', () => {
    const hearing: Hearing = { since: 20 * MINUTE, before: 0, whole: true };
    const silent = (seenAt: number | null) => silenceOf(seenAt, 25 * MINUTE, hearing) / MINUTE;
    expect([21 * MINUTE, 10 * MINUTE, 0, -3 * MINUTE, null].map(silent)).toEqual([4, 5, 5, 8, 5]);
  });

  it('beats at random moments around the interval', () => {
    expect([0, 0.5, 1].map((random) => nextBeat(MINUTE, random))).toEqual([48_000, 60_000, 72_000]);
  });
});
