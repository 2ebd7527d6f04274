import { adminKeys } from '@bianmin/purchase/api/admin-keys';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { KeyStatus } from './key-status.ts';

/** For who watches over the province's keys; nothing here changes one. */
export function adminKeyRoutes({ status }: { status: Pick<KeyStatus, 'now'> }): AnyRoute[] {
  return [
    defineRoute({
      tag: 'admin',
      auth: 'admin',
      scope: 'province',
      method: 'get',
      path: '/v1/admin/keys',
      summary:
        'What keys there are, how old they are, and how far a change of the data key has come; never a key',
      permission: 'audit:read',
      response: adminKeys,
      handler: () => status.now(),
    }),
  ];
}
