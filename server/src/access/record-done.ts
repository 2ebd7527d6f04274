import type { Approval } from '../store/approvals.ts';
import type { AuditTrail } from './audit.ts';

/** What is done because a second person allowed it, under the name of the thing itself; who asked stands at the approval. */
export function recordDone(
  audit: AuditTrail,
  approval: Approval,
  deed: { action: string; target: string; data: Record<string, unknown> },
): Promise<void> {
  const { action, target, data } = deed;
  return audit.record({
    ...{ action, target, data: { approval: approval._id, ...data } },
    who: { kind: 'admin', id: approval.checker?.id ?? '' },
    where: { ip: '', traceId: '' },
  });
}
