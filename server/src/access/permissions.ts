/** Every permission there is; roles are sets of them. Names are `subject:verb`. */
export const PERMISSIONS = [
  'terminal:read',
  'terminal:accept',
  'order:read',
  'order:reverse',
  'order:decide',
  'card:rewrite',
  'card:replace',
  'card:remote',
  'case:read',
  'case:work',
  'complaint:read',
  'complaint:work',
  'refund:request',
  'refund:approve',
  'user:manage',
  'role:manage',
  'audit:read',
  'approval:decide',
] as const;
export type Permission = (typeof PERMISSIONS)[number];
