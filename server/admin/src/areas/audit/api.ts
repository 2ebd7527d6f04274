import {
  auditPage,
  auditVerification,
  type AuditEntryView,
  type AuditVerification,
} from '@bianmin/purchase/api/audit';
import type { z } from 'zod';
import { call } from '../../api/call.ts';
import { downloadFile } from '../../api/download.ts';

const PATH = '/v1/admin/audit';

/** What entries are searched for by. */
export interface AuditSearch {
  who?: string;
  kind?: AuditEntryView['who']['kind'];
  action?: string;
  target?: string;
  from?: string;
  to?: string;
}

export const auditApi = {
  search: (search: AuditSearch, after?: string): Promise<z.infer<typeof auditPage>> =>
    call({
      path: PATH,
      query: { ...search, limit: 50, ...(after === undefined ? {} : { after }) },
      response: auditPage,
    }),
  verify: (signal: AbortSignal): Promise<AuditVerification> =>
    call({ path: `${PATH}/verification`, response: auditVerification, signal }),
  /** All that a search finds, as CSV. */
  file: (search: AuditSearch): Promise<void> => downloadFile({ path: `${PATH}/file`, query: { ...search } }),
};
