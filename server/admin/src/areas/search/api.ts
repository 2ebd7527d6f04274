import { adminSearchFound, type AdminSearchFound } from '@bianmin/purchase/api/admin-search';
import { call } from '../../api/call.ts';

export const searchApi = {
  find: (text: string, signal: AbortSignal): Promise<AdminSearchFound> =>
    call({ method: 'POST', path: '/v1/admin/search', body: { text }, response: adminSearchFound, signal }),
};
