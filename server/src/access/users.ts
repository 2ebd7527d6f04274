import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AdminUser } from '@bianmin/shared/api/admin-users';
import { PROVINCE } from '@bianmin/shared/api/org';
import type { Clock } from '@bianmin/shared/clock';
import { PROVINCE_PATH } from '../kernel/org-path.ts';
import { changedMeanwhile } from '../route/precondition.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import type { OrgStore } from './store/orgs.ts';
import type { SessionStore } from './store/sessions.ts';
import type { User, UserEdit, UserStore } from './store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import { byAdmin, type AuditTrail } from './audit.ts';
import { refuseBeyond } from './beyond-own.ts';
import type { Lockout } from './lockout.ts';
import { hashPassword } from './password.ts';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { recordDone } from './record-done.ts';
import { ADMINISTRATOR } from './roles.ts';
import { covers, WHOLE_PROVINCE, type Scope } from '../kernel/scope.ts';
import type { AdminPrincipal } from './sessions.ts';
import { forbidOwn, mayAllowUser, pathWithin } from './user-rules.ts';
import { shown, viewOf } from './user-view.ts';

const ofUser = z.object({ userId: z.string(), version: z.int() });
const userRoles = ofUser.extend({ roles: z.array(z.string()) });
const userOrg = ofUser.extend({ org: z.string() });

export interface UsersInit {
  readonly users: UserStore;
  readonly orgs: Pick<OrgStore, 'get'>;
  readonly sessions: Pick<SessionStore, 'removeOfUser'>;
  readonly lockout: Lockout;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/**
 * Users, each seen and managed within the scope of the managing user. Everything that can give a user more
 * permissions or a wider scope needs a second person, or one administrator could make the second one himself. The one
 * exception: while there is a single user, no second person could allow anything, so that user makes the second one
 * alone.
 */
export class Users {
  readonly #init: UsersInit;
  readonly #hash: (password: string) => Promise<string>;

  constructor(init: UsersInit) {
    this.#init = init;
    this.#hash = init.hash ?? hashPassword;
    const { approvals } = init;
    const kind = { permission: 'user:manage', mayAllow: mayAllowUser(this) } as const;
    approvals.register('user.create', {
      ...kind,
      run: (approval) => this.#edit(approval, () => ({ status: 'active' })),
    });
    approvals.register('user.enable', {
      ...kind,
      run: (approval) => this.#edit(approval, () => ({ status: 'active' })),
    });
    approvals.register('user.roles', {
      ...kind,
      run: (approval) => this.#edit(approval, () => ({ roles: userRoles.parse(approval.content).roles })),
    });
    approvals.register('user.org', {
      ...kind,
      run: (approval) =>
        this.#edit(approval, async () => {
          const { org } = userOrg.parse(approval.content);
          return { scope: org, orgPath: await pathWithin(this.#init.orgs, org, WHOLE_PROVINCE) };
        }),
    });
  }

  /** At start: the administrator's role, and the first user while there is none at all. True where one was made. */
  async bootstrap(password: string | undefined, name = 'admin'): Promise<boolean> {
    const { users, audit } = this.#init;
    await users.putRole({ _id: ADMINISTRATOR, permissions: PERMISSIONS });
    if (password === undefined || (await users.any())) return false;
    const user = await this.#newUser(name, password, [ADMINISTRATOR]);
    await audit.record({
      who: { kind: 'system', id: 'start' },
      action: 'user.create',
      target: user._id,
      where: { ip: '', traceId: '' },
      data: { roles: user.roles },
    });
    // The name is unique: of several processes that start at once, one makes the user.
    const made = await users.insert({ ...user, status: 'active' });
    return made === 'inserted';
  }

  /** By name, a page of those that the caller sees. */
  async list(
    of: { org?: string | undefined; status?: User['status'] | undefined; after?: string | undefined },
    limit: number,
    scope: Scope,
  ): Promise<{ users: AdminUser[]; next: string | null }> {
    const found = await this.#init.users.list({ ...of, scope, limit: limit + 1 });
    const page = found.slice(0, limit);
    const locked = await this.#init.lockout.lockedOf(page.map(({ name }) => name));
    const next = found.length > limit ? (page.at(-1)?.name ?? null) : null;
    return { users: page.map((user) => viewOf(user, locked.has(user.name))), next };
  }

  /** A user as others see them. */
  async view(user: User): Promise<AdminUser> {
    return viewOf(user, (await this.#init.lockout.lockedOf([user.name])).has(user.name));
  }

  /** Throws `request.not-found`, also where the user is outside of the scope. */
  async getWithin(id: string, scope: Scope): Promise<User> {
    const user = await this.#init.users.get(id);
    if (user !== null && covers(scope, user.orgPath)) return user;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such user.' });
  }

  /** Throws `auth.beyond-own`, `user.name-taken`, `request.not-found` for an organisation that there is not. */
  async create(init: {
    name: string;
    password: string;
    roles: readonly string[];
    /** Absent: the maker's own. */
    org?: string | undefined;
    maker: AdminPrincipal;
    where: Where;
  }): Promise<{ user: User; approval: Approval | null }> {
    const { users, audit, approvals } = this.#init;
    const { maker, where, org = maker.scope } = init;
    refuseBeyond(maker, await users.permissionsOf(init.roles));
    const place = { scope: org, orgPath: await pathWithin(this.#init.orgs, org, maker.scope) };
    const alone = (await users.countActive()) === 1;
    const made = await this.#newUser(init.name, init.password, init.roles);
    const user = { ...made, ...place, mustChange: true };
    const after = { userName: init.name, roles: init.roles, org };
    await audit.record(
      byAdmin(maker, {
        action: alone ? 'user.create' : 'user.propose',
        target: user._id,
        where,
        data: { after },
      }),
    );
    const stored: User = alone ? { ...user, status: 'active' } : user;
    if ((await users.insert(stored)) === 'exists') {
      throw new ProblemError({
        code: 'user.name-taken',
        message: 'Another user has this name. Choose another.',
      });
    }
    if (alone) return { user: stored, approval: null };
    const content = { userId: user._id, userName: user.name, roles: [...user.roles], org, version: 1 };
    const approval = await approvals.request({
      ...{ kind: 'user.create', content, orgPath: place.orgPath, maker, where },
    });
    return { user: stored, approval };
  }

  /** Asks for other roles for a user. Throws `request.changed-meanwhile`, `auth.beyond-own`. */
  async changeRoles(
    id: string,
    change: { roles: readonly string[]; seen: number },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const user = await this.#asSeen(id, change.seen, maker);
    refuseBeyond(maker, await this.#init.users.permissionsOf(change.roles));
    const content = { roles: [...change.roles], before: [...user.roles] };
    return this.#request('user.roles', user, { maker, where, content });
  }

  /** Asks for a user to be of another organisation, within the maker's own. Throws `request.changed-meanwhile`. */
  async moveTo(
    id: string,
    change: { org: string; seen: number },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const user = await this.#asSeen(id, change.seen, maker);
    const path = await pathWithin(this.#init.orgs, change.org, maker.scope);
    const from = user.orgPath ?? PROVINCE_PATH;
    // The checker has both in their scope.
    const orgPath = path.filter((each, at) => from[at] === each);
    const content = { org: change.org, before: user.scope ?? PROVINCE };
    return this.#request('user.org', user, { maker, where, content, orgPath });
  }

  /** Takes effect at once and ends every login. One person suffices, it only takes away. */
  async disable(id: string, by: AdminPrincipal, where: Where): Promise<User> {
    forbidOwn(id, by);
    const { users, audit, sessions } = this.#init;
    for (;;) {
      const user = await this.getWithin(id, by.scope);
      const data = { before: { status: user.status }, after: { status: 'disabled' } };
      await audit.record(byAdmin(by, { action: 'user.disable', target: id, where, data }));
      const done = await users.edit(id, user.version ?? 0, { status: 'disabled' });
      if (done === null) continue;
      await sessions.removeOfUser(id);
      return done;
    }
  }

  /** Asks for a disabled user to be let in again. Throws `request.changed-meanwhile` where they are not disabled. */
  async enable(id: string, maker: AdminPrincipal, where: Where): Promise<Approval> {
    forbidOwn(id, maker);
    const user = await this.getWithin(id, maker.scope);
    if (user.status !== 'disabled') throw changedMeanwhile(await this.view(user));
    refuseBeyond(maker, await this.#init.users.permissionsOf(user.roles));
    const content = { roles: [...user.roles], before: user.status };
    return this.#request('user.enable', user, { maker, where, content });
  }

  /** Forgets wrong tries: they may try again, and nothing else. */
  async unlock(id: string, by: AdminPrincipal, where: Where): Promise<User> {
    const user = await this.getWithin(id, by.scope);
    await this.#init.audit.record(byAdmin(by, { action: 'user.unlock', target: id, where }));
    await this.#init.lockout.unlock(user.name);
    return user;
  }

  async setOwnPassword(by: AdminPrincipal, password: string, where: Where): Promise<void> {
    await this.#init.audit.record(
      byAdmin(by, {
        action: 'user.password',
        target: by.userId,
        where,
      }),
    );
    await this.#init.users.setPassword(by.userId, await this.#hash(password));
  }

  /** What the roles of these names hold now. */
  permissionsOf(roles: readonly string[]): ReturnType<UserStore['permissionsOf']> {
    return this.#init.users.permissionsOf(roles);
  }

  /** One that the maker may ask a change for, as they saw it. */
  async #asSeen(id: string, seen: number, maker: AdminPrincipal): Promise<User> {
    forbidOwn(id, maker);
    const user = await this.getWithin(id, maker.scope);
    if ((user.version ?? 0) !== seen) throw changedMeanwhile(await this.view(user));
    return user;
  }

  #request(
    kind: string,
    user: User,
    init: {
      maker: AdminPrincipal;
      where: Where;
      content: Record<string, unknown>;
      orgPath?: readonly string[];
    },
  ): Promise<Approval> {
    const { maker, where, orgPath = user.orgPath ?? PROVINCE_PATH } = init;
    const { _id: userId, name: userName, version = 0 } = user;
    const content = { userId, userName, ...init.content, version };
    return this.#init.approvals.request({ kind, content, orgPath, maker, where });
  }

  /** Carries out what was allowed, against the version that it was asked against. */
  async #edit(approval: Approval, editOf: () => UserEdit | Promise<UserEdit>): Promise<void> {
    const { users, audit } = this.#init;
    const { userId, version } = ofUser.parse(approval.content);
    const user = await users.get(userId);
    // A crash came after it was done.
    if (user === null || user.change === approval._id) return;
    const edit = await editOf();
    const data = { before: shown(user), after: shown({ ...user, ...edit }) };
    await recordDone(audit, approval, { action: approval.kind, target: userId, data });
    if ((await users.edit(userId, version, { ...edit, change: approval._id })) !== null) return;
    throw changedMeanwhile(await this.view((await users.get(userId)) ?? user));
  }

  async #newUser(name: string, password: string, roles: readonly string[]): Promise<User> {
    return {
      _id: randomUUID(),
      name: name.toLowerCase(),
      passwordHash: await this.#hash(password),
      roles,
      status: 'proposed',
      createdAt: new Date(this.#init.clock.now()),
      version: 1,
    };
  }
}
