import type { AuditEntryView } from '@bianmin/purchase/api/audit';

/** The page of what an entry is about, by its subject; none where it has none. */
const PAGES: Readonly<Record<string, (target: string) => string>> = {
  alert: () => '/alerts',
  announcement: () => '/announcements',
  approval: () => '/approvals',
  case: (id) => `/cases/${id}`,
  card: (orderNo) => `/orders/${orderNo}`,
  order: (orderNo) => `/orders/${orderNo}`,
  org: () => '/organisations',
  reading: (orderNo) => `/orders/${orderNo}`,
  release: () => '/releases',
  rollout: () => '/releases',
  role: () => '/roles',
  terminal: () => '/terminals',
  user: (id) => `/users/${id}`,
};
const ORDER = /^\d{18}$/;

export function pageOf({ action, target }: Pick<AuditEntryView, 'action' | 'target'>): string | undefined {
  if (ORDER.test(target)) return `/orders/${target}`;
  const page = PAGES[action.split('.')[0] ?? '']?.(target);
  // What is not an order's number leads to no order.
  return page?.startsWith('/orders/') === true ? undefined : page;
}
