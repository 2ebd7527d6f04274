import {
  addPasskeyRequest,
  passkeyAdded,
  passkeyIdParam,
  passkeyList,
  passkeyOptions,
  renamePasskeyRequest,
  type PasskeyView,
} from '@bianmin/purchase/api/passkeys';
import type { AuditTrail } from './audit.ts';
import type { Passkeys } from './passkeys.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Sessions } from './sessions.ts';
import type { Passkey } from './store/passkeys.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, recordFor } from './caller.ts';

export interface PasskeyServices {
  readonly passkeys: Passkeys;
  readonly factor: SecondFactor;
  readonly sessions: Pick<Sessions, 'hasFactor'>;
  readonly audit: AuditTrail;
}

const own = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
const one = { ...own, params: passkeyIdParam, problems: ['request.not-found'] } as const;

/** One's own passkeys; what one signs is given to `POST /v1/admin/me/confirm`. */
export function passkeyRoutes(services: PasskeyServices): AnyRoute[] {
  return [...askRoutes(services), addRoute(services), ...keepRoutes(services)];
}

/** What the browser is asked for. */
function askRoutes({ passkeys }: PasskeyServices): AnyRoute[] {
  return [
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/me/passkeys/options',
      summary: 'What a browser makes a passkey by; good for this login, once, five minutes',
      stepUp: 'factors',
      during: ['totp-setup'],
      perMinute: 30,
      response: passkeyOptions,
      problems: ['passkey.not-offered', 'passkey.too-many'],
      handler: ({ principal }) => passkeys.begin(adminOf(principal)),
    }),
    defineRoute({
      ...own,
      method: 'post',
      path: '/v1/admin/me/passkeys/challenge',
      summary:
        'What a passkey signs to confirm, or to end a login’s wait; good for this login, once, five minutes',
      during: ['totp'],
      perMinute: 60,
      response: passkeyOptions,
      problems: ['passkey.not-offered'],
      handler: ({ principal }) => passkeys.ask(adminOf(principal)),
    }),
  ];
}

function addRoute({ passkeys, factor, sessions, audit }: PasskeyServices): AnyRoute {
  return defineRoute({
    ...own,
    method: 'post',
    path: '/v1/admin/me/passkeys',
    summary: 'Keeps a passkey that was made; shows recovery codes, this once, where there are none',
    stepUp: 'factors',
    during: ['totp-setup'],
    perMinute: 30,
    status: 201,
    body: addPasskeyRequest,
    response: passkeyAdded,
    problems: ['auth.passkey', 'passkey.not-offered'],
    handler: async (input) => {
      const admin = adminOf(input.principal);
      const { name, credential } = input.body;
      const data = { id: credential.id.slice(0, 16) };
      await recordFor(audit, input, { action: 'user.passkey-add', target: admin.userId, data });
      const passkey = await passkeys.add(admin, name, credential);
      await sessions.hasFactor(admin);
      return { passkey: viewOf(passkey), codes: await factor.codesFor(admin.userId) };
    },
  });
}

/** Those that there are. */
function keepRoutes({ passkeys, factor, audit }: PasskeyServices): AnyRoute[] {
  return [
    defineRoute({
      ...own,
      method: 'get',
      path: '/v1/admin/me/passkeys',
      summary: 'One’s own passkeys, the oldest first',
      response: passkeyList,
      handler: async ({ principal }) => ({
        passkeys: (await passkeys.list(adminOf(principal).userId)).map(viewOf),
      }),
    }),
    defineRoute({
      ...one,
      method: 'post',
      path: '/v1/admin/me/passkeys/:id/name',
      summary: 'Names one of one’s own passkeys',
      body: renamePasskeyRequest,
      handler: async ({ principal, params, body }) => {
        await passkeys.rename(adminOf(principal).userId, params.id, body.name);
        return undefined;
      },
    }),
    defineRoute({
      ...one,
      method: 'delete',
      path: '/v1/admin/me/passkeys/:id',
      summary: 'Removes one of one’s own passkeys',
      stepUp: 'factors',
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        const data = { id: input.params.id.slice(0, 16) };
        await recordFor(audit, input, { action: 'user.passkey-remove', target: userId, data });
        await passkeys.remove(userId, input.params.id);
        await factor.forgetIdleCodes(userId);
        return undefined;
      },
    }),
  ];
}

function viewOf({ _id, name, createdAt, lastUsedAt }: Passkey): PasskeyView {
  return {
    ...{ id: _id, name, createdAt: createdAt.toISOString() },
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
