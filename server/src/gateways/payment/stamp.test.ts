import { expect, it } from 'vitest';
import { chinaStamp, momentOfStamp } from './stamp.ts';

it('is written in China’s time, and read back', () => {
  const at = Date.UTC(2026, 0, 15, 17, 30, 5, 900);
  expect(chinaStamp(at)).toBe('2026-01-16 01:30:05');
  expect(momentOfStamp('2026-01-16 01:30:05')?.getTime()).toBe(at - 900);
  expect(momentOfStamp('2026-01-16 01:30:05.900')?.getTime()).toBe(at - 900);
});

it.each(['', '2026-01-16', '2026-01-16T01:30:05', '2026-02-30 00:00:00', '2026-01-16 24:00:01'])(
  '%j is no moment',
  (text) => {
    expect(momentOfStamp(text)).toBeUndefined();
  },
);
