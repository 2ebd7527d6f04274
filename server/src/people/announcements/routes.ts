import {
  announcementList,
  announcementParam,
  announcementView,
  changeAnnouncement,
  createAnnouncement,
  terminalAnnouncements,
} from '@bianmin/purchase/api/announcements';
import { viewOf, type Announcements } from './announcements.ts';
import { versionSeen } from '../../route/precondition.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { terminalOf } from '../../route/caller.ts';

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
const manage = { ...admin, permission: 'announcement:manage' } as const;

/** Announcements: written by staff for their region, read by terminals that wait. */
export function announcementRoutes(announcements: Announcements): AnyRoute[] {
  return [
    ...readingRoutes(announcements),
    ...writingRoutes(announcements),
    defineRoute({
      method: 'get',
      path: '/v1/terminal/announcements',
      summary: 'What the terminal shows while it waits: of its region, for its kind, now',
      tag: 'terminal',
      auth: 'terminal',
      response: terminalAnnouncements,
      handler: async ({ principal }) => {
        const { device, orgPath } = terminalOf(principal);
        const shown = await announcements.shownAt(device, orgPath);
        return {
          announcements: shown.map(({ _id, texts, to }) => ({ id: _id, texts, to: to.toISOString() })),
        };
      },
    }),
  ];
}

function readingRoutes(announcements: Announcements): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/announcements',
      summary: "Announcements of the caller's region, those that begin last first",
      permission: 'announcement:read',
      response: announcementList,
      handler: async ({ principal }) => ({
        announcements: (await announcements.list(adminOf(principal))).map(viewOf),
      }),
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/announcements/:id',
      summary: 'One announcement',
      permission: 'announcement:read',
      params: announcementParam,
      response: announcementView,
      etag: true,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) =>
        viewOf(await announcements.get(params.id, adminOf(principal))),
    }),
  ];
}

function writingRoutes(announcements: Announcements): AnyRoute[] {
  return [
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/announcements',
      summary: 'Announces something at the terminals of an organisation and below it, for a time',
      body: createAnnouncement,
      status: 201,
      response: announcementView,
      etag: true,
      problems: ['announcement.out-of-region', 'order.idempotency-mismatch'],
      handler: async (input) =>
        viewOf(await announcements.create(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...manage,
      method: 'put',
      path: '/v1/admin/announcements/:id',
      summary: 'Puts other words, another region or another time in the place of what was seen',
      params: announcementParam,
      body: changeAnnouncement,
      response: announcementView,
      etag: true,
      ifMatch: true,
      problems: ['request.not-found', 'announcement.out-of-region'],
      handler: async (input) => {
        const change = { ...input.body, version: versionSeen(input) };
        const by = adminOf(input.principal);
        return viewOf(await announcements.change(input.params.id, change, by, whereOf(input)));
      },
    }),
    defineRoute({
      ...manage,
      method: 'delete',
      path: '/v1/admin/announcements/:id',
      summary: 'Takes an announcement away',
      params: announcementParam,
      ifMatch: true,
      status: 204,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { id } = input.params;
        await announcements.remove(id, versionSeen(input), adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
  ];
}
