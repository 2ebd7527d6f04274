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

  it('hold what the grid took of our deposit to all that its bill has, and our deposit to none', () => {
    const drawing = (fen: number) => new Map([...BOOKS, ['grid:g:deposit', -fen], ['grid:g:drawn', fen]]);
    expect(differing(drawing(8000))).toEqual([]);
    expect(differing(drawing(8001))).toEqual([
      {
        ...{ account: 'grid:g:drawn', against: 'grid-bill' },
        ...{ ledgerFen: 8001, outsideFen: 8000, differenceFen: 1 },
      },
    ]);
  });

  it('are one row for each account and paper, in the order of the papers', () => {
    const rows = checkAccounts(BOOKS, OUTSIDE, { atRest: true });
    expect(rows.map(({ account, against, outsideFen }) => [account, against, outsideFen])).toEqual([
      ['channel:wechat', 'channel-bill', 7940],
      ['fee:wechat', 'channel-bill', 60],
      ['grid:g:credit', 'grid-bill', -7000],
      ['grid:g:arrears', 'grid-bill', -990],
      ['grid:g:fee', 'grid-bill', -10],
      ['grid:g:credit', 'meters', -7000],
      ['payer:held', 'rest', 0],
      ['payer:refundable', 'rest', 0],
      ['suspense:sale', 'rest', 0],
    ]);
  });

  it('stand beside nothing where no paper speaks of them; those that no paper could speak of are left out', () => {
    const books = new Map([
      ...[['channel:alipay', 5] as const, ['fee:alipay', 4] as const, ['grid:h:credit', -3] as const],
      ...[['float:channel:1', 7] as const, ['refunds:ours', 2] as const, ['bank', 1] as const],
    ]);
    const none = { channels: { bestpay: undefined }, grids: {}, meters: {} } as unknown as OutsideTotals;
    expect(checkAccounts(books, none, { atRest: false })).toEqual([
      { account: 'channel:alipay', against: 'channel-bill', ledgerFen: 5, outsideFen: 0, differenceFen: 5 },
      { account: 'fee:alipay', against: 'channel-bill', ledgerFen: 4, outsideFen: 0, differenceFen: 4 },
      { account: 'grid:h:credit', against: 'grid-bill', ledgerFen: -3, outsideFen: 0, differenceFen: -3 },
    ]);
  });

  it('count as nothing where the books do not have them', () => {
    const rows = checkAccounts(new Map(), OUTSIDE, { atRest: false });
    expect(rows.map(({ ledgerFen, differenceFen }) => [ledgerFen, differenceFen])).toEqual([
      ...[[0, -7940] as const, [0, -60] as const, [0, 7000] as const, [0, 990] as const, [0, 10] as const],
      [0, 7000],
    ]);
  });
});
