import type { AdminApproval } from '@bianmin/purchase/api/approvals';
import type { Approval } from './store/approvals.ts';

/** An approval as administrators see it. */
export function approvalView(approval: Approval): AdminApproval {
  return {
    id: approval._id,
    kind: approval.kind,
    content: { ...approval.content },
    status: approval.status,
    maker: approval.maker,
    createdAt: approval.createdAt.toISOString(),
    checker: approval.checker ?? null,
    decidedAt: approval.decidedAt?.toISOString() ?? null,
    endedAt: approval.endedAt?.toISOString() ?? null,
    failure: approval.failure ?? null,
  };
}
