import { Readable } from 'node:stream';
import {
  exportList,
  exportParam,
  exportRequest,
  exportView,
  type ExportView,
} from '@bianmin/purchase/api/exports';
import { chinaClock } from '../../kernel/china-time.ts';
import type { Export } from './export.ts';
import type { Exports } from './exports.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

const own = { tag: 'admin', auth: 'admin', permission: 'order:export', scope: 'own' } as const;

/** Orders as files, written in the background. */
export function adminExportRoutes(files: Exports): AnyRoute[] {
  return [...requestRoutes(files), fileRoute(files)];
}

function requestRoutes(files: Exports): AnyRoute[] {
  return [
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/exports',
      summary: "The caller's own exports with how far each is, newest first",
      response: exportList,
      handler: async ({ principal }) => ({
        exports: (await files.list(adminOf(principal).userId)).map(viewOf),
      }),
    }),
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/exports',
      summary: 'Asks for the orders of a search as a file; personal data in it is masked',
      body: exportRequest,
      status: 202,
      response: exportView,
      problems: ['export.too-many', 'order.idempotency-mismatch'],
      handler: async (input) =>
        viewOf(await files.request(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/exports/:id',
      summary: 'How far an export is',
      params: exportParam,
      response: exportView,
      problems: ['request.not-found'],
      handler: async ({ principal, params }) => viewOf(await files.get(params.id, adminOf(principal).userId)),
    }),
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/exports/:id/cancel',
      summary: 'Stops an export; one that is over stays as it is',
      params: exportParam,
      response: exportView,
      problems: ['request.not-found'],
      handler: async (input) =>
        viewOf(await files.cancel(input.params.id, adminOf(input.principal), whereOf(input))),
    }),
  ];
}

function fileRoute(files: Exports): AnyRoute {
  return defineRoute({
    ...own,
    method: 'get',
    path: '/v1/admin/exports/:id/file',
    summary: 'The file, until it expires and for its owner alone',
    params: exportParam,
    produces: Object.values(TYPES),
    problems: ['request.not-found', 'export.not-ready'],
    handler: async (input) => {
      const { ctx, params } = input;
      const { of, file } = await files.fetch(params.id, adminOf(input.principal), whereOf(input));
      ctx.attachment(nameOf(of));
      ctx.type = TYPES[of.request.format];
      ctx.length = of.bytes;
      ctx.body = Readable.from(file, { objectMode: false });
      return undefined;
    },
  });
}

function viewOf(of: Export): ExportView {
  return {
    id: of._id,
    format: of.request.format,
    status: of.status,
    rows: of.rows,
    progress: progressOf(of),
    bytes: of.bytes,
    name: nameOf(of),
    createdAt: of.createdAt.toISOString(),
    endedAt: of.endedAt?.toISOString() ?? null,
    expiresAt: of.expiresAt?.toISOString() ?? null,
    failure: of.failure ?? null,
  };
}

/** Orders are gone through from the newest to the oldest: how much of the time between is behind. */
function progressOf({ status, request, reached, createdAt }: Export): number | null {
  if (status === 'done') return 100;
  const { from, to } = request.search;
  if (from === undefined) return null;
  if (reached === undefined) return 0;
  const newest = to === undefined ? createdAt.getTime() : Math.min(Date.parse(to), createdAt.getTime());
  const part = (newest - reached.getTime()) / Math.max(1, newest - Date.parse(from));
  return Math.min(99, Math.max(0, Math.floor(part * 100)));
}

function nameOf({ createdAt, request }: Export): string {
  return `orders-${chinaClock(createdAt).replace(/\D/gu, '')}.${request.format}`;
}
