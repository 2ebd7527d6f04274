import type { Context } from 'koa';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Intent } from '../../route/idempotency.ts';
import type { PayerPrincipal } from '../../people/residents/sessions.ts';

export type TerminalPrincipal = Extract<Principal, { kind: 'terminal' }>;

/** The terminal that the route's `auth: 'terminal'` has proven. */
export function terminalOf(principal: Principal): TerminalPrincipal {
  if (principal.kind !== 'terminal') throw new Error('This route is not declared with auth: terminal.');
  return principal;
}

/** The administrator that the route's `auth: 'admin'` has proven. */
export function adminOf(principal: Principal): AdminPrincipal {
  if (principal.kind !== 'admin') throw new Error('This route is not declared with auth: admin.');
  return principal;
}

/** The resident's phone that the route's `auth: 'payer'` has proven. */
export function payerOf(principal: Principal): PayerPrincipal {
  if (principal.kind !== 'payer') throw new Error('This route is not declared with auth: payer.');
  return principal;
}

/** Where a call came from, for the audit trail, and which intention it is. */
export function whereOf(input: { ctx: Context; traceId: string; intent?: Intent | undefined }): Where {
  const { ctx, traceId, intent } = input;
  return { ip: ctx.ip, traceId, ...(intent === undefined ? {} : { intent }) };
}

/** An administrator as what they do is signed with. */
export function personOf(principal: Principal): { id: string; name: string } {
  const { userId, name } = adminOf(principal);
  return { id: userId, name };
}

/** Writes what an administrator is about to do into the trail. */
export function recordFor(
  audit: AuditTrail,
  input: Parameters<typeof whereOf>[0] & { principal: Principal },
  entry: { action: string; target: string; data?: Record<string, unknown> },
): Promise<void> {
  return audit.record(byAdmin(adminOf(input.principal), { data: {}, ...entry, where: whereOf(input) }));
}
