import { adminConsents, type AdminConsents } from '@bianmin/purchase/api/consent';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/consents';

/** Households of the caller's communities that let staff buy for them. */
export const consentsApi = {
  list: (form: string | undefined, signal: AbortSignal): Promise<AdminConsents> =>
    call({ path: PATH, ...(form === undefined ? {} : { query: { form } }), response: adminConsents, signal }),
  revoke: (id: string, reason: string): Promise<void> =>
    call({ path: `${PATH}/${id}/revoke`, method: 'POST', body: { reason } }),
};
