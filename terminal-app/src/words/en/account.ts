import type { Words } from '@bianmin/purchase/i18n/translate';
import type { AccountKey } from '../zh-CN/account.ts';

export const account: Words<AccountKey> = {
  'account.converted': 'This home needs no card any more: what you pay goes into its account',
  'account.off': 'The electricity is off now. It comes back once the account is above 0 yuan',
  'account.restored': 'The electricity is on again',
  'account.crediting': 'On its way to the account, mostly within a minute',
  'account.step': 'In the account',
  'account.added': 'Into the account',
  'account.due': 'Due by {date}',
  'account.billPaid': 'Paid for {month}',
  'account.billAdded': 'Paid for electricity',
};
