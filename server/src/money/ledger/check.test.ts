import { describe, expect, it } from 'vitest';
import { checkAccounts, type OutsideTotals } from './check.ts';

const OUTSIDE: OutsideTotals = {
  channels: { wechat: { paidFen: 10_000, refundedFen: 2000, feeFen: 60 } },
  grids: { g: { creditFen: 7000, arrearsFen: 990, feeFen: 10 } },
  meters: { g: { creditedFen: 7000 } },
};
const BOOKS = new Map([
  ['channel:wechat', 7940],
  ['fee:wechat', 60],
  ['grid:g:credit', -7000],
  ['grid:g:arrears', -990],
  ['grid:g:fee', -10],
  ['payer:held', 0],
]);
const differing = (books: ReadonlyMap<string, number>, atRest = true) =>
  checkAccounts(books, OUTSIDE, { atRest }).filter(({ differenceFen }) => differenceFen !== 0);

describe('the accounts beside bills and meters', () => {
  it('agree where everybody tells the same', () => {
    expect(differing(BOOKS)).toEqual([]);
  });

  it('show which account differs, from whose paper, and by how much', () => {
    expect(differing(new Map([...BOOKS, ['channel:wechat', 7000]]))).toEqual([
      {
        account: 'channel:wechat',
        against: 'channel-bill',
        ledgerFen: 7000,
        outsideFen: 7940,
        differenceFen: -940,
      },
    ]);
    const credit = differing(new Map([...BOOKS, ['grid:g:credit', -7500]]));
    expect(credit.map(({ against, differenceFen }) => [against, differenceFen])).toEqual([
      ['grid-bill', -500],
      ['meters', -500],
    ]);
  });

  it('hold money that no paper speaks of, and at rest money that still waits', () => {
    expect(differing(new Map([...BOOKS, ['channel:alipay', 5]]))).toMatchObject([
      { account: 'channel:alipay', differenceFen: 5 },
    ]);
    const waiting = new Map([...BOOKS, ['payer:held', -300]]);
    expect(differing(waiting)).toMatchObject([{ account: 'payer:held', differenceFen: -300 }]);
    expect(differing(waiting, false)).toEqual([]);
  });
});
