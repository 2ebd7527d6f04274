import { z } from 'zod';
import type { COMPLAINT_STATES } from '@bianmin/purchase/api/complaint';
import { complaintDetail, complaintView, type ComplaintView } from '@bianmin/purchase/api/complaint';
import { call } from '../../api/call.ts';

export type ComplaintState = (typeof COMPLAINT_STATES)[number];
export type ComplaintDetail = z.infer<typeof complaintDetail>;

const PATH = '/v1/admin/complaints';
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

export const complaintsApi = {
  list: async (state: ComplaintState | undefined, signal: AbortSignal): Promise<ComplaintView[]> => {
    const response = z.object({ complaints: z.array(complaintView) });
    return (await call({ path: PATH, query: { state, limit: 200 }, response, signal })).complaints;
  },
  get: (id: string, signal: AbortSignal): Promise<ComplaintDetail> =>
    call({ path: at(id), response: complaintDetail, signal }),
  reply: (id: string, text: string): Promise<ComplaintView> =>
    call({ path: `${at(id)}/reply`, method: 'POST', body: { text }, response: complaintView }),
  finish: (id: string): Promise<ComplaintView> =>
    call({ path: `${at(id)}/finish`, method: 'POST', response: complaintView }),
};
