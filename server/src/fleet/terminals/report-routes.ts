import { terminalIdParam } from '@bianmin/purchase/api/admin-terminals';
import { diagnostics, reportSent, terminalReports } from '@bianmin/purchase/api/diagnostics';
import type { MachineReports } from './reports.ts';
import type { TerminalStore } from '../store/terminals.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf } from '../../access/caller.ts';
import { terminalOf } from '../../route/caller.ts';

/** What a terminal says of itself, and where it is read. */
export function terminalReportRoutes(init: {
  reports: MachineReports;
  terminals: Pick<TerminalStore, 'getWithin'>;
}): AnyRoute[] {
  const { reports, terminals } = init;
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/diagnostics',
      summary:
        'How the terminal is, sent because staff there asked for it; its number is read out to whoever helps',
      tag: 'terminal',
      auth: 'terminal',
      perMinute: 10,
      status: 201,
      body: diagnostics,
      response: reportSent,
      handler: async ({ principal, body }) => ({
        reportNo: await reports.add(terminalOf(principal).terminalId, body),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/admin/terminals/:id/reports',
      summary: "A terminal's newest reports of the last thirty days",
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:read',
      scope: 'own',
      params: terminalIdParam,
      response: terminalReports,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        if ((await terminals.getWithin(params.id, adminOf(principal).scope)) === null) {
          throw new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
        }
        const found = await reports.of(params.id);
        return {
          reports: found.map(({ _id, at, report }) => ({ reportNo: _id, at: at.toISOString(), report })),
        };
      },
    }),
  ];
}
