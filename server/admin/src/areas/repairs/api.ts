import {
  repair,
  repairers,
  repairList,
  type Repair,
  type RepairRequest,
} from '@bianmin/purchase/api/repairs';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/fleet/repairs';

/** How many repairs a page has. */
export const PAGE = 50;

/** Terminals that somebody has to go to, within the caller's scope. */
export const repairsApi = {
  /** Newest first; `before`: opened before this. */
  list: (
    query: { status?: Repair['status']; terminalId?: string; before?: string },
    signal: AbortSignal,
  ): Promise<{ repairs: Repair[] }> =>
    call({ path: PATH, query: { ...query, limit: PAGE }, response: repairList, signal }),
  /** What is open already has the words as a note. */
  report: (request: RepairRequest): Promise<Repair> =>
    call({ path: PATH, method: 'POST', body: request, response: repair }),
  note: (id: string, text: string): Promise<Repair> =>
    call({ path: `${PATH}/${id}/notes`, method: 'POST', body: { text }, response: repair }),
  /** Taken by oneself, or handed over to somebody else. */
  give: (id: string, owner: string): Promise<Repair> =>
    call({ path: `${PATH}/${id}/owner`, method: 'POST', body: { owner }, response: repair }),
  done: (id: string, text: string): Promise<Repair> =>
    call({ path: `${PATH}/${id}/done`, method: 'POST', body: { text }, response: repair }),
  /** Whom one may be given to, by name. */
  repairers: (id: string, signal: AbortSignal): Promise<{ people: { id: string; name: string }[] }> =>
    call({ path: `${PATH}/${id}/repairers`, response: repairers, signal }),
};
