import { Readable } from 'node:stream';
import type { Clock } from '@bianmin/card/clock';
import { auditFileQuery } from '@bianmin/purchase/api/audit';
import { conditionsOf } from '../../access/audit-search.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { recordFor } from '../../access/caller.ts';
import type { AuditStore } from '../../access/store/audit.ts';
import type { UserStore } from '../../access/store/users.ts';
import { chinaClock } from '../../kernel/china-time.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { auditCsv } from './audit-csv.ts';

/** The audit trail as a file. */
export function adminAuditFileRoutes(init: {
  audit: AuditTrail;
  auditStore: Pick<AuditStore, 'stream'>;
  users: Pick<UserStore, 'byName'>;
  clock: Clock;
}): AnyRoute[] {
  const { audit, auditStore: store, users, clock } = init;
  return [
    defineRoute({
      method: 'get',
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      permission: 'audit:read',
      path: '/v1/admin/audit/file',
      summary: 'The same as CSV, all of them; who takes it away stands in the trail',
      query: auditFileQuery,
      produces: 'text/csv; charset=utf-8',
      handler: async (input) => {
        const { ctx, query } = input;
        await recordFor(audit, input, { action: 'audit.export', target: 'audit', data: { ...query } });
        // Without the entry that says so: what is searched for ends now.
        const now = new Date(clock.now());
        const conditions = await conditionsOf(query, users);
        const to = conditions.to !== undefined && conditions.to < now ? conditions.to : now;
        ctx.attachment(`audit-${chinaClock(now).replace(/\D/gu, '')}.csv`);
        ctx.type = 'text/csv; charset=utf-8';
        ctx.body = Readable.from(auditCsv(store.stream({ ...conditions, to })), { objectMode: false });
        return undefined;
      },
    }),
  ];
}
