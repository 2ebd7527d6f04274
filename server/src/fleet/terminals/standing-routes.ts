import type { Clock } from '@bianmin/card/clock';
import {
  adminTerminal,
  terminalIdParam,
  terminalReason,
  type AdminTerminal,
} from '@bianmin/purchase/api/admin-terminals';
import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { adminOf, recordFor, whereOf } from '../../access/caller.ts';
import type { Principal } from '../../kernel/principal.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { TerminalStatus, TerminalStore } from '../store/terminals.ts';
import type { AcceptAllowance } from './accept-allowance.ts';
import type { PresenceViews } from './presence-view.ts';
import { noTerminal, viewWith } from './terminal-view.ts';

export interface StandingServices {
  readonly terminals: TerminalStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly allowance: Pick<AcceptAllowance, 'take' | 'request'>;
  readonly presence: PresenceViews;
  /** Tells this process that what it believes about a terminal is out of date. */
  readonly forget: (terminalId: string) => void;
  /** Takes the households off a box: when it is accepted again, it may be in another family. */
  readonly forgetHomes: (terminalId: string, where: Where) => Promise<void>;
}

/** Whether a terminal may do anything: let in, refused, cut off for a time or for good. */
export function standingRoutes(services: StandingServices): AnyRoute[] {
  return [
    decision(services, 'accept', ['pending', 'rejected'], 'accepted'),
    decision(services, 'reject', ['pending', 'accepted'], 'rejected'),
    cut(services, 'suspend', ['accepted'], 'suspended'),
    cut(services, 'resume', ['suspended'], 'accepted'),
    cut(services, 'retire', ['accepted', 'suspended', 'rejected'], 'retired'),
  ];
}

function decision(
  services: StandingServices,
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
    ...(verb === 'accept' ? { stepUp: true } : {}),
    params: terminalIdParam,
    response: adminTerminal,
    problems: ['request.not-found', ...(verb === 'accept' ? (['terminal.needs-second'] as const) : [])],
    handler: (input) => decide(services, input, { verb, from, to }),
  });
}

const CUTS = {
  suspend: 'Cuts a terminal off until it is resumed; in every process within seconds, open streams too',
  resume: 'Lets a suspended terminal act again',
  retire: 'Cuts a terminal off for good; its machine comes back with new keys alone',
} as const;

function cut(
  services: StandingServices,
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
    // Cutting off for a time must be quick.
    ...(verb === 'suspend' ? {} : { stepUp: true }),
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
  services: StandingServices,
  input: Parameters<typeof whereOf>[0] & { params: { id: string }; principal: Principal },
  { verb, from, to, reason }: Decision,
): Promise<AdminTerminal> {
  const { id } = input.params;
  const admin = adminOf(input.principal);
  const { userId, scope } = admin;
  const known = await services.terminals.getWithin(id, scope);
  if (known === null) throw noTerminal();
  if (verb === 'accept' && from.includes(known.status)) await services.allowance.take(admin);
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
