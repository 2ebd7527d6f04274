import { describe, expect, it } from 'vitest';
import { ACCOUNTS, kindOf } from '../../../src/money/ledger/accounts.ts';
import { words } from '../areas/reconciliation/words.ts';
import { accountName } from './account.ts';

const all = Object.values(ACCOUNTS).map((account) =>
  typeof account === 'string' ? account : (account as (of: string) => string)('wechat'),
);

describe('an account', () => {
  it.each(all)('%s has a name in words', (account) => {
    expect(kindOf(account)).toBeDefined();
    const name = accountName(account);
    expect(Object.keys(words['zh-CN']['accountName'] ?? {})).toContain(name?.key);
  });

  it('says of whom it is', () => {
    expect(accountName('channel:alipay')).toEqual({ key: 'channel', of: 'alipay' });
    expect(accountName('grid:collection-v1:arrears')).toEqual({ key: 'gridArrears', of: 'collection-v1' });
    expect(accountName('payer:held')).toEqual({ key: 'held' });
  });

  it('that is not in the chart has none', () => expect(accountName('savings:mine')).toBeUndefined());
});
