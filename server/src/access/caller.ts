import type { Context } from 'koa';
import type { Principal } from '../kernel/principal.ts';
import type { Intent } from '../route/idempotency.ts';
import type { Where } from './approvals.ts';
import { byAdmin, type AuditTrail } from './audit.ts';
import type { AdminPrincipal } from './sessions.ts';

/** The administrator that the route's `auth: 'admin'` has proven. */
export function adminOf(principal: Principal): AdminPrincipal {
  if (principal.kind !== 'admin') throw new Error('This route is not declared with auth: admin.');
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
