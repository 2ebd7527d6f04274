import { describe, expect, it } from 'vitest';
import { faultOf, refusalOf } from './cash-refusal.ts';

describe('why no cash is taken', () => {
  it.each([
    ['float.bad-pin', 'wrong'],
    ['request.rate-limited', 'locked'],
    ['auth.forbidden', 'forbidden'],
    ['float.offer-stale', 'stale'],
    ['server.unavailable', 'away'],
    ['unexpected', 'away'],
  ])('%s asks staff once more: %s', (code, fault) => {
    expect(faultOf(code)).toBe(fault);
  });

  it.each([
    ['float.none', 'none'],
    ['float.frozen', 'frozen'],
    ['float.empty', 'empty'],
    ['float.day-limit', 'day-limit'],
    ['float.bad-pin', undefined],
    ['server.unavailable', undefined],
  ])('%s is its end here: %s', (code, why) => {
    expect(refusalOf(code)).toBe(why);
  });
});
