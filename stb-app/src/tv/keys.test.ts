import { describe, expect, it } from 'vitest';
import { Debounce, pressOf } from './keys.ts';

describe('a remote’s key', () => {
  it.each([
    [37, { type: 'move', direction: 'left' }],
    [22, { type: 'move', direction: 'right' }],
    [40, { type: 'move', direction: 'down' }],
    [13, { type: 'ok' }],
    [23, { type: 'ok' }],
    [48, { type: 'digit', digit: '0' }],
    [105, { type: 'digit', digit: '9' }],
    [280, { type: 'erase' }],
    [65, undefined],
  ])('%i is %j', (code, press) => {
    expect(pressOf(code)).toEqual(press);
  });

  it.each([4, 8, 27, 640, 24, 399, 65_535])('%i goes back, on every maker’s box', (code) => {
    expect(pressOf(code)).toEqual({ type: 'back' });
  });

  it('counts once when it bounces', () => {
    const debounce = new Debounce();
    expect([0, 40, 99, 100, 150, 250].map((at) => debounce.accepts(at))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});
