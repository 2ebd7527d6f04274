import { randomInt } from 'node:crypto';
import {
  adminTerminal,
  enrolCodeResponse,
  terminalIdParam,
  terminalPage,
  terminalQuery,
  terminalReason,
  type AdminTerminal,
} from '@bianmin/shared/api/admin-terminals';
import { enrolCodeQuery, placeRequest, PROVINCE } from '@bianmin/shared/api/org';
import type { Clock } from '@bianmin/shared/clock';
import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import type { Principal } from '../../kernel/principal.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import type { PresenceView, PresenceViews } from './presence-view.ts';
import { thumbprint } from './keys.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import type { EnrolCodeStore } from '../store/enrol-codes.ts';
import type { Terminal, TerminalStatus, TerminalStore } from '../store/terminals.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, recordFor, whereOf } from '../../access/caller.ts';

/** An administrator who stands before a new terminal types the code within the hour. */
const CODE_TTL_MS = 3_600_000;
/** No 0, O, 1, I or L: somebody reads it out. 12 of 31 signs are 59 bits. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

export interface AdminTerminalServices {
  readonly terminals: TerminalStore;
  readonly orgs: Orgs;
  readonly codes: EnrolCodeStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly presence: PresenceViews;
  /** Tells this process that what it believes about a terminal is out of date. */
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
      summary: "Terminals within the caller's scope, newest first",
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:read',
      scope: 'own',
      query: terminalQuery,
      response: terminalPage,
      handler: async ({ query, principal }) => {
        const { limit, ...rest } = query;
        const { scope } = adminOf(principal);
        const found = await services.terminals.list({ ...rest, limit: limit + 1 }, scope);
        const shown = found.slice(0, limit);
        return {
          terminals: await viewsOf(services, shown),
          next: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
        };
      },
    }),
    decision(services, 'accept', ['pending', 'rejected'], 'accepted'),
    decision(services, 'reject', ['pending', 'accepted'], 'rejected'),
    cut(services, 'suspend', ['accepted'], 'suspended'),
    cut(services, 'resume', ['suspended'], 'accepted'),
    cut(services, 'retire', ['accepted', 'suspended', 'rejected'], 'retired'),
    defineRoute({
      method: 'put',
      path: '/v1/admin/terminals/:id/community',
      summary:
        'Puts a terminal into an organisation: statements go by it, and its orders are that one’s from now on',
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:accept',
      scope: 'own',
      params: terminalIdParam,
      body: placeRequest,
      response: adminTerminal,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { id } = input.params;
        const { community } = input.body;
        const { scope } = adminOf(input.principal);
        const known = await services.terminals.getWithin(id, scope);
        if (known === null) throw noTerminal();
        await services.orgs.getWithin(community, scope);
        const data = { before: { community: known.community ?? null }, after: { community } };
        await recordFor(services.audit, input, { action: 'terminal.place', target: id, data });
        await services.orgs.place(id, community, scope);
        services.forget(id);
        const placed = await services.terminals.get(id);
        if (placed !== null) return viewWith(services, placed);
        throw noTerminal();
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/admin/enrol-codes',
      summary: 'Makes a one-time code that accepts one terminal at its enrolment',
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:accept',
      scope: 'own',
      status: 201,
      query: enrolCodeQuery,
      response: enrolCodeResponse,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { userId, scope } = adminOf(input.principal);
        const { _id: org } = await services.orgs.getWithin(input.query.community ?? scope, scope);
        const code = Array.from({ length: 12 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join(
          '',
        );
        const at = new Date(services.clock.now());
        const expiresAt = new Date(at.getTime() + CODE_TTL_MS);
        await recordFor(services.audit, input, {
          action: 'enrol-code.create',
          target: userId,
          data: { community: org },
        });
        const into = org === PROVINCE ? {} : { org };
        await services.codes.add(code, { by: userId, at, expiresAt, ...into });
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
    scope: 'own',
    params: terminalIdParam,
    response: adminTerminal,
    problems: ['request.not-found'],
    handler: (input) => decide(services, input, { verb, from, to }),
  });
}

const CUTS = {
  suspend: 'Cuts a terminal off until it is resumed; in every process within seconds, open streams too',
  resume: 'Lets a suspended terminal act again',
  retire: 'Cuts a terminal off for good; its machine comes back with new keys alone',
} as const;

function cut(
  services: AdminTerminalServices,
  verb: keyof typeof CUTS,
  from: readonly TerminalStatus[],
  to: TerminalStatus,
): AnyRoute {
  return defineRoute({
    method: 'post',
    path: `/v1/admin/terminals/:id/${verb}`,
    summary: CUTS[verb],
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    scope: 'own',
    params: terminalIdParam,
    body: terminalReason,
    response: adminTerminal,
    problems: ['request.not-found'],
    handler: (input) => decide(services, input, { verb, from, to, reason: input.body.reason }),
  });
}

interface Decision {
  readonly verb: 'accept' | 'reject' | keyof typeof CUTS;
  readonly from: readonly TerminalStatus[];
  readonly to: TerminalStatus;
  readonly reason?: string;
}

/** A compare-and-set: where it was none of `from` any more, the terminal is given as it is. */
async function decide(
  services: AdminTerminalServices,
  input: Parameters<typeof whereOf>[0] & { params: { id: string }; principal: Principal },
  { verb, from, to, reason }: Decision,
): Promise<AdminTerminal> {
  const { id } = input.params;
  const { userId, scope } = adminOf(input.principal);
  const known = await services.terminals.getWithin(id, scope);
  if (known === null) throw noTerminal();
  const why = reason === undefined ? {} : { reason };
  await recordFor(services.audit, input, {
    action: `terminal.${verb}`,
    target: id,
    data: { before: { status: known.status }, after: { status: to }, ...why },
  });
  const at = new Date(services.clock.now());
  const changed = await services.terminals.decide({ id, from, to, by: userId, at, ...why });
  services.forget(id);
  // Suspended and resumed it is the same family's.
  const keeps = verb === 'suspend' || verb === 'resume';
  if (changed !== null && known.kind === 'box' && !keeps) await services.forgetHomes(id, whereOf(input));
  return viewWith(services, changed ?? (await services.terminals.get(id)) ?? known);
}

function noTerminal(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
}

async function viewsOf(
  { presence }: Pick<AdminTerminalServices, 'presence'>,
  terminals: readonly Terminal[],
): Promise<AdminTerminal[]> {
  const heard = await presence(terminals.map(({ _id }) => _id));
  return Promise.all(terminals.map((terminal) => viewOf(terminal, heard.get(terminal._id))));
}

async function viewWith(
  services: Pick<AdminTerminalServices, 'presence'>,
  terminal: Terminal,
): Promise<AdminTerminal> {
  return viewOf(terminal, (await services.presence([terminal._id])).get(terminal._id));
}

async function viewOf(terminal: Terminal, heard: PresenceView | undefined): Promise<AdminTerminal> {
  const { _id, kind, name, version, engine, status, enrolledAt, decidedAt, decidedBy } = terminal;
  return {
    id: _id,
    kind,
    name,
    version,
    engine: engine ?? null,
    community: terminal.community ?? null,
    orgPath: [...(terminal.orgPath ?? PROVINCE_PATH)],
    status,
    fingerprint: (await thumbprint(terminal.signKey)).slice(0, 12),
    enrolledAt: enrolledAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy: decidedBy ?? null,
    reason: terminal.reason ?? null,
    presence: heard?.presence ?? 'never',
    seenAt: heard?.seenAt?.toISOString() ?? null,
    blocked: heard?.blocked ?? false,
  };
}
