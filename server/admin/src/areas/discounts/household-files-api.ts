import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  householdFile,
  householdFileList,
  type BeginHouseholdFile,
  type HouseholdFileView,
} from '@bianmin/purchase/api/household-file';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/discounts/household-files';

/** Files of households, each sent in parts and allowed as a whole. */
export const householdFilesApi = {
  list: async (signal: AbortSignal): Promise<HouseholdFileView[]> =>
    (await call({ path: PATH, response: householdFileList, signal })).files,
  begin: (body: BeginHouseholdFile): Promise<HouseholdFileView> =>
    call({ path: PATH, method: 'POST', body, response: householdFile }),
  part: (
    { id, received }: Pick<HouseholdFileView, 'id' | 'received'>,
    body: Blob,
    signal: AbortSignal,
  ): Promise<HouseholdFileView> =>
    call({
      ...{ path: `${PATH}/${id}/parts`, method: 'PUT', query: { offset: received }, body, signal },
      headers: { 'Content-Type': 'application/octet-stream' },
      response: householdFile,
    }),
  finish: (id: string, reason: string): Promise<AdminApproval> =>
    call({ path: `${PATH}/${id}/finish`, method: 'POST', body: { reason }, response: adminApproval }),
};
