import { setPinRequest, setPinResponse } from '@bianmin/purchase/api/float';
import type { AuditTrail } from '../../access/audit.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { StaffPins } from './pins.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, recordFor, whereOf } from '../../access/caller.ts';

export interface PinServices {
  readonly pins: StaffPins;
  readonly sessions: Pick<Sessions, 'checkOwnPassword'>;
  readonly audit: AuditTrail;
}

/** The PIN by which a user takes cash at a counter. */
export function pinRoute({ pins, sessions, audit }: PinServices): AnyRoute {
  return defineRoute({
    tag: 'admin',
    auth: 'admin',
    method: 'post',
    scope: 'own',
    path: '/v1/admin/me/pin',
    summary: "Sets one's own PIN for taking cash at a counter; says which number goes with it",
    permission: 'float:use',
    perMinute: 30,
    body: setPinRequest,
    response: setPinResponse,
    problems: ['auth.bad-credentials', 'auth.locked'],
    handler: async (input) => {
      const admin = adminOf(input.principal);
      const { userId } = admin;
      await sessions.checkOwnPassword(admin, input.body.password, whereOf(input));
      await recordFor(audit, input, { action: 'float.set-pin', target: userId });
      return { staffNumber: await pins.set(userId, input.body.pin) };
    },
  });
}
