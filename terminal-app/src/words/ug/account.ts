import type { Words } from '@bianmin/purchase/i18n/translate';
import type { AccountKey } from '../zh-CN/account.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const account: Words<AccountKey> = {
  'account.converted': 'بۇ ئۆي ھېسابات بىلەن توك ئىشلىتىدۇ، كارتا كېرەك ئەمەس، بىۋاسىتە قاچىلاڭ',
  'account.off': 'ھازىر توك ئۈزۈلگەن. ھېساباتتىكى پۇل 0 يۈەندىن ئاشسا توك كېلىدۇ',
  'account.restored': 'توك يەنە كەلدى',
  'account.crediting': 'ھېساباتقا قاچىلىنىۋاتىدۇ، ئادەتتە بىر مىنۇتقا يەتمەيدۇ',
  'account.step': 'ھېساباتقا كىردى',
  'account.added': 'ھېساباتقا كىردى',
  'account.due': '{date} دىن بۇرۇن تۆلەڭ',
  'account.billPaid': '{month} نىڭ توك پۇلى تۆلەندى',
  'account.billAdded': 'توك پۇلى تۆلەندى',
};
