import { randomInt } from 'node:crypto';
import { z } from 'zod';
import {
  adminTerminal,
  enrolCodeResponse,
  terminalIdParam,
  terminalQuery,
  type AdminTerminal,
} from '@bianmin/shared/api/admin';
import { placeRequest } from '@bianmin/shared/api/books';
import type { Clock } from '@bianmin/shared/clock';
import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { thumbprint } from '../../fleet/keys.ts';
import type { EnrolCodeStore } from '../../store/enrol-codes.ts';
import type { Terminal, TerminalStatus, TerminalStore } from '../../store/terminals.ts';
import { ProblemError } from '../problem.ts';
import { defineRoute, type AnyRoute, type RouteInput } from '../route.ts';
import { adminOf, whereOf } from './caller.ts';

/** An administrator who stands before a new terminal types the code within the hour. */
const CODE_TTL_MS = 3_600_000;
/** No 0, O, 1, I or L: somebody reads it out. 12 of 31 signs are 59 bits. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

export interface AdminTerminalServices {
  readonly terminals: TerminalStore;
  readonly codes: EnrolCodeStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Tells the authenticator of this process that what it believes about a terminal is out of date. */
  readonly forget: (terminalId: string) => void;
  /** Takes the households off a box: whoever is accepted next with it may be another family. */
  readonly forgetHomes: (terminalId: string, where: Where) => Promise<void>;
}

/** The fleet as an administrator sees it. */
export function adminTerminalRoutes(services: AdminTerminalServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/admin/terminals',
      summary: 'Terminals, newest first',
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:read',
      query: terminalQuery,
      response: z.object({ terminals: z.array(adminTerminal) }),
      handler: async ({ query }) => {
        const terminals = await services.terminals.list(query.status);
        return { terminals: await Promise.all(terminals.map(viewOf)) };
      },
    }),
    decision(services, 'accept', ['pending', 'rejected'], 'accepted'),
    decision(services, 'reject', ['pending', 'accepted'], 'rejected'),
    defineRoute({
      method: 'put',
      path: '/v1/admin/terminals/:id/community',
      summary: 'Says which community a terminal is of; statements go by it',
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:accept',
      params: terminalIdParam,
      body: placeRequest,
      response: adminTerminal,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { id } = input.params;
        const { community } = input.body;
        const who = { kind: 'admin', id: adminOf(input.principal).userId } as const;
        const where = whereOf(input);
        await services.audit.record({
          who,
          action: 'terminal.place',
          target: id,
          where,
          data: { community },
        });
        const placed = await services.terminals.place(id, community);
        if (placed !== null) return viewOf(placed);
        throw new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/admin/enrol-codes',
      summary: 'Makes a one-time code that accepts one terminal at its enrolment',
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:accept',
      status: 201,
      response: enrolCodeResponse,
      handler: async (input) => {
        const { userId } = adminOf(input.principal);
        const code = Array.from({ length: 12 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join(
          '',
        );
        const at = new Date(services.clock.now());
        const expiresAt = new Date(at.getTime() + CODE_TTL_MS);
        await services.audit.record({
          who: { kind: 'admin', id: userId },
          action: 'enrol-code.create',
          target: userId,
          where: whereOf(input),
        });
        await services.codes.add(code, { by: userId, at, expiresAt });
        return { code, expiresAt: expiresAt.toISOString() };
      },
    }),
  ];
}

function decision(
  services: AdminTerminalServices,
  verb: 'accept' | 'reject',
  from: readonly TerminalStatus[],
  to: TerminalStatus,
): AnyRoute {
  return defineRoute({
    method: 'post',
    path: `/v1/admin/terminals/:id/${verb}`,
    summary: verb === 'accept' ? 'Accepts a terminal' : 'Rejects a terminal; it can do nothing from then on',
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    params: terminalIdParam,
    response: adminTerminal,
    problems: ['request.not-found'],
    handler: async (input: RouteInput<typeof terminalIdParam, undefined, undefined>) => {
      const { id } = input.params;
      const { userId } = adminOf(input.principal);
      const known = await services.terminals.get(id);
      if (known === null) {
        throw new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
      }
      await services.audit.record({
        who: { kind: 'admin', id: userId },
        action: `terminal.${verb}`,
        target: id,
        where: whereOf(input),
        data: { from: known.status },
      });
      const at = new Date(services.clock.now());
      const changed = await services.terminals.decide({ id, from, to, by: userId, at });
      services.forget(id);
      if (changed !== null && known.kind === 'box') await services.forgetHomes(id, whereOf(input));
      return viewOf(changed ?? (await services.terminals.get(id)) ?? known);
    },
  });
}

async function viewOf(terminal: Terminal): Promise<AdminTerminal> {
  const { _id, kind, name, version, engine, status, enrolledAt, decidedAt, decidedBy } = terminal;
  return {
    id: _id,
    kind,
    name,
    version,
    engine: engine ?? null,
    community: terminal.community ?? null,
    status,
    fingerprint: (await thumbprint(terminal.signKey)).slice(0, 12),
    enrolledAt: enrolledAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy: decidedBy ?? null,
  };
}
