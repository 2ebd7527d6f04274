import { z } from 'zod';
import { adminApproval } from '@bianmin/shared/api/admin';
import { staffCase, type StaffCase } from '@bianmin/shared/api/staff';
import { call } from '../../api/call.ts';

export const CASE_KINDS = [
  ...['written-not-credited', 'credited-not-written', 'claim-contradicted', 'grid-disagrees', 'late-sale'],
  ...['sale-mismatch', 'credit-mismatch', 'reversal-refused', 'payment-mismatch', 'refund-abnormal', 'stuck'],
  ...['ledger-unsound', 'CHANNEL_ONLY', 'ORDER_ONLY', 'GRID_ONLY', 'AMOUNT_DIFF', 'STATUS_DIFF', 'DUPLICATE'],
  'ACCOUNT_DIFF',
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

const at = (id: string): string => `/v1/admin/cases/${id}`;
const post = (id: string, what: string, body: unknown): Promise<StaffCase> =>
  call({ path: `${at(id)}/${what}`, method: 'POST', body, response: staffCase });

export const cases = {
  get: (id: string, signal: AbortSignal) => call({ path: at(id), response: staffCase, signal }),
  assign: (id: string, owner: string | null) => post(id, 'assign', { owner }),
  note: (id: string, text: string) => post(id, 'notes', { text }),
  resolve: (id: string, text: string) => post(id, 'resolve', { text }),
  settle: (id: string, text: string) =>
    call({ path: `${at(id)}/settlement`, method: 'POST', body: { text }, response: adminApproval }),
  refund: (id: string, text: string) =>
    call({ path: `${at(id)}/refund`, method: 'POST', body: { text }, response: adminApproval }),
};
