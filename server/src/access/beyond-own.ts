import { ProblemError } from '../kernel/problem.ts';
import type { Permission } from '../kernel/permissions.ts';
import type { AdminPrincipal } from './sessions.ts';

/** What a user could not do themselves, they could do by way of another user: throws `auth.beyond-own`. */
export function refuseBeyond(by: AdminPrincipal, granted: Iterable<Permission>): void {
  const beyond = [...granted].filter((each) => !by.permissions.has(each));
  if (beyond.length === 0) return;
  throw new ProblemError({
    code: 'auth.beyond-own',
    message: `Nobody gives what they do not have: ${beyond.toSorted().join(', ')}.`,
  });
}
