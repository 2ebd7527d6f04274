import { expect, it } from 'vitest';
import { shortWallTime, wallTime } from './wall-time.ts';

it('says what the clock on the wall in China says, whatever the machine was set to', () => {
  expect(wallTime('2026-11-25T06:03:00.000Z')).toBe('2026-11-25 14:03');
  expect(shortWallTime('2026-11-25T06:03:00.000Z')).toBe('11-25 14:03');
  expect(wallTime('2026-12-31T16:00:00.000Z')).toBe('2027-01-01 00:00');
});
