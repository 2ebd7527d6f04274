import type { Clock } from '@bianmin/card/clock';
import type { Permission } from '../kernel/permissions.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { AccessMarkStore } from './store/marks.ts';
import type { Role, User } from './store/users.ts';
import type { AdminPrincipal } from '../kernel/principal.ts';

/** How long a permission is held before it may be used to allow what others ask for. */
export const SETTLING_MS = 24 * 3_600_000;

type Held = Pick<User, 'roles' | 'activeSince' | 'rolesSince'>;

/**
 * A user who was let in, or given a right, just now allows nothing with it for a day: whoever makes a person in order to have a
 * second one waits, while the others see it. An installation's first day is excepted, since nobody can be older then.
 */
export class Settling {
  readonly #marks: AccessMarkStore;
  readonly #clock: Clock;
  #installedAt: number | undefined;

  constructor(init: { marks: AccessMarkStore; clock: Clock }) {
    this.#marks = init.marks;
    this.#clock = init.clock;
  }

  /** The end of the installation's first day; null once it is over. */
  async firstDayUntil(): Promise<Date | null> {
    this.#installedAt ??= (await this.#marks.get('installed'))?.at.getTime();
    const until = (this.#installedAt ?? 0) + SETTLING_MS;
    return until > this.#clock.now() ? new Date(until) : null;
  }

  /** Of what these roles give the user: each permission that is too new to allow anything with, and from when on it is not. */
  async newlyGiven(user: Held, roles: readonly Role[]): Promise<Map<Permission, Date>> {
    if ((await this.firstDayUntil()) !== null) return new Map();
    const now = this.#clock.now();
    const all = [...heldSince(user, roles)].map(
      ([permission, at]) => [permission, at + SETTLING_MS] as const,
    );
    return new Map(
      all.filter(([, from]) => from > now).map(([permission, from]) => [permission, new Date(from)]),
    );
  }
}

/** Throws `approval.too-new` where one of these is too new to allow anything with. */
export function refuseUnsettled(checker: AdminPrincipal, needed: readonly Permission[]): void {
  const from = settledFrom(checker.newlyGiven, needed);
  if (from === null) return;
  throw new ProblemError({
    code: 'approval.too-new',
    message: `You were let in, or given this right, less than a day ago. You may allow this from ${from.toISOString()}. Until then ask another person.`,
  });
}

/** When the last of these is a day old; null: they all are. */
export function settledFrom(
  newlyGiven: ReadonlyMap<Permission, Date> | undefined,
  needed: Iterable<Permission>,
): Date | null {
  const times = [...needed].flatMap((each) => newlyGiven?.get(each)?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** Since when a user holds each permission, ms: by the role through which it is longest. */
function heldSince(
  { roles: names, activeSince, rolesSince = [] }: Held,
  roles: readonly Role[],
): Map<Permission, number> {
  const since = new Map<Permission, number>();
  for (const role of roles) {
    if (!names.includes(role._id)) continue;
    const given = rolesSince.find((each) => each.role === role._id)?.at.getTime() ?? 0;
    for (const permission of role.permissions) {
      const held = role.since?.find((each) => each.permission === permission)?.at.getTime() ?? 0;
      const at = Math.max(activeSince?.getTime() ?? 0, given, held);
      since.set(permission, Math.min(since.get(permission) ?? Infinity, at));
    }
  }
  return since;
}

/** What is to be kept of a user's roles beside their names, after this change. */
export function rolesSinceAfter(
  user: Held,
  roles: readonly string[],
  at: Date,
): NonNullable<User['rolesSince']> {
  return roles.flatMap((role) => {
    const known = user.rolesSince?.find((each) => each.role === role);
    if (known !== undefined) return known;
    return user.roles.includes(role) ? [] : { role, at };
  });
}

/** The same of a role's permissions. */
export function permissionsSinceAfter(
  role: Pick<Role, 'permissions' | 'since'> | null,
  permissions: readonly Permission[],
  at: Date,
): NonNullable<Role['since']> {
  return permissions.flatMap((permission) => {
    const known = role?.since?.find((each) => each.permission === permission);
    if (known !== undefined) return known;
    return role?.permissions.includes(permission) === true ? [] : { permission, at };
  });
}
