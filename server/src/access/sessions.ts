import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '@bianmin/shared/clock';
import { ProblemError } from '../http/problem.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { SessionStore } from '../store/sessions.ts';
import type { User, UserStore } from '../store/users.ts';
import { sha256Hex } from './canonical.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { Principal } from './principal.ts';
import { scopeOf } from './scope.ts';

/** A working day's shift; afterwards one logs in again. */
export const SESSION_TTL_MS = 8 * 3_600_000;
/** Wrong passwords for one name in fifteen minutes; afterwards that name cannot log in until they are over. */
const WRONG_PASSWORDS = 10;
const WRONG_PASSWORDS_WINDOW_MS = 900_000;

export type AdminPrincipal = Extract<Principal, { kind: 'admin' }>;

export interface SessionsInit {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
}

/** Logins of administrators: a random token whose hash is stored; permissions are read anew at every call. */
export class Sessions {
  readonly #init: SessionsInit;
  /** Compared against where there is no such user, so that the time taken does not tell. */
  #decoy: Promise<string> | undefined;

  constructor(init: SessionsInit) {
    this.#init = init;
  }

  async login(name: string, password: string): Promise<{ token: string; userId: string; expiresAt: Date }> {
    const user = await this.checkPassword(name, password);
    const { sessions, clock } = this.#init;
    const token = randomBytes(32).toString('base64url');
    const createdAt = new Date(clock.now());
    const expiresAt = new Date(clock.now() + SESSION_TTL_MS);
    await sessions.insert({ _id: idOf(token), userId: user._id, createdAt, expiresAt });
    return { token, userId: user._id, expiresAt };
  }

  /** Throws `auth.bad-credentials` for any reason, `request.rate-limited` after too many of them. */
  async checkPassword(name: string, password: string): Promise<User> {
    const { users, limiter } = this.#init;
    const key = `login:${sha256Hex(name.toLowerCase())}`;
    await limiter.check(key, WRONG_PASSWORDS);
    const user = await users.byName(name);
    this.#decoy ??= hashPassword(randomBytes(16).toString('hex'));
    const right = await verifyPassword(password, user?.passwordHash ?? (await this.#decoy));
    if (!right || user?.status !== 'active') {
      await limiter.count(key, WRONG_PASSWORDS_WINDOW_MS);
      throw new ProblemError({
        code: 'auth.bad-credentials',
        message: 'Name or password is wrong, or the account is not active.',
      });
    }
    await limiter.reset(key);
    return user;
  }

  /** Ends every session of a user. */
  async endAll(userId: string): Promise<void> {
    await this.#init.sessions.removeOfUser(userId);
  }

  async logout(ctx: Context): Promise<void> {
    const token = bearer(ctx);
    if (token !== undefined) await this.#init.sessions.remove(idOf(token));
  }

  /** Throws `auth.required` or `auth.expired`. */
  readonly authenticate = async (ctx: Context): Promise<AdminPrincipal> => {
    const token = bearer(ctx);
    if (token === undefined) {
      ctx.set('WWW-Authenticate', 'Bearer');
      throw new ProblemError({
        code: 'auth.required',
        message: 'Log in and send the session’s token in `Authorization: Bearer …`.',
      });
    }
    const session = await this.#init.sessions.get(idOf(token));
    if (session === null || session.expiresAt.getTime() <= this.#init.clock.now()) {
      throw new ProblemError({ code: 'auth.expired', message: 'The session has ended. Log in again.' });
    }
    const user = await this.#init.users.get(session.userId);
    if (user?.status !== 'active') {
      throw new ProblemError({ code: 'auth.expired', message: 'The session has ended. Log in again.' });
    }
    const permissions = await this.#init.users.permissionsOf(user.roles);
    return { kind: 'admin', userId: user._id, name: user.name, permissions, scope: scopeOf(user.scope) };
  };
}

function bearer(ctx: Context): string | undefined {
  return /^Bearer ([\w-]{43})$/.exec(ctx.get('authorization'))?.[1];
}

function idOf(token: string): string {
  return sha256Hex(`session:${token}`);
}
