import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { AdminRole } from '@bianmin/purchase/api/admin-users';
import { READY_ROLES } from '@bianmin/purchase/api/ready-roles';
import { changedMeanwhile } from '../route/precondition.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import type { AccessMarkStore } from './store/marks.ts';
import type { Role, UserStore } from './store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import type { AuditTrail } from './audit.ts';
import { refuseBeyond } from './beyond-own.ts';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { recordDone } from './record-done.ts';
import { refuseTaken } from './role-names.ts';
import { permissionsSinceAfter } from './settling.ts';
import type { AdminPrincipal } from './sessions.ts';

/** The role that holds every permission; it is what the code says it is and cannot be changed. */
export const ADMINISTRATOR = 'administrator';

export const permissionList = z.array(z.enum(PERMISSIONS));
const roleChange = z.object({
  role: z.string(),
  permissions: permissionList,
  before: permissionList,
  /** What it was asked against; null: there was no such role. */
  version: z.int().nullable(),
});
export type RoleChange = z.infer<typeof roleChange>;
const roleRemoval = roleChange.omit({ permissions: true }).extend({ version: z.int() });
/** Of a whole file: those of its roles that become different. */
const fileChange = z.object({ digest: z.string(), changes: z.array(roleChange) });

export interface RolesInit {
  readonly store: UserStore;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** One after the other, whichever process asks: two names that differ in case alone are never both made. */
  readonly oneAtATime: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Roles: sets of permissions, changed by two persons. */
export class Roles {
  readonly #init: RolesInit;

  constructor(init: RolesInit) {
    this.#init = init;
    const { approvals, oneAtATime } = init;
    const kind = { permission: 'role:manage' } as const;
    approvals.register('role.change', {
      ...kind,
      mayAllow: async ({ content }, checker) => refuseBeyond(checker, added([roleChange.parse(content)])),
      run: (approval) => oneAtATime(() => this.#carryOut(approval, [roleChange.parse(approval.content)])),
    });
    approvals.register('role.file', {
      ...kind,
      mayAllow: async ({ content }, checker) =>
        refuseBeyond(checker, added(fileChange.parse(content).changes)),
      run: (approval) =>
        oneAtATime(() => this.#carryOut(approval, fileChange.parse(approval.content).changes)),
    });
    approvals.register('role.remove', {
      ...kind,
      run: (approval) => oneAtATime(() => this.#remove(approval)),
    });
  }

  /** At start, once in an installation's life: what a province changed or removed since stays as it made it. */
  async makeReady(marks: Pick<AccessMarkStore, 'get' | 'set'>): Promise<void> {
    if ((await marks.get('ready-roles')) !== null) return;
    for (const { name, permissions } of READY_ROLES) {
      await this.#init.store.beginRole({
        _id: name,
        permissions: permissionList.parse([...permissions]).toSorted(),
      });
    }
    await marks.set({ _id: 'ready-roles', at: new Date(this.#init.clock.now()) });
  }

  async list(): Promise<AdminRole[]> {
    return (await this.#init.store.roles()).map(viewOf);
  }

  /** Throws `request.not-found`. */
  async get(name: string): Promise<AdminRole> {
    return viewOf(await this.#known(name));
  }

  /**
   * Asks for a role to hold exactly these permissions, `seen` being the version that the person looked at. Throws
   * `request.changed-meanwhile`, `auth.beyond-own`, `role.name-taken`.
   */
  async change(
    init: { role: string; permissions: readonly string[]; seen: number | null },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const content = await this.changeOf(init, maker);
    return this.#init.approvals.request({ kind: 'role.change', content, maker, where });
  }

  /** What is asked for by it, where this person may ask for it. Throws as `change` does. */
  async changeOf(
    init: { role: string; permissions: readonly string[]; seen: number | null },
    maker: AdminPrincipal,
  ): Promise<RoleChange> {
    const { role, seen } = init;
    refuseAdministrator(role);
    const found = await this.#init.store.role(role);
    const present = found === null ? null : viewOf(found);
    if ((present?.version ?? null) !== seen) throw changedMeanwhile(present ?? undefined);
    if (seen === null) await this.#refuseTaken(role);
    const permissions = permissionList.parse([...new Set(init.permissions)]).toSorted();
    const before = [...(found?.permissions ?? [])].toSorted();
    const change = { role, permissions, before, version: seen };
    refuseBeyond(maker, added([change]));
    return change;
  }

  /** Asks for a role that nobody has to be removed. Throws `request.changed-meanwhile`, `request.not-found`, `role.in-use`. */
  async remove(
    { role, seen }: { role: string; seen: number },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    refuseAdministrator(role);
    const found = await this.#known(role);
    const { version, permissions: before } = viewOf(found);
    if (version !== seen) throw changedMeanwhile(viewOf(found));
    await this.#refuseUsed(role);
    return this.#init.approvals.request({
      ...{ kind: 'role.remove', content: { role, before: before.toSorted(), version }, maker, where },
    });
  }

  async #known(name: string): Promise<Role> {
    const role = await this.#init.store.role(name);
    if (role !== null) return role;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such role.' });
  }

  async #refuseTaken(role: string): Promise<void> {
    refuseTaken(
      role,
      (await this.#init.store.roles()).map(({ _id }) => _id),
    );
  }

  async #refuseUsed(role: string): Promise<void> {
    if (!(await this.#init.store.active()).some(({ roles }) => roles.includes(role))) return;
    throw new ProblemError({
      code: 'role.in-use',
      message: 'Users still have this role. Give them another one first.',
    });
  }

  /** All or nothing: what was asked against a role that has changed since is not done. */
  async #carryOut(approval: Approval, changes: readonly RoleChange[]): Promise<void> {
    const { store, audit, clock } = this.#init;
    const all = await Promise.all(
      changes.map(async (each) => ({ each, there: await store.role(each.role) })),
    );
    // A crash came after some of it was done.
    const due = all.filter(({ there }) => there?.change !== approval._id);
    for (const { each, there } of due) {
      const now = there === null ? null : viewOf(there);
      if ((now?.version ?? null) !== each.version) throw changedMeanwhile(now ?? undefined);
      if (there === null) await this.#refuseTaken(each.role);
    }
    for (const { each, there } of due) {
      const { role, permissions, before, version } = each;
      const data = { before: { permissions: before }, after: { permissions } };
      await recordDone(audit, approval, { action: 'role.change', target: role, data });
      const since = permissionsSinceAfter(there, permissions, new Date(clock.now()));
      if (await store.editRole(role, version, { permissions, since, change: approval._id })) continue;
      const now = await store.role(role);
      throw changedMeanwhile(now === null ? undefined : viewOf(now));
    }
  }

  async #remove(approval: Approval): Promise<void> {
    const { store, audit } = this.#init;
    const { role, before, version } = roleRemoval.parse(approval.content);
    const there = await store.role(role);
    // A crash came after it was done.
    if (there === null) return;
    if (viewOf(there).version !== version) throw changedMeanwhile(viewOf(there));
    await this.#refuseUsed(role);
    const data = { before: { permissions: before }, after: { permissions: [] } };
    await recordDone(audit, approval, { action: 'role.remove', target: role, data });
    if (!(await store.removeRole(role, version))) throw changedMeanwhile();
  }
}

function refuseAdministrator(role: string): void {
  if (role !== ADMINISTRATOR) return;
  throw new ProblemError({
    code: 'auth.forbidden',
    message: `The role ${ADMINISTRATOR} cannot be changed. Make another role.`,
  });
}

/** What any of them gives that was not there before. */
function added(changes: readonly RoleChange[]): RoleChange['permissions'] {
  return changes.flatMap(({ permissions, before }) => permissions.filter((each) => !before.includes(each)));
}

function viewOf({ _id, permissions, version = 0 }: Role): AdminRole {
  return { name: _id, permissions: [...permissions], version };
}
