import { describe, expect, it } from 'vitest';
import { DENOMINATIONS } from '@bianmin/purchase/api/shift';
import { inNotes } from './cash.ts';

describe('a sum in notes', () => {
  it('is whole jiao, and never more than the sum', () => {
    expect([0, 9, 10, 1209, 5000].map(inNotes)).toEqual([0, 0, 10, 1200, 5000]);
  });

  it('can be laid down with what a drawer is counted in', () => {
    for (const fen of [1, 12_345, 99_999]) {
      const rest = DENOMINATIONS.reduce((left, each) => left % each, inNotes(fen));
      expect(rest, `${fen}`).toBe(0);
    }
  });
});
