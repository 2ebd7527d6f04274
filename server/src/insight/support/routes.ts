import { SUPPORT_MEDIA_TYPE } from '@bianmin/purchase/api/support';
import { packSupport } from '@bianmin/purchase/node/support/archive';
import type { AuditTrail } from '../../access/audit.ts';
import { recordFor } from '../../access/caller.ts';
import type { Deps } from '../../config/deps.ts';
import { answerWithArchive, archiveFile } from '../../route/archive-file.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { collectServerSupport } from './server-support.ts';

/** For who watches over the province's servers; nothing here changes anything. */
export function adminSupportRoutes(init: {
  readonly audit: AuditTrail;
  readonly deps: Pick<Deps, 'config' | 'clock' | 'db' | 'redis' | 'marks' | 'lines'>;
}): AnyRoute[] {
  const { audit, deps } = init;
  return [
    defineRoute({
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      permission: 'audit:read',
      perMinute: 6,
      method: 'get',
      path: '/v1/admin/support',
      summary: 'The support archive of this server, made now; no secret is in it',
      produces: SUPPORT_MEDIA_TYPE,
      also: { 304: 'It is what the caller has already' },
      handler: async (input) => {
        await recordFor(audit, input, { action: 'support.fetch', target: 'server' });
        const { config, clock, db, redis, marks, lines } = deps;
        const parts = await collectServerSupport({
          ...{ config, clock, db, redis, marks, logs: lines === undefined ? [] : [lines()] },
        });
        answerWithArchive(input.ctx, archiveFile(packSupport(parts), parts));
        return undefined;
      },
    }),
  ];
}
