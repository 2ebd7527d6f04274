import { describe, expect, it } from 'vitest';
import { filterOfQuery, queryOfFilter, searchOf } from './filter.ts';

describe('the filter of orders', () => {
  it('counts days as China does', () => {
    // 00:30 in China is still yesterday in UTC.
    const now = Date.parse('2026-03-01T16:30:00Z');
    expect(searchOf({ lastDays: 1 }, now)).toEqual({ from: '2026-03-01T16:00:00.000Z' });
    expect(searchOf({ lastDays: 7 }, now)).toEqual({ from: '2026-02-23T16:00:00.000Z' });
  });

  it('goes through an address and back, without whom it is about', () => {
    const filter = { state: 'sold', channel: 'cash', attention: true, lastDays: 30 } as const;
    expect(filterOfQuery(queryOfFilter(filter))).toEqual(filter);
    expect(filterOfQuery({ any: '1000000001', customerNo: '1000000001' })).toEqual({});
    expect(filterOfQuery({ state: 'nonsense' })).toEqual({});
  });

  it('leaves an empty number out', () => {
    expect(searchOf({ any: '  ' }, 0)).toEqual({});
    expect(searchOf({ any: ' 42 ', lastDays: 7 }, 0)).toEqual({ any: '42' });
  });
});
