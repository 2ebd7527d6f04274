import { describe, expect, it } from 'vitest';
import { faultOf, isPinEnough, refusalOf } from './cash-refusal.ts';

describe('why no cash is taken', () => {
  it.each([
    ['float.bad-pin', 'wrong'],
    ['request.rate-limited', 'locked'],
    ['auth.forbidden', 'forbidden'],
    ['float.offer-stale', 'stale'],
    ['staff.session-over', 'ended'],
    ['staff.pin-needed', null],
    ['shift.none', null],
    ['server.unavailable', 'away'],
    ['unexpected', 'away'],
  ])('%s asks staff once more: %s', (code, fault) => {
    expect(faultOf(code)).toBe(fault);
  });

  it.each([
    ['staff.pin-needed', true, true],
    ['float.bad-pin', true, false],
    ['request.rate-limited', true, false],
    ['server.unavailable', true, false],
    ['staff.session-over', false, false],
    ['shift.none', false, false],
    ['auth.forbidden', false, false],
  ])('after %s the PIN is enough of the shift’s clerk: %s, and of another: %s', (code, ofShift, ofOther) => {
    expect([isPinEnough(code, true), isPinEnough(code, false)]).toEqual([ofShift, ofOther]);
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
