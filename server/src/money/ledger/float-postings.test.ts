import { describe, expect, it } from 'vitest';
import { undoneId, type FloatEntry } from '../float/float.ts';
import { POSTED_KINDS, postingOfEntry } from './float-postings.ts';

/** Half past midnight in China, and still the day before in London. */
const AT = new Date('2026-03-01T16:30:00Z');
const TOP_UP: FloatEntry = {
  ...{ _id: 'topup-7', float: 'tianshan-1', kind: 'top-up', fen: 50_000, by: 'boris', at: AT },
  ...{ debit: 'bank', credit: 'float:tianshan-1', reference: 'bank-7' },
};
const UNDONE: FloatEntry = {
  ...{ _id: undoneId('topup-7'), undoes: 'topup-7', float: 'tianshan-1', kind: 'top-up-undone', fen: 50_000 },
  ...{ by: 'boris', at: AT, debit: 'float:tianshan-1', credit: 'bank' },
};

describe('an entry of a float that is no order’s', () => {
  it('is posted where it is a top-up: from the bank to the float, on its day in China', () => {
    expect(postingOfEntry(TOP_UP)).toEqual({
      ...{ source: 'topup-7', n: 1, group: 'float', name: 'float.top-up', at: AT, day: '2026-03-02' },
      legs: [
        { account: 'bank', fen: 50_000 },
        { account: 'float:tianshan-1', fen: -50_000 },
      ],
    });
  });

  it('is posted where it undoes a top-up, as the second of that top-up', () => {
    expect(postingOfEntry(UNDONE)).toEqual({
      ...{ source: 'topup-7', n: 2, group: 'float', name: 'float.top-up-undone', at: AT, day: '2026-03-02' },
      legs: [
        { account: 'float:tianshan-1', fen: 50_000 },
        { account: 'bank', fen: -50_000 },
      ],
    });
    const { undoes: _, ...stray } = UNDONE;
    expect(postingOfEntry(stray)).toMatchObject({ source: 'topup-7-undone', n: 2 });
  });

  it('is not posted where an order’s own events say it', () => {
    const others = ['taken', 'given-back', 'handed-out', 'closed', 'shift-closed'] as const;
    expect(others.map((kind) => postingOfEntry({ ...TOP_UP, kind }))).toEqual(Array.from({ length: 5 }));
    expect(POSTED_KINDS.map((kind) => postingOfEntry({ ...TOP_UP, kind })?.name)).toEqual([
      'float.top-up',
      'float.top-up-undone',
    ]);
  });
});
