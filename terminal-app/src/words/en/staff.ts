import type { StaffKey } from '../zh-CN/staff.ts';

export const staff: Readonly<Record<StaffKey, string>> = {
  'staff.title': 'Staff',
};
