import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '@bianmin/card/clock';
import {
  dashboardQuery,
  statisticsDashboard,
  statisticsQuery,
  statisticsSeries,
  statisticsState,
} from '@bianmin/purchase/api/statistics';
import type { AuditTrail } from '../../access/audit.ts';
import { markOf } from './marks.ts';
import type { RollupStore } from './rollup-store.ts';
import type { Statistics } from './statistics.ts';
import type { MarkStore } from '../../orders/store/marks.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, recordFor } from '../../access/caller.ts';

export interface AdminStatisticsServices {
  readonly statistics: Statistics;
  readonly rollups: RollupStore;
  readonly marks: MarkStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** What is counted of orders, within the caller's scope. */
export function adminStatisticsRoutes(services: AdminStatisticsServices): AnyRoute[] {
  return [...readingRoutes(services), ...keepingRoutes(services)];
}

function readingRoutes({ statistics }: AdminStatisticsServices): AnyRoute[] {
  const read = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'statistics:read' } as const;
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/statistics/dashboard',
      summary:
        'Today beside yesterday and a week ago, the last thirty days, and what waits; with an ETag to ask again by',
      query: dashboardQuery,
      response: statisticsDashboard.optional(),
      also: { 304: 'It is what the caller has by its ETag.' },
      problems: ['request.not-found'],
      handler: async ({ query, principal, ctx }) => {
        const dashboard = await statistics.dashboard(adminOf(principal).scope, query.org);
        return unchanged(ctx, dashboard) ? undefined : dashboard;
      },
    }),
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/statistics/series',
      summary:
        'A year by months, a month by days or a day by hours, beside the one before, and by one dimension',
      query: statisticsQuery,
      response: statisticsSeries,
      problems: ['request.not-found'],
      handler: ({ query, principal }) => statistics.series(adminOf(principal).scope, query),
    }),
  ];
}

/** How far the rollups have come, and having them made or checked anew. */
function keepingRoutes(services: AdminStatisticsServices): AnyRoute[] {
  const { rollups, audit, clock } = services;
  const keep = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'statistics:keep' } as const;
  return [
    defineRoute({
      ...keep,
      method: 'get',
      path: '/v1/admin/statistics/state',
      summary: 'Up to when orders are counted, and what the last check found',
      response: statisticsState,
      handler: () => stateOf(services),
    }),
    defineRoute({
      ...keep,
      method: 'post',
      path: '/v1/admin/statistics/rebuild',
      summary: 'Has all rollups made anew from the orders, by the worker',
      status: 202,
      response: statisticsState,
      handler: async (input) => {
        await recordFor(audit, input, { action: 'statistics.rebuild', target: 'rollups' });
        await rollups.askRebuild(new Date(clock.now()));
        return stateOf(services);
      },
    }),
    defineRoute({
      ...keep,
      method: 'post',
      path: '/v1/admin/statistics/check',
      summary: 'Has all rollups held beside the orders, by the worker',
      status: 202,
      response: statisticsState,
      handler: async (input) => {
        await recordFor(audit, input, { action: 'statistics.check', target: 'rollups' });
        await rollups.askCheck(new Date(clock.now()));
        return stateOf(services);
      },
    }),
  ];
}

/** A caller that has it already is told so: a wall's screen asks every few seconds. */
function unchanged(ctx: Context, body: unknown): boolean {
  const tag = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);
  ctx.set({ ETag: `"${tag}"`, 'Cache-Control': 'private, no-cache' });
  // Koa says whether it is fresh for an answer that went well only.
  ctx.status = 200;
  if (!ctx.fresh) return false;
  ctx.status = 304;
  return true;
}

async function stateOf({ rollups, marks }: AdminStatisticsServices) {
  const { current, rebuiltAt, rebuildAskedAt, checkAskedAt, check } = await rollups.state();
  const { at } = await marks.get(markOf(current));
  return {
    countedTo: at.toISOString(),
    rebuiltAt: rebuiltAt?.toISOString() ?? null,
    rebuildAskedAt: rebuildAskedAt?.toISOString() ?? null,
    checkAskedAt: checkAskedAt?.toISOString() ?? null,
    check:
      check === undefined
        ? null
        : {
            ...check,
            at: check.at.toISOString(),
            differences: check.differences.map((each) => ({ ...each })),
          },
  };
}
