import type { Approval } from './store/approvals.ts';
import { byAdmin, type AuditTrail } from './audit.ts';

/** What is done because a second person allowed it, under the name of the thing itself; who asked stands at the approval. */
export function recordDone(
  audit: AuditTrail,
  approval: Approval,
  entry: { action: string; target: string; data: Record<string, unknown> },
): Promise<void> {
  const { action, target } = entry;
  const data = { approval: approval._id, ...entry.data };
  const by = { userId: approval.checker?.id ?? '' };
  return audit.record(byAdmin(by, { action, target, where: { ip: '', traceId: '' }, data }));
}
