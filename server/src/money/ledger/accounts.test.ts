import { describe, expect, it } from 'vitest';
import { ACCOUNTS, kindOf } from './accounts.ts';

describe('the chart of accounts', () => {
  it('has a kind for each of its accounts', () => {
    const kinds = [
      [ACCOUNTS.channel('wechat'), 'asset'],
      [ACCOUNTS.bank, 'asset'],
      [ACCOUNTS.discount('civil-affairs'), 'asset'],
      [ACCOUNTS.elsewhere, 'liability'],
      [ACCOUNTS.held, 'liability'],
      [ACCOUNTS.refundable, 'liability'],
      [ACCOUNTS.gridCredit('g'), 'liability'],
      [ACCOUNTS.gridArrears('g'), 'liability'],
      [ACCOUNTS.gridFee('g'), 'liability'],
      [ACCOUNTS.float('tianshan-1'), 'liability'],
      [ACCOUNTS.fee('alipay'), 'expense'],
      [ACCOUNTS.refundsOurs, 'expense'],
      [ACCOUNTS.suspenseSale, 'suspense'],
      [ACCOUNTS.suspenseReconcile, 'suspense'],
    ] as const;
    for (const [account, kind] of kinds) expect([account, kindOf(account)]).toEqual([account, kind]);
  });

  it('has accounts of their own for what a channel owes, what it keeps, and each part of a sale', () => {
    const accounts = [
      ACCOUNTS.channel('wechat'),
      ACCOUNTS.fee('wechat'),
      ACCOUNTS.channel('alipay'),
      ACCOUNTS.gridCredit('g'),
      ACCOUNTS.gridArrears('g'),
      ACCOUNTS.gridFee('g'),
      ACCOUNTS.held,
      ACCOUNTS.refundable,
      ACCOUNTS.suspenseSale,
      ACCOUNTS.suspenseReconcile,
    ];
    expect(new Set(accounts).size).toBe(accounts.length);
    expect(ACCOUNTS.discount('civil-affairs')).toBe('discount:civil-affairs');
    expect(ACCOUNTS.float('tianshan-1')).toBe('float:tianshan-1');
  });

  it('knows no others', () => {
    expect(['', 'cash', ':channel', 'Channel:wechat', 'our:pockets'].map(kindOf)).toEqual(
      Array.from({ length: 5 }),
    );
  });
});
