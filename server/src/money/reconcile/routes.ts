import {
  dayParam,
  reconciledDayDetail,
  reconciliationCalendar,
  reconciliationQuery,
  runRequest,
  runResponse,
  settlementRequest,
  type ReconciledDayView,
} from '@bianmin/purchase/api/books';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { caseParam } from '@bianmin/purchase/api/staff';
import type { AuditTrail } from '../../access/audit.ts';
import { daysBetween, daysOfMonth } from '../../kernel/china-time.ts';
import type { DayStore, ReconciledDay } from './day-store.ts';
import { ReconcileError } from './error.ts';
import type { Settlements } from './settlements.ts';
import type { Reconciler } from './reconciler.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, recordFor, whereOf } from '../../access/caller.ts';

export interface AdminReconciliationServices {
  readonly books: { readonly days: DayStore; readonly reconciler: Reconciler };
  readonly settlements: Settlements;
  readonly audit: AuditTrail;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'province' } as const;

/** Days compared three ways, and what becomes of their differences. */
export function adminReconciliationRoutes(services: AdminReconciliationServices): AnyRoute[] {
  return [...readingRoutes(services), runRoute(services), settlementRoute(services)];
}

function readingRoutes({ books }: AdminReconciliationServices): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/reconciliation',
      summary: 'A month of days with the state of each',
      permission: 'reconcile:read',
      query: reconciliationQuery,
      response: reconciliationCalendar,
      handler: async ({ query }) => {
        const { first, last } = daysOfMonth(query.month);
        const known = new Map((await books.days.list(first, last)).map((day) => [day._id, day]));
        return { days: daysBetween(first, last).map((day) => dayView(day, known.get(day))) };
      },
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/reconciliation/:day',
      summary: 'One day: its bills, totals, cases, and its accounts beside the bills',
      permission: 'reconcile:read',
      params: dayParam,
      response: reconciledDayDetail,
      handler: async ({ params }) => {
        const day = await books.days.get(params.day);
        const sources = day?.sources ?? [];
        return {
          ...dayView(params.day, day ?? undefined),
          sources: sources.map(({ source, sha256, totals }) => ({ source, sha256, totals: { ...totals } })),
          caseIds: [...(day?.caseIds ?? [])],
          accounts: (day?.accounts ?? []).map((account) => ({ ...account })),
          history: (day?.history ?? []).map((run) => ({
            ...run,
            at: run.at.toISOString(),
            why: run.why ?? null,
            sources: [...run.sources],
            notCompared: [...(run.notCompared ?? [])],
          })),
        };
      },
    }),
  ];
}

function runRoute({ books, audit }: AdminReconciliationServices): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'post',
    path: '/v1/admin/reconciliation/runs',
    summary: 'Runs days now, or again; what people have worked on stays as it is',
    permission: 'reconcile:run',
    body: runRequest,
    response: runResponse,
    problems: [
      'reconcile.day-open',
      'reconcile.not-ready',
      'reconcile.bill-unsound',
      'reconcile.too-many',
      'reconcile.running',
    ],
    handler: async (input) => {
      const { userId } = adminOf(input.principal);
      const { first, last } = input.body;
      const target = `${first}..${last}`;
      await recordFor(audit, input, { action: 'reconciliation.run', target });
      const counts: Record<string, number> = {};
      try {
        for (const { kind } of await books.reconciler.run({ first, last, by: userId })) {
          counts[kind] = (counts[kind] ?? 0) + 1;
        }
      } catch (error) {
        if (!(error instanceof ReconcileError)) throw error;
        throw new ProblemError({ code: error.code, message: error.message, cause: error });
      }
      const ran = await books.days.list(first, last);
      return { counts, notCompared: [...new Set(ran.flatMap((day) => day.notCompared ?? []))] };
    },
  });
}

function settlementRoute({ settlements }: AdminReconciliationServices): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'post',
    path: '/v1/admin/cases/:id/settlement',
    stepUp: true,
    idempotent: true,
    summary: 'Asks for a reconciliation’s difference to be settled; a second person allows it',
    permission: 'case:work',
    status: 202,
    params: caseParam,
    body: settlementRequest,
    response: adminApproval,
    problems: ['request.not-found', 'case.resolved'],
    handler: async (input) =>
      approvalView(
        await settlements.request({
          caseId: input.params.id,
          ...input.body,
          maker: adminOf(input.principal),
          where: whereOf(input),
        }),
      ),
  });
}

function dayView(day: string, known: ReconciledDay | undefined): ReconciledDayView {
  return {
    day,
    state: known?.state ?? 'none',
    why: known?.why ?? null,
    stale: known?.stale ?? false,
    notCompared: [...(known?.notCompared ?? [])],
    counts: { ...known?.counts },
    held: known?.carried.length ?? 0,
  };
}
