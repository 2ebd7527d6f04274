import {
  acknowledgeAlert,
  alertPage,
  alertParam,
  alertQuery,
  alertView,
  alertWithNotices,
  createSilence,
  silenceList,
  silenceView,
} from '@bianmin/purchase/api/alerts';
import type { AlertDesk } from './desk.ts';
import type { Silences } from './silences.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const read = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'alert:read' } as const;
const work = { ...read, permission: 'alert:work' } as const;

/** Alerts as staff see them, and what holds them back. */
export function adminAlertRoutes({ desk, silences }: { desk: AlertDesk; silences: Silences }): AnyRoute[] {
  return [...alertRoutes(desk), ...silenceRoutes(silences)];
}

function alertRoutes(desk: AlertDesk): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/alerts',
      summary: "Alerts within the caller's scope: those that are open, or the history, newest first",
      query: alertQuery,
      response: alertPage,
      handler: ({ query, principal }) => desk.list(query, adminOf(principal)),
    }),
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/alerts/:id',
      summary: 'One alert, and who was told of it',
      params: alertParam,
      response: alertWithNotices,
      problems: ['request.not-found'],
      handler: ({ params, principal }) => desk.get(params.id, adminOf(principal)),
    }),
    defineRoute({
      ...work,
      method: 'post',
      path: '/v1/admin/alerts/:id/acknowledge',
      summary: 'Answers for an alert: nobody is told again unless it grows worse',
      params: alertParam,
      body: acknowledgeAlert,
      response: alertView,
      problems: ['request.not-found'],
      handler: (input) =>
        desk.acknowledge(input.params.id, input.body.note, adminOf(input.principal), whereOf(input)),
    }),
  ];
}

function silenceRoutes(silences: Silences): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/alert-silences',
      summary: "Silences of the caller's scope that hold now",
      response: silenceList,
      handler: async ({ principal }) => ({ silences: await silences.list(adminOf(principal)) }),
    }),
    defineRoute({
      ...work,
      method: 'post',
      path: '/v1/admin/alert-silences',
      summary: "Holds alerts back for a time, within the caller's scope",
      body: createSilence,
      status: 201,
      response: silenceView,
      problems: ['order.idempotency-mismatch'],
      handler: (input) => silences.create(input.body, adminOf(input.principal), whereOf(input)),
    }),
    defineRoute({
      ...work,
      method: 'delete',
      path: '/v1/admin/alert-silences/:id',
      summary: 'Ends a silence now',
      params: alertParam,
      status: 204,
      problems: ['request.not-found'],
      handler: async (input) => {
        await silences.end(input.params.id, adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
  ];
}
