import type { Words } from '@bianmin/purchase/i18n/translate';
import type { EndKey } from '../zh-CN/end.ts';

export const end: Words<EndKey> = {
  'done.paidBefore': 'You paid before',
  'done.meter': 'Take it out once the meter shows more money',
};
