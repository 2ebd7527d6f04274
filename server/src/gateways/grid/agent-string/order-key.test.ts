import { describe, expect, it } from 'vitest';
import { orderKey, orderNoOf } from './order-key.ts';
import { beijingTime, digitsOfIso, fromBeijingTime, isoOf } from './times.ts';

const ORDER = '260115100000000001';

describe('an order number', () => {
  it('is a date and a serial, and back', () => {
    expect(orderKey(ORDER)).toEqual({ date: '20260115', serial: '100000000001' });
    expect(orderNoOf(orderKey(ORDER))).toBe(ORDER);
  });

  it.each(['', 'A60115100000000001', '1234', `${ORDER}0`])('that is %j cannot travel', (orderNo) => {
    expect(() => orderKey(orderNo)).toThrow(expect.objectContaining({ code: 'grid.refused' }));
  });
});

describe('a time', () => {
  it('is Beijing’s', () => {
    expect(beijingTime(Date.UTC(2026, 0, 15, 17, 30, 5))).toBe('20260116013005');
    expect(fromBeijingTime('20260116013005')).toBe(Date.UTC(2026, 0, 15, 17, 30, 5));
    expect(isoOf('20260116013005')).toBe('2026-01-16T01:30:05+08:00');
    expect(digitsOfIso('2026-01-15T17:30:05Z')).toBe('20260116013005');
  });

  it.each(['20260230000000', '20261301000000', '20260101240000', '00000000000000', ''])(
    'is not %j',
    (digits) => {
      expect(fromBeijingTime(digits)).toBeNaN();
    },
  );
});
