import { payerSession } from '@bianmin/purchase/api/payer';
import type { Bindings } from './bindings.ts';
import type { PayerSessions } from './sessions.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { whereOf } from '../../access/caller.ts';
import { payerOf } from '../../route/caller.ts';

export interface PhoneSessionServices {
  readonly sessions: PayerSessions;
  readonly bindings: Pick<Bindings, 'removeAll'>;
}

/** A phone becomes known, and is forgotten with every household of it. */
export function phoneSessionRoutes({ sessions, bindings }: PhoneSessionServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/payer/session',
      summary: 'Begins, or goes on with, a phone’s session; the answer sets its cookie',
      tag: 'payer',
      auth: 'none',
      perMinute: 60,
      response: payerSession,
      problems: ['auth.forbidden'],
      handler: async ({ ctx }) => ({ expiresAt: (await sessions.begin(ctx)).expiresAt.toISOString() }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/payer/session',
      summary: 'Forgets the phone and every household of it',
      tag: 'payer',
      auth: 'payer',
      handler: async (input) => {
        await bindings.removeAll(payerOf(input.principal).payerId, whereOf(input));
        await sessions.end(input.ctx);
        return undefined;
      },
    }),
  ];
}
