import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  gridTransfers,
  type GridTransferRequest,
  type GridTransfersView,
} from '@bianmin/purchase/api/transfer';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/transfers';
const ask = (path: string, body: unknown, key: string): Promise<AdminApproval> =>
  call({ path, method: 'POST', body, response: adminApproval, key });

/** What the bank sent to the grid for days of sales; what is booked is asked for here and allowed by finance. */
export const transfersApi = {
  get: (signal: AbortSignal): Promise<GridTransfersView> =>
    call({ path: PATH, response: gridTransfers, signal }),
  book: (body: GridTransferRequest, key: string) => ask(PATH, body, key),
  undo: (of: { transfer: string; reason: string }, key: string) =>
    ask(`${PATH}/${of.transfer}/reversal`, { reason: of.reason }, key),
};
