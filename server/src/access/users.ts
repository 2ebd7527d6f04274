import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/shared/clock';
import { ProblemError } from '../http/problem.ts';
import type { Approval } from '../store/approvals.ts';
import type { User, UserStore } from '../store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import type { AuditTrail } from './audit.ts';
import { hashPassword } from './password.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import type { AdminPrincipal } from './sessions.ts';

/** The role that holds every permission; it is what the code says it is and cannot be changed. */
export const ADMINISTRATOR = 'administrator';

const roleChange = z.object({ role: z.string(), permissions: z.array(z.enum(PERMISSIONS)) });
const userCreate = z.object({ userId: z.string() });
const userRoles = z.object({ userId: z.string(), roles: z.array(z.string()) });

export interface UsersInit {
  readonly users: UserStore;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/**
 * Users and roles. Everything that can give somebody more permissions needs a second person, or one
 * administrator could make the second one himself. The one exception: while there is a single user, nobody
 * could allow anything, so that user makes the second one alone.
 */
export class Users {
  readonly #init: UsersInit;
  readonly #hash: (password: string) => Promise<string>;

  constructor(init: UsersInit) {
    this.#init = init;
    this.#hash = init.hash ?? hashPassword;
    const { users, approvals } = init;
    approvals.register('role.change', {
      permission: 'role:manage',
      run: async (approval) => {
        const { role, permissions } = roleChange.parse(approval.content);
        await users.putRole({ _id: role, permissions });
      },
    });
    approvals.register('user.create', {
      permission: 'user:manage',
      run: async (approval) => {
        await users.setStatus(userCreate.parse(approval.content).userId, 'proposed', 'active');
      },
    });
    approvals.register('user.roles', {
      permission: 'user:manage',
      run: async (approval) => {
        const { userId, roles } = userRoles.parse(approval.content);
        await users.setRoles(userId, roles);
      },
    });
  }

  /** At start: the administrator's role, and the first user while there is none at all. True where one was made. */
  async bootstrap(password: string | undefined, name = 'admin'): Promise<boolean> {
    const { users, audit, clock } = this.#init;
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
    const made = await users.insert({ ...user, status: 'active', createdAt: new Date(clock.now()) });
    return made === 'inserted';
  }

  async create(init: {
    name: string;
    password: string;
    roles: readonly string[];
    maker: AdminPrincipal;
    where: Where;
  }): Promise<{ user: User; approval: Approval | null }> {
    const { users, audit, approvals } = this.#init;
    this.#refuseBeyond(init.maker, await users.permissionsOf(init.roles));
    const alone = (await users.countActive()) === 1;
    const user = { ...(await this.#newUser(init.name, init.password, init.roles)), mustChange: true };
    await audit.record({
      who: { kind: 'admin', id: init.maker.userId },
      action: alone ? 'user.create' : 'user.propose',
      target: user._id,
      where: init.where,
      data: { userName: init.name, roles: init.roles },
    });
    const stored: User = alone ? { ...user, status: 'active' } : user;
    if ((await users.insert(stored)) === 'exists') {
      throw new ProblemError({ code: 'user.name-taken', message: 'Another user has this name.' });
    }
    if (alone) return { user: stored, approval: null };
    const content = { userId: user._id, userName: user.name, roles: [...user.roles] };
    const approval = await approvals.request({
      kind: 'user.create',
      content,
      maker: init.maker,
      where: init.where,
    });
    return { user: stored, approval };
  }

  /** Asks for other roles for a user. */
  async changeRoles(
    userId: string,
    roles: readonly string[],
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const user = await this.#get(userId);
    if (userId === maker.userId) {
      throw new ProblemError({ code: 'auth.forbidden', message: 'Nobody asks for roles of their own.' });
    }
    this.#refuseBeyond(maker, await this.#init.users.permissionsOf(roles));
    const before = [...user.roles];
    const content = { userId, userName: user.name, roles: [...roles], before };
    return this.#init.approvals.request({ kind: 'user.roles', content, maker, where });
  }

  /** Asks for a role to hold exactly these permissions. */
  async changeRole(
    role: string,
    permissions: readonly string[],
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    if (role === ADMINISTRATOR) {
      throw new ProblemError({
        code: 'auth.forbidden',
        message: `The role ${ADMINISTRATOR} cannot be changed.`,
      });
    }
    const { permissions: after } = roleChange.parse({ role, permissions });
    const before = [...(await this.#init.users.permissionsOf([role]))].toSorted();
    this.#refuseBeyond(
      maker,
      after.filter((each) => !before.includes(each)),
    );
    const content = { role, permissions: [...after].toSorted(), before };
    return this.#init.approvals.request({ kind: 'role.change', content, maker, where });
  }

  /** Takes effect at once: every call reads the user anew. One person suffices, it only takes away. */
  async disable(userId: string, by: AdminPrincipal, where: Where): Promise<User> {
    if (userId === by.userId) {
      throw new ProblemError({ code: 'auth.forbidden', message: 'Nobody disables the own account.' });
    }
    const user = await this.#get(userId);
    await this.#init.audit.record({
      who: { kind: 'admin', id: by.userId },
      action: 'user.disable',
      target: userId,
      where,
    });
    await this.#init.users.setStatus(userId, user.status, 'disabled');
    return this.#get(userId);
  }

  async setOwnPassword(by: AdminPrincipal, password: string, where: Where): Promise<void> {
    await this.#init.audit.record({
      who: { kind: 'admin', id: by.userId },
      action: 'user.password',
      target: by.userId,
      where,
    });
    await this.#init.users.setPassword(by.userId, await this.#hash(password));
  }

  /** What somebody could not do, they could do by way of another: throws `auth.beyond-own`. */
  #refuseBeyond(maker: AdminPrincipal, granted: Iterable<Permission>): void {
    const beyond = [...granted].filter((each) => !maker.permissions.has(each));
    if (beyond.length === 0) return;
    throw new ProblemError({
      code: 'auth.beyond-own',
      message: `Nobody gives what they do not have: ${beyond.toSorted().join(', ')}.`,
    });
  }

  async #get(userId: string): Promise<User> {
    const user = await this.#init.users.get(userId);
    if (user === null)
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such user.' });
    return user;
  }

  async #newUser(name: string, password: string, roles: readonly string[]): Promise<User> {
    return {
      _id: randomUUID(),
      name: name.toLowerCase(),
      passwordHash: await this.#hash(password),
      roles,
      status: 'proposed',
      createdAt: new Date(this.#init.clock.now()),
    };
  }
}
