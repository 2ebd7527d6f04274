import {
  erasureAsked,
  residentFound,
  type ResidentBinding,
  type ResidentFound,
} from '@bianmin/purchase/api/residents';
import type { z } from 'zod';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/residents';

/** The customer number goes in the body: it stands in no address. */
export interface AboutResident {
  readonly customerNo: string;
  readonly reason: string;
}

export const residentsApi = {
  lookUp: (body: AboutResident): Promise<ResidentFound> =>
    call({ path: `${PATH}/look-up`, method: 'POST', body, response: residentFound }),
  unbind: ({ holder, id }: ResidentBinding, reason: string): Promise<void> =>
    call({ path: `${PATH}/bindings/${holder}/${id}/unbind`, method: 'POST', body: { reason } }),
  /** Staff of a community may not buy for the household any more. */
  revoke: (consent: string, reason: string): Promise<void> =>
    call({ path: `${PATH}/consents/${consent}/revoke`, method: 'POST', body: { reason } }),
  erase: (body: AboutResident): Promise<z.infer<typeof erasureAsked>> =>
    call({ path: `${PATH}/erasures`, method: 'POST', body, response: erasureAsked }),
};
