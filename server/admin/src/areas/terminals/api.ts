import {
  adminTerminal,
  enrolCodeResponse,
  terminalPage,
  type AdminTerminal,
} from '@bianmin/purchase/api/admin-terminals';
import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import { terminalReports, type TerminalReports } from '@bianmin/purchase/api/diagnostics';
import { fleetKiosks, type FleetKioskQuery, type FleetKiosks } from '@bianmin/purchase/api/fleet-kiosks';
import { cohorts } from '@bianmin/purchase/api/heartbeat';
import type { z } from 'zod';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/terminals';
const MOST = 2000;

/** What a list of kiosks is chosen by. */
export type KioskFilter = Omit<FleetKioskQuery, 'limit'>;

export interface TerminalFilter {
  readonly id?: string | undefined;
  readonly status?: AdminTerminal['status'] | undefined;
  readonly community?: string | undefined;
  readonly after?: string | undefined;
}

/** Terminals within the caller's scope. */
export const terminalsApi = {
  list: (filter: TerminalFilter, signal: AbortSignal): Promise<z.infer<typeof terminalPage>> =>
    call({ path: PATH, query: { ...filter, limit: 50 }, response: terminalPage, signal }),
  /** Those that work, newest first: as many as a user would look through by name. */
  accepted: async (signal: AbortSignal): Promise<AdminTerminal[]> => {
    const found: AdminTerminal[] = [];
    let after: string | undefined;
    do {
      const query = { status: 'accepted', after, limit: 200 };
      const page = await call({ path: PATH, query, response: terminalPage, signal });
      found.push(...page.terminals);
      after = page.next ?? undefined;
    } while (after !== undefined && found.length < MOST);
    return found;
  },
  /** Those in service, those that need a hand first. */
  kiosks: (filter: KioskFilter, signal: AbortSignal): Promise<FleetKiosks> =>
    call({ path: '/v1/admin/fleet/kiosks', query: { ...filter }, response: fleetKiosks, signal }),
  cohorts: (signal: AbortSignal): Promise<z.infer<typeof cohorts>> =>
    call({ path: '/v1/admin/fleet/cohorts', response: cohorts, signal }),
  decide: (id: string, verb: 'accept' | 'reject'): Promise<AdminTerminal> =>
    call({ path: `${PATH}/${id}/${verb}`, method: 'POST', response: adminTerminal }),
  /** Suspended until it is lifted, let act again, or retired for good. */
  cut: (id: string, verb: 'suspend' | 'resume' | 'retire', reason: string): Promise<AdminTerminal> =>
    call({ path: `${PATH}/${id}/${verb}`, method: 'POST', body: { reason }, response: adminTerminal }),
  place: (id: string, community: string): Promise<AdminTerminal> =>
    call({ path: `${PATH}/${id}/community`, method: 'PUT', body: { community }, response: adminTerminal }),
  /** How whoever goes there finds it. */
  setAddress: (id: string, address: string): Promise<AdminTerminal> =>
    call({ path: `${PATH}/${id}/address`, method: 'PUT', body: { address }, response: adminTerminal }),
  /** What it said of itself, newest first. */
  reports: (id: string, signal: AbortSignal): Promise<TerminalReports> =>
    call({ path: `${PATH}/${id}/reports`, response: terminalReports, signal }),
  allowMore: (more: number, reason: string): Promise<AdminApproval> =>
    call({
      ...{ path: '/v1/admin/terminal-allowances', method: 'POST' },
      ...{ body: { more, reason }, response: adminApproval },
    }),
  enrolCode: (community: string): Promise<z.infer<typeof enrolCodeResponse>> =>
    call({
      path: '/v1/admin/enrol-codes',
      method: 'POST',
      query: { community },
      response: enrolCodeResponse,
    }),
};
