import type { StaffKey } from '../zh-CN/staff.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const staff: Readonly<Record<StaffKey, string>> = {
  'staff.title': 'خىزمەتچى',
};
