import { ProblemError } from '../kernel/problem.ts';
import type { Permission } from '../kernel/permissions.ts';
import type { AdminPrincipal } from '../kernel/principal.ts';

/** What a user could not do themselves, they could do by way of another user: throws `auth.beyond-own`. */
export function refuseBeyond(by: AdminPrincipal, granted: Iterable<Permission>): void {
  const beyond = [...granted].filter((each) => !by.permissions.has(each));
  if (beyond.length === 0) return;
  throw new ProblemError({
    code: 'auth.beyond-own',
    message: `You cannot grant what you do not have: ${beyond.toSorted().join(', ')}. Leave it out, or ask a user who has it.`,
  });
}
