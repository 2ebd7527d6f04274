import {
  adminConsents,
  adminConsentsQuery,
  consentParam,
  consentRevocation,
} from '@bianmin/purchase/api/consent';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { ConsentOffice } from './office.ts';

const admin = { tag: 'admin', auth: 'admin' } as const;
const revocation = {
  ...admin,
  method: 'post',
  status: 204,
  params: consentParam,
  body: consentRevocation,
  problems: ['consent.none'],
} as const;

/** Consents at the console: for the people of their communities, and for those who look after residents. */
export function adminConsentRoutes(office: ConsentOffice): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/consents',
      summary: "Consents of the scope's households that cannot come, masked, newest first; by a form too",
      permission: 'float:use',
      scope: 'own',
      query: adminConsentsQuery,
      response: adminConsents,
      handler: ({ principal, query }) => office.list(adminOf(principal).scope, query.form),
    }),
    defineRoute({
      ...revocation,
      path: '/v1/admin/consents/:id/revoke',
      summary: "Ends a consent of the scope's; orders under way go on. May be repeated",
      permission: 'float:use',
      scope: 'own',
      handler: async (input) => {
        const of = { ...input.params, ...input.body };
        await office.revoke(of, adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
    defineRoute({
      ...revocation,
      path: '/v1/admin/residents/consents/:id/revoke',
      summary: 'The same, for who looked a household up; orders under way go on. May be repeated',
      permission: 'resident:manage',
      scope: 'province',
      handler: async (input) => {
        const of = { ...input.params, ...input.body };
        await office.revoke(of, adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
  ];
}
