import type { AuditQuery } from './store/audit.ts';
import type { UserStore } from './store/users.ts';

/** A user who is looked for by name is looked for by the id that entries hold. */
export async function conditionsOf(
  {
    who,
    from,
    to,
    ...rest
  }: Omit<AuditQuery, 'from' | 'to' | 'after'> & { from?: string | undefined; to?: string | undefined },
  users: Pick<UserStore, 'byName'>,
): Promise<Omit<AuditQuery, 'after'>> {
  const named = who === undefined ? null : await users.byName(who);
  return {
    ...rest,
    who: named?._id ?? who,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}
