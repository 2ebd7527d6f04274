import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { AdminUser, InvitationLink } from '@bianmin/purchase/api/admin-users';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { PROVINCE_PATH } from '../kernel/org-path.ts';
import { changedMeanwhile } from '../route/precondition.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import type { InvitationStore } from './store/invitations.ts';
import type { OrgStore } from './store/orgs.ts';
import type { PasskeyStore } from './store/passkeys.ts';
import type { SessionStore } from './store/sessions.ts';
import type { Role, User, UserEdit, UserStore } from './store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import { byAdmin, type AuditTrail } from './audit.ts';
import { refuseBeyond } from './beyond-own.ts';
import type { GuessLimiter } from './guesses.ts';
import type { Checkers } from './checkers.ts';
import { newInvitation } from './invitation-link.ts';
import { hashPassword } from './password.ts';
import { refuseWeak } from './password-strength.ts';
import type { Persons } from './persons.ts';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { recordDone } from './record-done.ts';
import { ADMINISTRATOR } from './roles.ts';
import { covers, WHOLE_PROVINCE, type Scope } from '../kernel/scope.ts';
import type { AdminPrincipal } from './sessions.ts';
import { rolesSinceAfter, settledFrom, type Settling } from './settling.ts';
import { forbidOwn, mayAllowUser, pathWithin } from './user-rules.ts';
import { shown, viewOf } from './user-view.ts';

const ofUser = z.object({ userId: z.string(), version: z.int() });
const newUser = ofUser.extend({
  /** What the roles held when it was asked for; absent: asked for before it was kept. */
  permissions: z.array(z.string()).optional(),
  /** The link that is good once this is allowed; absent: they were given a password. */
  invite: z.string().optional(),
});
const userRoles = ofUser.extend({ roles: z.array(z.string()) });
const userOrg = ofUser.extend({ org: z.string() });

export interface UsersInit {
  readonly users: UserStore;
  readonly orgs: Pick<OrgStore, 'get'>;
  readonly sessions: Pick<SessionStore, 'removeOfUser'>;
  readonly guesses: Pick<GuessLimiter, 'lockedOf' | 'unlock'>;
  readonly passkeys: Pick<PasskeyStore, 'among' | 'removeOfUser'>;
  readonly invitations: Pick<InvitationStore, 'put' | 'allow' | 'among' | 'remove'>;
  readonly approvals: Approvals;
  readonly persons: Persons;
  readonly checkers: Checkers;
  readonly settling: Settling;
  /** One after the other, whichever process asks. */
  readonly oneAtATime: <T>(work: () => Promise<T>) => Promise<T>;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/**
 * Users, each seen and managed within the scope of the managing user. Everything that can give a user more
 * permissions or a wider scope needs a second person, or one administrator could make the second one himself. The one
 * exception: while there never was a second person, none could allow anything, so that the first one makes the second alone.
 */
export class Users {
  readonly #init: UsersInit;
  readonly #hash: (password: string) => Promise<string>;

  constructor(init: UsersInit) {
    this.#init = init;
    this.#hash = init.hash ?? hashPassword;
    const { approvals } = init;
    const kind = { permission: 'user:manage', mayAllow: mayAllowUser(this) } as const;
    approvals.register('user.create', { ...kind, run: (approval) => this.#letIn(approval) });
    approvals.register('user.enable', {
      ...kind,
      run: (approval) => this.#edit(approval, () => ({ status: 'active', activeSince: this.#now() })),
    });
    // It takes away and gives nothing: whoever manages users may allow it, the user themselves too.
    approvals.register('user.disable', {
      permission: 'user:manage',
      run: async (approval) => {
        await this.#edit(approval, () => ({ status: 'disabled' }));
        await this.#shutOut(ofUser.parse(approval.content).userId);
      },
    });
    approvals.register('user.roles', {
      ...kind,
      run: (approval) =>
        this.#edit(approval, (user) => {
          const { roles } = userRoles.parse(approval.content);
          return { roles, rolesSince: rolesSinceAfter(user, roles, this.#now()) };
        }),
    });
    approvals.register('user.org', {
      ...kind,
      run: (approval) =>
        this.#edit(approval, async () => {
          const { org } = userOrg.parse(approval.content);
          const orgPath = await pathWithin(this.#init.orgs, org, WHOLE_PROVINCE);
          return { scope: org, orgPath, activeSince: this.#now() };
        }),
    });
  }

  /**
   * At start: the administrator's role, and the first user while there is none at all. True where one was made. What the operator
   * configured as password is not judged.
   */
  async bootstrap(password: string | undefined, name = 'admin'): Promise<boolean> {
    const { users, audit, persons } = this.#init;
    await users.putRole({ _id: ADMINISTRATOR, permissions: PERMISSIONS });
    await persons.prepare();
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
    const made = (await users.insert({ ...user, status: 'active' })) === 'inserted';
    if (made) await persons.began();
    return made;
  }

  /**
   * Whom the sealed procedure names: somebody new, or an administrator that there is. They come in by `enterByLink`. Throws
   * `user.name-taken` where the name is that of a user who is no administrator.
   */
  async byBreakGlass(name: string): Promise<string> {
    const { users, persons } = this.#init;
    const known = await users.byName(name);
    if (known !== null && !known.roles.includes(ADMINISTRATOR)) {
      throw new ProblemError({
        code: 'user.name-taken',
        message: 'This user is no administrator. Name an administrator, or a name that nobody has.',
      });
    }
    const user = known ?? (await this.#newUser(name, randomUUID(), [ADMINISTRATOR]));
    if (known === null) await users.insert(user);
    // Whoever comes this way is not alone.
    await persons.hadSecond();
    return user._id;
  }

  /** Password of one's own, no second factor, and nothing of before; false where the name is another's. */
  async enterByLink(id: string, given: { name: string; password: string }, where: Where): Promise<boolean> {
    const { users, sessions, audit } = this.#init;
    for (;;) {
      const user = await users.get(id);
      if (user?.name !== given.name.toLowerCase()) return false;
      const who = { kind: 'system', id: 'break-glass' } as const;
      const data = { before: shown(user), after: shown({ ...user, status: 'active' }) };
      await audit.record({ who, action: 'break-glass.enter', target: id, where, data });
      const set = { status: 'active', activeSince: this.#now() } as const;
      if ((await users.edit(id, user.version ?? 0, set)) === null) continue;
      await this.#init.passkeys.removeOfUser(id);
      await users.turnTotpOff(id, this.#now());
      await users.setPassword(id, await this.#hash(given.password), this.#now());
      await sessions.removeOfUser(id);
      return true;
    }
  }

  /** No login and no link of theirs is left. */
  async #shutOut(id: string): Promise<void> {
    await this.#init.invitations.remove(id);
    await this.#init.sessions.removeOfUser(id);
  }

  /** By name, a page of those that the caller sees. */
  async list(
    of: { org?: string | undefined; status?: User['status'] | undefined; after?: string | undefined },
    limit: number,
    scope: Scope,
  ): Promise<{ users: AdminUser[]; next: string | null }> {
    const found = await this.#init.users.list({ ...of, scope, limit: limit + 1 });
    const page = found.slice(0, limit);
    const locked = await this.#init.guesses.lockedOf(page.map(({ name }) => name));
    const next = found.length > limit ? (page.at(-1)?.name ?? null) : null;
    const roles = await this.#init.users.roles();
    const ids = page.map(({ _id }) => _id);
    const keys = await this.#init.passkeys.among(ids);
    const links = await this.#init.invitations.among(ids, this.#now());
    const views = page.map(async (user) =>
      viewOf(user, {
        ...{ locked: locked.has(user.name), passkey: keys.has(user._id) },
        invitedUntil: links.get(user._id) ?? null,
        approvesFrom: await this.#approvesFrom(user, roles),
      }),
    );
    return { users: await Promise.all(views), next };
  }

  /** A user as others see them. */
  async view(user: User): Promise<AdminUser> {
    const locked = (await this.#init.guesses.lockedOf([user.name])).has(user.name);
    const roles = await this.#init.users.rolesOf(user.roles);
    const passkey = (await this.#init.passkeys.among([user._id])).has(user._id);
    const invitedUntil = (await this.#init.invitations.among([user._id], this.#now())).get(user._id) ?? null;
    return viewOf(user, {
      locked,
      passkey,
      invitedUntil,
      approvesFrom: await this.#approvesFrom(user, roles),
    });
  }

  /** When the last of what the user may allow by is a day old; null: it is. */
  async #approvesFrom(user: User, roles: readonly Role[]): Promise<Date | null> {
    const { settling, approvals } = this.#init;
    return settledFrom(await settling.newlyGiven(user, roles), approvals.permissions());
  }

  /** Throws `request.not-found`, also where the user is outside of the scope. */
  async getWithin(id: string, scope: Scope): Promise<User> {
    const user = await this.#init.users.get(id);
    if (user !== null && covers(scope, user.orgPath)) return user;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such user.' });
  }

  /**
   * Without a password they get a one-time link. Throws `auth.beyond-own`, `user.weak-password`, `user.name-taken`,
   * `request.not-found` for an organisation that there is not.
   */
  async create(init: {
    name: string;
    password?: string | undefined;
    roles: readonly string[];
    /** Absent: the maker's own. */
    org?: string | undefined;
    maker: AdminPrincipal;
    where: Where;
  }): Promise<{ user: User; approval: Approval | null; invitation: InvitationLink | null }> {
    const { users, audit, persons } = this.#init;
    const { maker, where, org = maker.scope, password } = init;
    if (password !== undefined) refuseWeak(password, init.name);
    refuseBeyond(maker, await users.permissionsOf(init.roles));
    const place = { scope: org, orgPath: await pathWithin(this.#init.orgs, org, maker.scope) };
    const alone = !(await persons.secondHasBeen());
    const made = await this.#newUser(init.name, password ?? randomUUID(), init.roles);
    const user = { ...made, ...place, mustChange: password !== undefined };
    const after = { userName: init.name, roles: init.roles, org };
    await audit.record(
      byAdmin(maker, {
        action: alone ? 'user.create' : 'user.propose',
        target: user._id,
        where,
        data: { after },
      }),
    );
    if ((await users.insert(user)) === 'exists') {
      throw new ProblemError({
        code: 'user.name-taken',
        message: 'Another user has this name. Choose another.',
      });
    }
    const second = alone ? await persons.letSecondIn(user._id) : null;
    const invited =
      password === undefined
        ? newInvitation({ userId: user._id, waits: second === null, nowMs: this.#init.clock.now() })
        : null;
    if (invited !== null) await this.#init.invitations.put(invited.kept);
    const invitation = invited?.link ?? null;
    if (second !== null) return { user: second, approval: null, invitation };
    const approval = await this.propose(user, { invite: invited?.kept.invite, maker, where });
    return { user, approval, invitation };
  }

  /** Asks for somebody who is not let in yet to be; `invite`: the link that is good from then on. */
  async propose(
    user: User,
    of: { invite?: string | undefined; maker: AdminPrincipal; where: Where },
  ): Promise<Approval> {
    const { invite, maker, where } = of;
    const permissions = [...(await this.#init.users.permissionsOf(user.roles))].toSorted();
    const content = {
      ...{ org: user.scope ?? PROVINCE, roles: [...user.roles], permissions },
      ...(invite === undefined ? {} : { invite }),
    };
    return this.#request('user.create', user, { maker, where, content });
  }

  /** What was asked for with roles that hold something else by now is not done. */
  async #letIn(approval: Approval): Promise<void> {
    const { users, invitations } = this.#init;
    const { userId, permissions, invite } = newUser.parse(approval.content);
    const user = await users.get(userId);
    if (user !== null && permissions !== undefined && user.change !== approval._id) {
      const now = [...(await users.permissionsOf(user.roles))].toSorted();
      if (now.join() !== permissions.join()) throw changedMeanwhile(await this.view(user));
    }
    await this.#edit(approval, () => ({ status: 'active', activeSince: this.#now() }));
    if (invite !== undefined) await invitations.allow(userId, invite);
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

  /**
   * Takes effect at once and ends every login. One person suffices, it only takes away; of the last other person who may allow
   * something it is asked for, and nothing is done yet.
   */
  async disable(
    id: string,
    by: AdminPrincipal,
    where: Where,
  ): Promise<{ user: User; approval: Approval | null }> {
    forbidOwn(id, by);
    // Of two that are shut out at the same moment, each would find the other still there.
    return this.#init.oneAtATime(() => this.#disable(id, by, where));
  }

  async #disable(
    id: string,
    by: AdminPrincipal,
    where: Where,
  ): Promise<{ user: User; approval: Approval | null }> {
    const { users, audit, checkers } = this.#init;
    for (;;) {
      const user = await this.getWithin(id, by.scope);
      if (await checkers.isLast(user, by.userId)) {
        const content = { before: user.status };
        return { user, approval: await this.#request('user.disable', user, { maker: by, where, content }) };
      }
      const data = { before: { status: user.status }, after: { status: 'disabled' } };
      await audit.record(byAdmin(by, { action: 'user.disable', target: id, where, data }));
      const done = await users.edit(id, user.version ?? 0, { status: 'disabled' });
      if (done === null) continue;
      await this.#shutOut(id);
      return { user: done, approval: null };
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

  /** Forgets wrong tries: they may try again, and nothing else. Throws `request.rate-limited`. */
  async unlock(id: string, by: AdminPrincipal, where: Where): Promise<User> {
    const user = await this.getWithin(id, by.scope);
    await this.#init.audit.record(byAdmin(by, { action: 'user.unlock', target: id, where }));
    await this.#init.guesses.unlock(user.name);
    return user;
  }

  /** Throws `user.weak-password`. */
  async setOwnPassword(by: AdminPrincipal, password: string, where: Where): Promise<void> {
    refuseWeak(password, by.name);
    await this.#init.audit.record(
      byAdmin(by, {
        action: 'user.password',
        target: by.userId,
        where,
      }),
    );
    const at = new Date(this.#init.clock.now());
    await this.#init.users.setPassword(by.userId, await this.#hash(password), at);
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
  async #edit(approval: Approval, editOf: (user: User) => UserEdit | Promise<UserEdit>): Promise<void> {
    const { users, audit } = this.#init;
    const { userId, version } = ofUser.parse(approval.content);
    const user = await users.get(userId);
    // A crash came after it was done.
    if (user === null || user.change === approval._id) return;
    const edit = await editOf(user);
    const data = { before: shown(user), after: shown({ ...user, ...edit }) };
    await recordDone(audit, approval, { action: approval.kind, target: userId, data });
    if ((await users.edit(userId, version, { ...edit, change: approval._id })) !== null) return;
    throw changedMeanwhile(await this.view((await users.get(userId)) ?? user));
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }

  async #newUser(name: string, password: string, roles: readonly string[]): Promise<User> {
    return {
      _id: randomUUID(),
      name: name.toLowerCase(),
      passwordHash: await this.#hash(password),
      roles,
      status: 'proposed',
      createdAt: this.#now(),
      version: 1,
    };
  }
}
