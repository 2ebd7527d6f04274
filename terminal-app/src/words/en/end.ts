import type { EndKey } from '../zh-CN/end.ts';

export const end: Readonly<Record<EndKey, string>> = {
  'done.paidBefore': 'You paid before',
  'done.meter': 'Take it out once the meter shows more money',
};
