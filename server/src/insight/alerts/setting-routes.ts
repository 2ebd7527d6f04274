import { changeLimits } from '@bianmin/purchase/api/alert-limits';
import { alertLimits, alertParam } from '@bianmin/purchase/api/alerts';
import {
  changeDestination,
  createDestination,
  destinationList,
  destinationTest,
  destinationView,
} from '@bianmin/purchase/api/alert-destinations';
import type { Destinations } from './destinations.ts';
import type { LimitDesk } from './limit-desk.ts';
import { versionSeen } from '../../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

/** Who is told of alerts, and from when on something is one. */
export function adminAlertSettingRoutes({
  destinations,
  limits,
}: {
  destinations: Destinations;
  limits: LimitDesk;
}): AnyRoute[] {
  const manage = { tag: 'admin', auth: 'admin', permission: 'alert:manage' } as const;
  return [
    ...destinationRoutes(destinations),
    defineRoute({
      ...manage,
      scope: 'province',
      method: 'get',
      path: '/v1/admin/alert-limits',
      summary: 'From when on something is an alert: what holds, the defaults and their bounds',
      response: alertLimits,
      etag: true,
      handler: () => limits.get(),
    }),
    defineRoute({
      ...manage,
      scope: 'province',
      method: 'put',
      path: '/v1/admin/alert-limits',
      summary: 'Chooses other limits; those that are not named stay',
      body: changeLimits,
      response: alertLimits,
      etag: true,
      ifMatch: true,
      handler: (input) =>
        limits.change(
          { ...input.body, version: versionSeen(input) },
          adminOf(input.principal),
          whereOf(input),
        ),
    }),
  ];
}

const own = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'alert:manage' } as const;

function destinationRoutes(destinations: Destinations): AnyRoute[] {
  return [...destinationReadingRoutes(destinations), ...destinationEditRoutes(destinations)];
}

function destinationReadingRoutes(destinations: Destinations): AnyRoute[] {
  return [
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/alert-destinations',
      summary:
        "Groups and mailboxes of the caller's scope that are told of alerts; never how they are reached",
      response: destinationList,
      handler: async ({ principal }) => ({ destinations: await destinations.list(adminOf(principal)) }),
    }),
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/alert-destinations/:id',
      summary: 'One destination',
      params: alertParam,
      response: destinationView,
      etag: true,
      problems: ['request.not-found'],
      handler: ({ params, principal }) => destinations.get(params.id, adminOf(principal)),
    }),
  ];
}

function destinationEditRoutes(destinations: Destinations): AnyRoute[] {
  return [
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/alert-destinations',
      summary: 'A further destination; how it is reached is sealed and never shown again',
      body: createDestination,
      status: 201,
      response: destinationView,
      etag: true,
      problems: ['request.not-found', 'order.idempotency-mismatch'],
      handler: (input) => destinations.create(input.body, adminOf(input.principal), whereOf(input)),
    }),
    defineRoute({
      ...own,
      method: 'put',
      path: '/v1/admin/alert-destinations/:id',
      summary: 'Changes a destination; without a target it is reached as before',
      params: alertParam,
      body: changeDestination,
      response: destinationView,
      etag: true,
      ifMatch: true,
      problems: ['request.not-found'],
      handler: (input) =>
        destinations.change(
          input.params.id,
          { ...input.body, version: versionSeen(input) },
          adminOf(input.principal),
          whereOf(input),
        ),
    }),
    defineRoute({
      ...own,
      method: 'delete',
      path: '/v1/admin/alert-destinations/:id',
      summary: 'Takes a destination away',
      params: alertParam,
      ifMatch: true,
      status: 204,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { id } = input.params;
        await destinations.remove(id, versionSeen(input), adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/alert-destinations/:id/test',
      summary: 'Sends a test message now and says what became of it',
      params: alertParam,
      response: destinationTest,
      problems: ['request.not-found'],
      handler: (input) => destinations.test(input.params.id, adminOf(input.principal), whereOf(input)),
    }),
  ];
}
