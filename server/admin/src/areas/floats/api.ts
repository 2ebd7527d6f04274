import { z } from 'zod';
import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  floatEntries,
  floatList,
  type AdminFloat,
  type FloatEntryView,
  type FloatRequest,
  type TopUpRequest,
} from '@bianmin/purchase/api/float';
import { floatShifts, type FloatShifts } from '@bianmin/purchase/api/shift';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/floats';
const ask = (path: string, body: unknown, key?: string): Promise<AdminApproval> =>
  call({ path, method: 'POST', body, response: adminApproval, ...(key !== undefined && { key }) });

/** Committees' floats; whatever changes one is asked for here and allowed by finance. */
export const floatsApi = {
  list: async (signal: AbortSignal): Promise<AdminFloat[]> =>
    (await call({ path: PATH, response: floatList, signal })).floats,
  entries: async (id: string, signal: AbortSignal): Promise<FloatEntryView[]> =>
    (await call({ path: `${PATH}/${id}/entries`, response: floatEntries, signal })).entries,
  /** Those that are open, and those that were closed on a day in Beijing. */
  shifts: (id: string, day: string, signal: AbortSignal): Promise<FloatShifts> =>
    call({ path: `${PATH}/${id}/shifts`, query: { day }, response: floatShifts, signal }),
  set: (body: FloatRequest) => ask(PATH, body),
  topUp: (id: string, body: TopUpRequest, key: string) => ask(`${PATH}/${id}/top-ups`, body, key),
  undo: (of: { id: string; topUp: string; reason: string }, key: string) =>
    ask(`${PATH}/${of.id}/top-ups/${of.topUp}/reversal`, { reason: of.reason }, key),
  /** What was asked for and is not decided, of this float. */
  asked: async (id: string, signal: AbortSignal): Promise<AdminApproval[]> => {
    const response = z.object({ approvals: z.array(adminApproval) });
    const query = { status: 'open' };
    const { approvals } = await call({ path: '/v1/admin/approvals', query, response, signal });
    return approvals.filter(({ kind, content }) => kind.startsWith('float.') && content['id'] === id);
  },
};
