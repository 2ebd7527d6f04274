import { z } from 'zod';
import type { Permission } from '../kernel/permissions.ts';
import { ProblemError } from '../kernel/problem.ts';
import { covers, WHOLE_PROVINCE, type Scope } from '../kernel/scope.ts';
import type { ApprovalKind } from './approvals.ts';
import { refuseBeyond } from './beyond-own.ts';
import type { OrgStore } from './store/orgs.ts';
import type { AdminPrincipal } from '../kernel/principal.ts';

/** Who has which roles, and what these hold. */
interface UsersAndRoles {
  getWithin(id: string, scope: Scope): Promise<{ readonly roles: readonly string[] }>;
  permissionsOf(roles: readonly string[]): Promise<ReadonlySet<Permission>>;
}

/**
 * A checker does not give by allowing what they could not give by asking: what the user's roles hold, or are to hold.
 */
export function mayAllowUser(users: UsersAndRoles): NonNullable<ApprovalKind['mayAllow']> {
  const content = z.object({ userId: z.string(), roles: z.array(z.string()).optional() });
  return async (approval, checker) => {
    const { userId, roles } = content.parse(approval.content);
    const user = await users.getWithin(userId, checker.scope);
    refuseBeyond(checker, await users.permissionsOf(roles ?? user.roles));
  };
}

/** No user does to their own account what is done to others'. */
export function forbidOwn(id: string, by: AdminPrincipal): void {
  if (id !== by.userId) return;
  throw new ProblemError({
    code: 'auth.forbidden',
    message: 'You cannot do this to your own account. Ask a colleague.',
  });
}

/** Where an organisation within the scope stands. Throws `auth.beyond-own`: no user gives more than they see. */
export async function pathWithin(
  orgs: Pick<OrgStore, 'get'>,
  id: string,
  scope: Scope,
): Promise<readonly string[]> {
  const org = await orgs.get(id);
  if (org !== null && covers(scope, org.path)) return org.path;
  if (scope === WHOLE_PROVINCE) {
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such organisation.' });
  }
  throw new ProblemError({
    code: 'auth.beyond-own',
    message: 'You cannot grant a scope beyond your own. Choose an organisation within yours.',
  });
}
