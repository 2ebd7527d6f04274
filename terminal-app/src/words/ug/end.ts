import type { EndKey } from '../zh-CN/end.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const end: Readonly<Record<EndKey, string>> = {
  'done.paidBefore': 'ئالدىنقى قېتىم تۆلىدىڭىز',
  'done.meter': 'سائەتتىكى پۇل كۆپەيگەندە، كارتىنى چىقىرىڭ',
};
