import type { AdminApproval } from '@bianmin/purchase/api/approvals';
import type { AdminRefund } from '@bianmin/purchase/api/refund';

export const WHOSE = ['all', 'others', 'mine'] as const;
/** Whose requests are shown. */
export type Whose = (typeof WHOSE)[number];

/** One thing that waits for a second person; `refund`: it is decided where refunds are. */
export interface InboxItem {
  readonly approval: AdminApproval;
  readonly refund: AdminRefund | undefined;
}

/** Approvals as the server lists them and, among those that are open, refunds by when they were asked for: the oldest first. */
export function inboxOf(approvals: readonly AdminApproval[], refunds: readonly AdminRefund[]): InboxItem[] {
  const listed = approvals.map((approval): InboxItem => ({ approval, refund: undefined }));
  if (refunds.length === 0) return listed;
  const asked = refunds.map((refund): InboxItem => ({ approval: approvalOf(refund), refund }));
  return [...listed, ...asked].toSorted(
    (a, b) => Date.parse(a.approval.createdAt) - Date.parse(b.approval.createdAt),
  );
}

/** Those of others are what this person may decide. */
export function ofWhose(items: readonly InboxItem[], whose: Whose, me: string | undefined): InboxItem[] {
  if (whose === 'all') return [...items];
  return items.filter(({ approval }) => (approval.maker.id === me) === (whose === 'mine'));
}

/** How a decision is sent. */
export function decisionOf(
  { approval, refund }: InboxItem,
  accept: boolean,
): { path: string; method: 'POST'; body?: { accept: boolean } } {
  return refund === undefined
    ? { path: `/v1/admin/approvals/${approval.id}/decide`, method: 'POST', body: { accept } }
    : { path: `/v1/admin/refunds/${refund.refundNo}/${accept ? 'approve' : 'reject'}`, method: 'POST' };
}

/** A refund as any other request: what we keep of the payment before it and after. */
function approvalOf(refund: AdminRefund): AdminApproval {
  const { refundNo, orderNo, channel, fen, paidFen, openFen, note, requestedBy, requestedAt } = refund;
  return {
    ...{ id: refundNo, kind: 'refund.request', status: 'open', createdAt: requestedAt },
    content: {
      ...{ orderNo, channel, fen, paidFen, reason: note ?? '' },
      ...{ before: { keptFen: openFen + fen }, keptFen: openFen },
    },
    maker: { id: requestedBy ?? '', name: '' },
    ...{ checker: null, decidedAt: null, endedAt: null, failure: null },
  };
}
