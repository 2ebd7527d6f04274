export const staff = {
  'staff.title': '工作人员',
} as const;

export type StaffKey = keyof typeof staff;
