import { z } from 'zod';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { adminRefund } from '@bianmin/purchase/api/refund';
import { staffCase, type StaffCase } from '@bianmin/purchase/api/staff';
import { call } from '../../api/call.ts';

export const CASE_KINDS = [
  ...['written-not-credited', 'credited-not-written', 'claim-contradicted', 'meter-exchanged'],
  ...['grid-disagrees', 'late-sale'],
  ...['sale-mismatch', 'credit-mismatch', 'reversal-refused', 'payment-mismatch', 'refund-abnormal', 'stuck'],
  ...[
    'cash-owed',
    'shift-difference',
    'shift-left-open',
    'ledger-unsound',
    'late-posting',
    'CHANNEL_ONLY',
    'ORDER_ONLY',
    'GRID_ONLY',
    'AMOUNT_DIFF',
    'STATUS_DIFF',
    'DUPLICATE',
  ],
  'ACCOUNT_DIFF',
  'DEPOSIT_DIFF',
  'TRANSFER_DIFF',
] as const;

/** What a day's reconciliation found: two persons settle it. */
export const isDifference = (kind: string): boolean => kind === kind.toUpperCase();

export const PAGE = 50;

export function listCases(
  query: { status?: string; kind?: string; before?: string },
  signal: AbortSignal,
): Promise<{ cases: StaffCase[] }> {
  return call({
    path: '/v1/admin/cases',
    query: { ...query, limit: PAGE },
    response: z.object({ cases: z.array(staffCase) }),
    signal,
  });
}

/** As many as one call takes. */
const AT_ONCE = 100;

/** A day's cases, in the order in which they were opened. */
export async function casesOf(ids: readonly string[], signal: AbortSignal): Promise<StaffCase[]> {
  const response = z.object({ cases: z.array(staffCase) });
  const found: StaffCase[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const query = { ids: ids.slice(from, from + AT_ONCE).join(','), limit: AT_ONCE };
    found.push(...(await call({ path: '/v1/admin/cases', query, response, signal })).cases);
  }
  return found.toSorted((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt));
}

const at = (id: string): string => `/v1/admin/cases/${id}`;
const post = (id: string, what: string, body: unknown): Promise<StaffCase> =>
  call({ path: `${at(id)}/${what}`, method: 'POST', body, response: staffCase });

export const cases = {
  get: (id: string, signal: AbortSignal) => call({ path: at(id), response: staffCase, signal }),
  assign: (id: string, owner: string | null) => post(id, 'assign', { owner }),
  note: (id: string, text: string) => post(id, 'notes', { text }),
  resolve: (id: string, text: string) => post(id, 'resolve', { text }),
  settle: (id: string, text: string, key: string) =>
    call({ path: `${at(id)}/settlement`, method: 'POST', body: { text }, key, response: adminApproval }),
  /** Money of which only a bill tells. */
  refund: (id: string, text: string, key: string) =>
    call({ path: `${at(id)}/refund`, method: 'POST', body: { text }, key, response: adminApproval }),
  /** What the order of a case has still to give back; the same key is the same refund. */
  refundOrder: ({ id, orderNo }: StaffCase, key: string, reason: string) =>
    call({
      path: '/v1/admin/refunds',
      method: 'POST',
      body: { key, orderNo, fen: null, reason, caseId: id },
      response: adminRefund,
    }),
};
