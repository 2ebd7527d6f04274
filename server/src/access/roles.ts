import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { AdminRole } from '@bianmin/purchase/api/admin-users';
import { changedMeanwhile } from '../route/precondition.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import type { Role, UserStore } from './store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import type { AuditTrail } from './audit.ts';
import { refuseBeyond } from './beyond-own.ts';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { recordDone } from './record-done.ts';
import { permissionsSinceAfter } from './settling.ts';
import type { AdminPrincipal } from './sessions.ts';

/** The role that holds every permission; it is what the code says it is and cannot be changed. */
export const ADMINISTRATOR = 'administrator';

const permissionList = z.array(z.enum(PERMISSIONS));
const roleChange = z.object({
  role: z.string(),
  permissions: permissionList,
  before: permissionList,
  /** What it was asked against; null: there was no such role. */
  version: z.int().nullable(),
});

export interface RolesInit {
  readonly store: UserStore;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Roles: sets of permissions, changed by two persons. */
export class Roles {
  readonly #init: RolesInit;

  constructor(init: RolesInit) {
    this.#init = init;
    init.approvals.register('role.change', {
      permission: 'role:manage',
      mayAllow: async (approval, checker) => {
        const { permissions, before } = roleChange.parse(approval.content);
        refuseBeyond(checker, added(permissions, before));
      },
      run: (approval) => this.#carryOut(approval),
    });
  }

  async list(): Promise<AdminRole[]> {
    return (await this.#init.store.roles()).map(viewOf);
  }

  /** Throws `request.not-found`. */
  async get(name: string): Promise<AdminRole> {
    const role = await this.#init.store.role(name);
    if (role !== null) return viewOf(role);
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such role.' });
  }

  /**
   * Asks for a role to hold exactly these permissions, `seen` being the version that the person looked at. Throws
   * `request.changed-meanwhile`, `auth.beyond-own`.
   */
  async change(
    init: { role: string; permissions: readonly string[]; seen: number | null },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const { role, seen } = init;
    if (role === ADMINISTRATOR) {
      throw new ProblemError({
        code: 'auth.forbidden',
        message: `The role ${ADMINISTRATOR} cannot be changed. Make another role.`,
      });
    }
    const found = await this.#init.store.role(role);
    const present = found === null ? null : viewOf(found);
    if ((present?.version ?? null) !== seen) throw changedMeanwhile(present ?? undefined);
    const permissions = permissionList.parse(init.permissions).toSorted();
    const before = [...(found?.permissions ?? [])].toSorted();
    refuseBeyond(maker, added(permissions, before));
    const content = { role, permissions, before, version: seen };
    return this.#init.approvals.request({ kind: 'role.change', content, maker, where });
  }

  /** What was asked against a role that has changed since is not done. */
  async #carryOut(approval: Approval): Promise<void> {
    const { store, audit, clock } = this.#init;
    const { role, permissions, before, version } = roleChange.parse(approval.content);
    const there = await store.role(role);
    // A crash came after it was done.
    if (there?.change === approval._id) return;
    const data = { before: { permissions: before }, after: { permissions } };
    await recordDone(audit, approval, { action: 'role.change', target: role, data });
    const since = permissionsSinceAfter(there, permissions, new Date(clock.now()));
    if (await store.editRole(role, version, { permissions, since, change: approval._id })) return;
    const now = await store.role(role);
    throw changedMeanwhile(now === null ? undefined : viewOf(now));
  }
}

function added<T>(after: readonly T[], before: readonly T[]): T[] {
  return after.filter((each) => !before.includes(each));
}

function viewOf({ _id, permissions, version = 0 }: Role): AdminRole {
  return { name: _id, permissions: [...permissions], version };
}
