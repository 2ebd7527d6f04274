import { auditPage, auditQuery, auditVerification } from '@bianmin/shared/api/admin';
import type { AuditTrail } from '../../access/audit.ts';
import type { AuditStore } from '../../store/audit.ts';
import { defineRoute, type AnyRoute } from '../route.ts';

/** Reading the audit trail; nothing can be done to it. */
export function adminAuditRoutes(services: { audit: AuditTrail; store: AuditStore }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/admin/audit',
      summary: 'Entries of the audit trail, newest first',
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      permission: 'audit:read',
      query: auditQuery,
      response: auditPage,
      handler: async ({ query }) => {
        const { before, ...rest } = query;
        const entries = await services.store.find({ ...rest, before: before ? new Date(before) : undefined });
        return {
          entries: entries.map(({ _id, at, who, action, target, where, data, digest }) => ({
            id: _id,
            at: at.toISOString(),
            who,
            action,
            target,
            where,
            data: { ...data },
            digest,
          })),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/admin/audit/verification',
      summary: 'Reads every chain of the audit trail and names each fault',
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      permission: 'audit:read',
      response: auditVerification,
      handler: () => services.audit.verify(),
    }),
  ];
}
