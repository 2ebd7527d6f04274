import { z } from 'zod';
import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  adminCardSession,
  type AdminCardSession,
  type AskedCommand,
} from '@bianmin/purchase/api/card-session';
import type { openCardSessionRequest } from '@bianmin/purchase/api/card-session';
import {
  replacementView,
  staffReading,
  type ReplacementView,
  type StaffReading,
} from '@bianmin/purchase/api/staff';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/card-sessions';
const post = (path: string, body?: unknown): Promise<AdminCardSession> =>
  call({ path: `${PATH}${path}`, method: 'POST', body, response: adminCardSession });

/** Sessions in which a card is driven from here. */
export const cardsApi = {
  list: async (signal: AbortSignal): Promise<AdminCardSession[]> => {
    const response = z.object({ sessions: z.array(adminCardSession) });
    return (await call({ path: PATH, response, signal })).sessions;
  },
  get: (id: string, signal: AbortSignal): Promise<AdminCardSession> =>
    call({ path: `${PATH}/${id}`, response: adminCardSession, signal }),
  open: (body: z.input<typeof openCardSessionRequest>) => post('', body),
  /** The same number with the same step changes nothing. */
  step: (id: string, n: number, command: AskedCommand) => post(`/${id}/steps`, { n, command }),
  end: (id: string, verb: 'finish' | 'cancel') => post(`/${id}/${verb}`),
  /** Cards that were allowed to be replaced, or wait for it. */
  replacements: async (signal: AbortSignal): Promise<ReplacementView[]> => {
    const response = z.object({ replacements: z.array(replacementView) });
    return (await call({ path: '/v1/admin/replacements', response, signal })).replacements;
  },
  reading: (id: string, orderNo: string): Promise<StaffReading> =>
    call({ path: `${PATH}/${id}/reading`, method: 'POST', body: { orderNo }, response: staffReading }),
  reverse: (orderNo: string, body: { nonce: string; reason: string }, key: string): Promise<AdminApproval> =>
    call({
      path: `/v1/admin/orders/${orderNo}/reversal`,
      method: 'POST',
      body,
      key,
      response: adminApproval,
    }),
};
