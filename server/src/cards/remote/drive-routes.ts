import {
  adminCardSession,
  cardSessionIdParam,
  openCardSessionRequest,
  putStepRequest,
  type AdminCardSession,
  type CardSessionKind,
} from '@bianmin/purchase/api/card-session';
import type { AuditTrail } from '../../access/audit.ts';
import { adminOf, recordFor } from '../../access/caller.ts';
import type { TerminalStore } from '../../fleet/store/terminals.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Principal } from '../../kernel/principal.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { labelOf } from './asked.ts';
import { noSession, notYours } from './problems.ts';
import type { RemoteSession } from './session.ts';
import type { RemoteSessions } from './sessions.ts';
import type { RemoteSteps } from './steps.ts';

/** What a kind needs besides `card:remote`: the right to do the same at a counter. */
const ALSO: Readonly<Record<CardSessionKind, Permission | undefined>> = {
  inspect: undefined,
  rewrite: 'card:rewrite',
  replace: 'card:replace',
  undo: 'order:reverse',
};

/** What may stand against taking a sale off its card. */
const TAKING_OFF = [
  'reversal.not-sold',
  'reversal.credited',
  'reversal.other-card',
  'reversal.counters-differ',
  'reversal.card-inserted',
  'reversal.day-over',
] as const;

const admin = { tag: 'admin', auth: 'admin', permission: 'card:remote', scope: 'own' } as const;

export interface DriveServices {
  readonly sessions: RemoteSessions;
  readonly steps: RemoteSteps;
  readonly terminals: Pick<TerminalStore, 'get'>;
  readonly audit: AuditTrail;
}

/** A session as its caller may see it. */
export type View = (session: RemoteSession, principal: Principal) => Promise<AdminCardSession>;

/** A session is asked for, and driven step by step. */
export function driveRoutes(services: DriveServices, view: View): AnyRoute[] {
  return [openRoute(services, view), stepRoute(services, view)];
}

function openRoute({ sessions, audit }: DriveServices, view: View): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'post',
    path: '/v1/admin/card-sessions',
    summary: 'Asks the person at a terminal to let a card be driven from here',
    status: 201,
    body: openCardSessionRequest,
    response: adminCardSession,
    problems: [
      ...(['card-session.busy', 'card-session.not-permitted', 'order.not-found', 'order.not-sold'] as const),
      ...TAKING_OFF,
    ],
    handler: async (input) => {
      const { userId, name, permissions, scope } = adminOf(input.principal);
      const { kind, terminalId, reason, orderNo, requestNo } = input.body;
      const also = ALSO[kind];
      if (also !== undefined && !permissions.has(also)) {
        throw new ProblemError({
          code: 'auth.forbidden',
          message: `This needs the permission ${also}. Ask an administrator for it.`,
        });
      }
      await recordFor(audit, input, {
        action: 'card-session.open',
        target: terminalId,
        data: { kind, reason, subject: orderNo ?? requestNo ?? null },
      });
      return view(
        await sessions.open(input.body, { kind: 'staff', id: userId, name }, scope),
        input.principal,
      );
    },
  });
}

function stepRoute({ sessions, steps, terminals, audit }: DriveServices, view: View): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'post',
    path: '/v1/admin/card-sessions/:id/steps',
    summary: 'Puts the next step; the same number with the same step changes nothing',
    params: cardSessionIdParam,
    body: putStepRequest,
    response: adminCardSession,
    problems: [
      'request.not-found',
      'card-session.not-yours',
      'card-session.closed',
      'card-session.out-of-order',
      'card-session.not-permitted',
      'order.not-sold',
      'order.closed',
      'order.leased-elsewhere',
      'order.already-written',
      'replacement.not-open',
      'replacement.other-card',
      'card.changed',
      'card.key-refused',
      'grid.key-refused',
      ...TAKING_OFF,
      'grid.refused',
      'grid.unavailable',
    ],
    handler: async (input) => {
      const { userId, scope } = adminOf(input.principal);
      const { id } = input.params;
      const { terminalId } = await sessions.getWithin(id, scope);
      const terminal = await terminals.get(terminalId);
      if (terminal === null) throw noSession();
      await recordFor(audit, input, {
        action: 'card-session.step',
        target: id,
        data: { n: input.body.n, step: labelOf(input.body.command), terminalId },
      });
      const by = {
        asker: { kind: 'staff', id: userId },
        terminal: { terminalId, sealKey: terminal.sealKey },
      } as const;
      return view(await steps.put(id, input.body, by), input.principal);
    },
  });
}

/** How a session ends. */
export function endRoutes({ sessions, audit }: DriveServices, view: View): AnyRoute[] {
  const end = (verb: 'finish' | 'cancel', summary: string): AnyRoute =>
    defineRoute({
      ...admin,
      method: 'post',
      path: `/v1/admin/card-sessions/:id/${verb}`,
      summary,
      params: cardSessionIdParam,
      response: adminCardSession,
      problems: ['request.not-found', 'card-session.not-yours'],
      handler: async (input) => {
        const { userId, scope } = adminOf(input.principal);
        const { id } = input.params;
        const session = await sessions.getWithin(id, scope);
        if (verb === 'finish' && session.asker.id !== userId) throw notYours();
        await recordFor(audit, input, {
          action: `card-session.${verb}`,
          target: id,
        });
        return view(await sessions.close(id, verb === 'finish' ? 'finished' : 'cancelled'), input.principal);
      },
    });
  return [
    end('finish', 'Ends the session: whoever drives it is done'),
    end('cancel', 'Calls the session off, whoever drives it'),
  ];
}
