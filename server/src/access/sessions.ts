import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '@bianmin/shared/clock';
import { ProblemError } from '../kernel/problem.ts';
import type { Session, SessionStore } from './store/sessions.ts';
import type { User, UserStore } from './store/users.ts';
import { sha256Hex } from '../kernel/canonical.ts';
import { cookieToken, csrfOf, refuseForeign, setCookie } from './cookie.ts';
import { Lockout, type FailureLimiter } from './lockout.ts';
import { hashPassword, isOutdated, verifyPassword } from './password.ts';
import type { LoginNext, Principal } from '../kernel/principal.ts';
import type { SecondFactor } from './second-factor.ts';
import { scopeOf } from '../kernel/scope.ts';

/** A working day's shift; afterwards one logs in again. */
export const SESSION_TTL_MS = 8 * 3_600_000;
/** How long password or code, once given, are good for what moves money or gives power. */
export const FRESH_MS = 5 * 60_000;

export type AdminPrincipal = Extract<Principal, { kind: 'admin' }>;
export type SessionKind = 'cookie' | 'bearer';

export interface Login {
  readonly token: string;
  readonly csrf: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly next: LoginNext;
}

export interface SessionsInit {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly limiter: FailureLimiter;
  readonly clock: Clock;
  readonly factor: SecondFactor;
  /** Everybody needs a second factor. */
  readonly required?: boolean;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/** Logins of administrators: a random token whose hash is stored; permissions are read anew at every call. */
export class Sessions {
  readonly #init: SessionsInit;
  readonly #lockout: Lockout;
  /** Compared against where there is no such user, so that the time taken does not tell. */
  #decoy: Promise<string> | undefined;

  constructor(init: SessionsInit) {
    this.#init = init;
    this.#lockout = new Lockout(init.limiter);
  }

  /** `ctx` gets the cookie; absent: a bearer's login. */
  async login(
    name: string,
    password: string,
    by: { kind?: SessionKind; ctx?: Context } = {},
  ): Promise<Login> {
    const { kind = 'bearer', ctx } = by;
    const user = await this.checkPassword(name, password, ctx?.ip);
    const { sessions, clock } = this.#init;
    const token = randomBytes(32).toString('base64url');
    const createdAt = new Date(clock.now());
    const expiresAt = new Date(clock.now() + SESSION_TTL_MS);
    const from = ctx === undefined ? {} : { ip: ctx.ip, agent: ctx.get('user-agent').slice(0, 200) };
    const session: { -readonly [K in keyof Session]: Session[K] } = {
      _id: idOf(token),
      userId: user._id,
      createdAt,
      expiresAt,
      kind,
      ...from,
    };
    if (user.totp !== undefined) session.lacksCode = true;
    await sessions.insert(session);
    if (session.lacksCode !== true) await this.#init.users.loggedIn(user._id, createdAt);
    if (kind === 'cookie' && ctx !== undefined) setCookie(ctx, token, SESSION_TTL_MS);
    return { token, csrf: csrfOf(token), userId: user._id, expiresAt, next: this.#next(user, session) };
  }

  /** Throws `auth.bad-credentials` for any reason, `auth.locked` after too many of them. */
  async checkPassword(name: string, password: string, ip?: string): Promise<User> {
    const { users } = this.#init;
    await this.#lockout.check(name, ip);
    const user = await users.byName(name);
    const hash = this.#init.hash ?? hashPassword;
    this.#decoy ??= hash(randomBytes(16).toString('hex'));
    const right = await verifyPassword(password, user?.passwordHash ?? (await this.#decoy));
    if (!right || user?.status !== 'active') {
      await this.#lockout.failed(name, ip);
      throw new ProblemError({
        code: 'auth.bad-credentials',
        message:
          'The name or password is wrong, or the account is not active. Check both, or ask an administrator.',
      });
    }
    await this.#lockout.succeeded(name);
    if (isOutdated(user.passwordHash)) await users.rehash(user._id, user.passwordHash, await hash(password));
    return user;
  }

  /** Password or code once more: ends a login's wait for the code, and is good for the next minutes. */
  async confirm(
    by: AdminPrincipal,
    proof: { password: string } | { code: string },
    ip: string,
  ): Promise<void> {
    if ('password' in proof) {
      if (by.session.next === 'totp') {
        throw new ProblemError({
          code: 'auth.totp',
          message: 'This login is waiting for the code. Enter it first.',
        });
      }
      await this.checkPassword(by.name, proof.password, ip);
    }
    if ('code' in proof) await this.#checkCode(by, proof.code, ip);
    const now = new Date(this.#init.clock.now());
    await this.#init.sessions.confirm(by.session.id, now);
    if (by.session.next === 'totp') await this.#init.users.loggedIn(by.userId, now);
  }

  async #checkCode({ userId, name }: AdminPrincipal, code: string, ip: string): Promise<void> {
    await this.#lockout.check(name, ip);
    const user = await this.#init.users.get(userId);
    if (user !== null && (await this.#init.factor.take(user, code))) return this.#lockout.succeeded(name);
    await this.#lockout.failed(name, ip);
    throw new ProblemError({
      code: 'auth.totp',
      message: 'The code is wrong, too old or already used. Enter the newest one.',
    });
  }

  /** A user's logins that have not ended, the newest first. */
  async of(userId: string): Promise<Session[]> {
    const now = this.#init.clock.now();
    return (await this.#init.sessions.ofUser(userId)).filter(({ expiresAt }) => expiresAt.getTime() > now);
  }

  async hasFactor(userId: string): Promise<boolean> {
    return (await this.#init.users.get(userId))?.totp !== undefined;
  }

  /** Ends one login of a user's at once; throws `request.not-found`. */
  async end(userId: string, id: string): Promise<void> {
    if (await this.#init.sessions.removeOne(userId, id)) return;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such login.' });
  }

  /** Ends every session of a user. */
  async endAll(userId: string): Promise<void> {
    await this.#init.sessions.removeOfUser(userId);
  }

  async logout(ctx: Context): Promise<void> {
    const { token, kind } = tokenOf(ctx) ?? {};
    if (token !== undefined) await this.#init.sessions.remove(idOf(token));
    if (kind === 'cookie') setCookie(ctx, '', 0);
  }

  /** Throws `auth.required`, `auth.expired` or, for a change by cookie from elsewhere, `auth.csrf`. */
  readonly authenticate = async (ctx: Context): Promise<AdminPrincipal> => {
    const given = tokenOf(ctx);
    if (given === undefined) {
      ctx.set('WWW-Authenticate', 'Bearer');
      throw new ProblemError({
        code: 'auth.required',
        message: 'Log in; programs send the session’s token in `Authorization: Bearer …`.',
      });
    }
    const { token, kind } = given;
    const session = await this.#init.sessions.get(idOf(token));
    const now = this.#init.clock.now();
    // A token is good only in the way that it was given out.
    if (session === null || session.expiresAt.getTime() <= now || (session.kind ?? 'bearer') !== kind) {
      throw ended();
    }
    if (kind === 'cookie') refuseForeign(ctx, token);
    const user = await this.#init.users.get(session.userId);
    if (user?.status !== 'active') throw ended();
    const { _id: userId, name } = user;
    const permissions = await this.#init.users.permissionsOf(user.roles);
    const confirmedAt = session.confirmedAt ?? session.createdAt;
    return {
      ...{ kind: 'admin', userId, name, permissions, scope: scopeOf(user.scope) },
      session: {
        ...{ id: session._id, kind, next: this.#next(user, session), expiresAt: session.expiresAt },
        fresh: now - confirmedAt.getTime() < FRESH_MS,
        csrf: kind === 'cookie' ? csrfOf(token) : null,
      },
    };
  };

  #next(user: User, session: Session): LoginNext {
    if (session.lacksCode === true) return 'totp';
    if (user.mustChange === true) return 'password';
    return this.#init.required === true && user.totp === undefined ? 'totp-setup' : 'ready';
  }
}

/** What a program sends itself counts before what a browser sends by itself. */
function tokenOf(ctx: Context): { token: string; kind: SessionKind } | undefined {
  const bearer = /^Bearer ([\w-]{43})$/u.exec(ctx.get('authorization'))?.[1];
  if (bearer !== undefined) return { token: bearer, kind: 'bearer' };
  const token = cookieToken(ctx);
  return token === undefined ? undefined : { token, kind: 'cookie' };
}

function ended(): ProblemError {
  return new ProblemError({ code: 'auth.expired', message: 'The session has ended. Log in again.' });
}

function idOf(token: string): string {
  return sha256Hex(`session:${token}`);
}
