import type { Words } from '@bianmin/purchase/i18n/translate';
import type { EndKey } from '../zh-CN/end.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const end: Words<EndKey> = {
  'done.paidBefore': 'ئالدىنقى قېتىم تۆلىدىڭىز',
  'done.meter': 'سائەتتىكى پۇل كۆپەيگەندە، كارتىنى چىقىرىڭ',
};
