import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenOfYuan, milliFenOfYuan, yuanOfFen } from './yuan.ts';

describe('yuan as text', () => {
  it.each([
    ['0.01', 1],
    ['47.50', 4750],
    ['47.5', 4750],
    ['47', 4700],
    ['-12.50', -1250],
    ['0.00', 0],
    ['-0.00', 0],
    ['1.10000', 110],
    // As a floating-point number times 100 this is 115.99999999999999.
    ['1.16', 116],
    ['99999999999.99', 9_999_999_999_999],
  ])('%s is %i fen', (text, fen) => {
    expect(fenOfYuan(text)).toBe(fen);
  });

  it.each(['', ' ', '1.', '.5', '1,000.00', '1e2', '0.001', '¥1', '１', '99999999999999.99', '1.000000000'])(
    '“%s” is no amount in fen',
    (text) => {
      expect(fenOfYuan(text)).toBeUndefined();
    },
  );

  it('a fee has thousandths of a fen', () => {
    expect(milliFenOfYuan('0.28500')).toBe(28_500);
    expect(milliFenOfYuan('-0.07500')).toBe(-7_500);
    expect(milliFenOfYuan('0.000001')).toBeUndefined();
  });

  it('goes there and back for any amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }), (fen) => {
        expect(fenOfYuan(yuanOfFen(fen))).toBe(fen);
      }),
    );
  });
});
