import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import { depositView, type DepositTopUpRequest, type DepositView } from '@bianmin/purchase/api/deposit';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/deposit';
const ask = (path: string, body: unknown, key: string): Promise<AdminApproval> =>
  call({ path, method: 'POST', body, response: adminApproval, key });

/** Our deposit at the grid; what is put into the books is asked for here and allowed by finance. */
export const depositApi = {
  get: (signal: AbortSignal): Promise<DepositView> => call({ path: PATH, response: depositView, signal }),
  topUp: (body: DepositTopUpRequest, key: string) => ask(`${PATH}/top-ups`, body, key),
  undo: (of: { topUp: string; reason: string }, key: string) =>
    ask(`${PATH}/top-ups/${of.topUp}/reversal`, { reason: of.reason }, key),
};
