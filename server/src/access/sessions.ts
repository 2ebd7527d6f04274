import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '@bianmin/card/clock';
import type { AdminMe, ConfirmRequest } from '@bianmin/purchase/api/admin-login';
import type { PasskeyAnswer } from '@bianmin/purchase/api/passkeys';
import { ProblemError } from '../kernel/problem.ts';
import type { Session, SessionStore } from './store/sessions.ts';
import type { User, UserStore } from './store/users.ts';
import { sha256Hex } from '../kernel/canonical.ts';
import { whoIs } from './audit.ts';
import type { Where } from './approvals.ts';
import { cookieToken, csrfOf, refuseForeign, setCookie } from './cookie.ts';
import { idleEnd, isUse } from './idle.ts';
import type { KnownDevices } from './devices.ts';
import { codeWindows, passwordWindows, stepUpWindows, type Factor } from './guess-limits.ts';
import type { Guess, GuessLimiter } from './guesses.ts';
import { hashPassword, isOutdated, verifyPassword } from './password.ts';
import type { AdminPrincipal, LoginNext } from '../kernel/principal.ts';
import { isRecoveryCode, type SecondFactor } from './second-factor.ts';
import { scopeOf } from '../kernel/scope.ts';
import type { Permission } from '../kernel/permissions.ts';
import type { Passkeys } from './passkeys.ts';
import { settledFrom, type Settling } from './settling.ts';

/** A working day's shift; afterwards one logs in again. */
export const SESSION_TTL_MS = 8 * 3_600_000;
/** How long password or code, once given, are good for what moves money or gives power. */
export const FRESH_MS = 5 * 60_000;

export type { AdminPrincipal };
/** Where nothing else is configured. */
const IDLE_MS = 30 * 60_000;

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
  readonly guesses: GuessLimiter;
  readonly devices: KnownDevices;
  readonly clock: Clock;
  readonly factor: SecondFactor;
  readonly passkeys: Passkeys;
  readonly settling: Settling;
  /** The permissions by which something that another person asks for is allowed. */
  readonly allowing: () => ReadonlySet<Permission>;
  /** Everybody needs a second factor. */
  readonly required?: boolean;
  /** A login of the console ends when nobody used it for so long. */
  readonly idleMs?: number;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/** Where a login or a confirmation comes from. */
export interface LoginFrom {
  readonly ctx: Context;
  readonly where: Where;
}

/** Of calls without a request: tests, and the server itself. */
const NOWHERE: Where = { ip: '', traceId: '' };

/** Logins of administrators: a random token whose hash is stored; permissions are read anew at every call. */
export class Sessions {
  readonly #init: SessionsInit;
  /** Compared against where there is no such user, so that the time taken does not tell. */
  #decoy: Promise<string> | undefined;

  constructor(init: SessionsInit) {
    this.#init = init;
  }

  /** `from.ctx` gets the cookie; absent: a bearer's login. Throws `auth.bad-credentials`, `auth.locked`. */
  async login(
    name: string,
    password: string,
    by: { kind?: SessionKind; from?: LoginFrom } = {},
  ): Promise<Login> {
    const { kind = 'bearer', from } = by;
    const ctx = from?.ctx;
    const user = await this.#enter(name, password, from);
    const { sessions, clock } = this.#init;
    const token = randomBytes(32).toString('base64url');
    const createdAt = new Date(clock.now());
    const expiresAt = new Date(clock.now() + SESSION_TTL_MS);
    const seen = ctx === undefined ? {} : { ip: ctx.ip, agent: ctx.get('user-agent').slice(0, 200) };
    const session: { -readonly [K in keyof Session]: Session[K] } = {
      _id: idOf(token),
      userId: user._id,
      createdAt,
      expiresAt,
      kind,
      ...seen,
    };
    if (await this.#init.factor.has(user)) session.lacksCode = true;
    await sessions.insert(session);
    if (session.lacksCode !== true) await this.#init.users.loggedIn(user._id, createdAt);
    if (kind === 'cookie' && ctx !== undefined) setCookie(ctx, token, SESSION_TTL_MS);
    const next = await this.#next(user, session, () => this.#init.factor.has(user));
    return { token, csrf: csrfOf(token), userId: user._id, expiresAt, next };
  }

  /** The password of a login that there is, once more. Throws `auth.bad-credentials`, `auth.locked`. */
  async checkOwnPassword(by: AdminPrincipal, password: string, where: Where): Promise<void> {
    const guess = ofLogin(by, 'password', stepUpWindows('password', by.session.id), where);
    const user = await this.#init.users.get(by.userId);
    const right = await this.#init.guesses.test(guess, () => this.#fits(user, password));
    if (right !== null) return;
    throw new ProblemError({
      code: 'auth.bad-credentials',
      message: 'The password is wrong. Enter the one by which you logged in.',
    });
  }

  /** Password, code or passkey once more: ends a login's wait for one of the last, and is good for the next minutes. */
  async confirm(by: AdminPrincipal, proof: ConfirmRequest, from: LoginFrom): Promise<void> {
    const waits = by.session.next === 'totp';
    if ('password' in proof) {
      if (waits) {
        throw new ProblemError({
          code: 'auth.totp',
          message: 'This login is waiting for the code. Enter it first.',
        });
      }
      await this.checkOwnPassword(by, proof.password, from.where);
    }
    if ('code' in proof) await this.#checkCode(by, proof.code, from);
    if ('passkey' in proof) await this.#checkPasskey(by, proof.passkey, from);
    const now = new Date(this.#init.clock.now());
    await this.#init.sessions.confirm(by.session.id, 'password' in proof ? 'password' : 'factor', now);
    if (!waits) return;
    await this.#init.users.loggedIn(by.userId, now);
    if (by.session.kind === 'cookie') this.#init.devices.know(from.ctx, by.userId);
  }

  /** Who has just made a second factor in this login has it at hand. */
  async hasFactor(by: AdminPrincipal): Promise<void> {
    await this.#init.sessions.hasFactor(by.session.id, new Date(this.#init.clock.now()));
  }

  /** Who has this name and password, and may come in. */
  async #enter(name: string, password: string, from: LoginFrom | undefined): Promise<User> {
    const { users, guesses, devices } = this.#init;
    const user = await users.byName(name);
    const device = devices.find(from?.ctx, user);
    const guess: Guess = {
      ...{ factor: 'password', problem: 'auth.locked' },
      windows: passwordWindows(name, { ip: from?.ctx.ip ?? '', device }),
      trail: {
        who: { kind: 'system', id: 'login' },
        action: 'session.refuse',
        // A name that was typed wrong may be a password: only its digest is kept.
        target: user?._id ?? sha256Hex(name).slice(0, 16),
        where: from?.where ?? NOWHERE,
      },
    };
    const found = await guesses.test(guess, () => this.#fits(user, password));
    if (found === null) throw badCredentials();
    return found;
  }

  /** The user where they are active and this is their password. It takes as long where there is no such user. */
  async #fits(user: User | null, password: string): Promise<User | null> {
    const hash = this.#init.hash ?? hashPassword;
    this.#decoy ??= hash(randomBytes(16).toString('hex'));
    const known = user === null ? undefined : this.#init.users.hashOf(user);
    const right = await verifyPassword(password, known ?? (await this.#decoy));
    if (!right || known === undefined || user?.status !== 'active') return null;
    if (isOutdated(known)) await this.#init.users.rehash(user._id, known, await hash(password));
    return user;
  }

  async #checkCode(by: AdminPrincipal, code: string, from: LoginFrom): Promise<void> {
    const { users, guesses, factor } = this.#init;
    const user = await users.get(by.userId);
    const kind: Factor = isRecoveryCode(code) ? 'recovery-code' : 'code';
    const guess = await this.#secondGuess(kind, by, from);
    const taken = await guesses.test(guess, async () =>
      user !== null && (await factor.take(user, code)) ? user : null,
    );
    if (taken !== null) return;
    throw new ProblemError({
      code: 'auth.totp',
      message: 'The code is wrong, too old or already used. Enter the newest one.',
    });
  }

  async #checkPasskey(by: AdminPrincipal, answer: PasskeyAnswer, from: LoginFrom): Promise<void> {
    const { guesses, passkeys } = this.#init;
    const guess = await this.#secondGuess('passkey', by, from);
    const accepted = await guesses.test(guess, async () => (await passkeys.accepts(by, answer)) || null);
    if (accepted !== null) return;
    throw new ProblemError({
      code: 'auth.passkey',
      message: 'The passkey is not one of yours here. Use another, or a code.',
    });
  }

  /** A try at what a login waits for counts against the account, in a login that there is against that alone. */
  async #secondGuess(kind: Factor, by: AdminPrincipal, { ctx, where }: LoginFrom): Promise<Guess> {
    const { users, devices } = this.#init;
    if (by.session.next !== 'totp') return ofLogin(by, kind, stepUpWindows(kind, by.session.id), where);
    const device = devices.find(ctx, await users.get(by.userId));
    return ofLogin(by, kind, codeWindows(kind, by, { device }), where);
  }

  /** A user's logins that have not ended, the newest first. */
  async of(userId: string): Promise<Session[]> {
    const now = this.#init.clock.now();
    return (await this.#init.sessions.ofUser(userId)).filter(({ expiresAt }) => expiresAt.getTime() > now);
  }

  /** What stands beside the user's password. */
  async factorsOf(userId: string): Promise<Pick<AdminMe, 'totp' | 'passkeys' | 'passkeysOffered'>> {
    const { users, passkeys } = this.#init;
    const [user, keys] = await Promise.all([users.get(userId), passkeys.list(userId)]);
    return {
      ...{ totp: user?.totp !== undefined, passkeys: keys.length },
      passkeysOffered: passkeys.offered,
    };
  }

  /** From when on somebody allows what others ask for, and until when everybody does. */
  async approving(
    newlyGiven: AdminPrincipal['newlyGiven'],
  ): Promise<Pick<AdminMe, 'approvesFrom' | 'firstDayUntil'>> {
    const { settling, allowing } = this.#init;
    return {
      approvesFrom: settledFrom(newlyGiven, allowing())?.toISOString() ?? null,
      firstDayUntil: (await settling.firstDayUntil())?.toISOString() ?? null,
    };
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
    const idleMs = this.#init.idleMs ?? IDLE_MS;
    const idle = idleEnd(session, idleMs);
    if (idle !== null && idle.getTime() <= now) throw ended();
    if (kind === 'cookie') refuseForeign(ctx, token);
    const user = await this.#init.users.get(session.userId);
    if (user?.status !== 'active') throw ended();
    const used = isUse(ctx, session, now);
    if (used) await this.#init.sessions.use(session._id, new Date(now));
    const { _id: userId, name } = user;
    const roles = await this.#init.users.rolesOf(user.roles);
    const permissions = new Set(roles.flatMap((role) => role.permissions));
    const newlyGiven = await this.#init.settling.newlyGiven(user, roles);
    // Asked for by two below, and by most requests of none.
    let asked: Promise<boolean> | undefined;
    const hasFactor = (): Promise<boolean> => (asked ??= this.#init.factor.has(user));
    return {
      ...{ kind: 'admin', userId, name, permissions, newlyGiven, scope: scopeOf(user.scope) },
      session: {
        ...{
          id: session._id,
          kind,
          next: await this.#next(user, session, hasFactor),
          expiresAt: session.expiresAt,
        },
        fresh: isFresh(session.confirmedAt ?? session.createdAt, now),
        freshFactors: await freshFactors(session, now, hasFactor),
        csrf: kind === 'cookie' ? csrfOf(token) : null,
        idle: idle && { ms: idleMs, leftMs: used ? idleMs : idle.getTime() - now },
      },
    };
  };

  async #next(user: User, session: Session, hasFactor: () => Promise<boolean>): Promise<LoginNext> {
    if (session.lacksCode === true) return 'totp';
    if (user.mustChange === true) return 'password';
    return this.#init.required !== true || (await hasFactor()) ? 'ready' : 'totp-setup';
  }
}

/** What a program sends itself counts before what a browser sends by itself. */
function tokenOf(ctx: Context): { token: string; kind: SessionKind } | undefined {
  const bearer = /^Bearer ([\w-]{43})$/u.exec(ctx.get('authorization'))?.[1];
  if (bearer !== undefined) return { token: bearer, kind: 'bearer' };
  const token = cookieToken(ctx);
  return token === undefined ? undefined : { token, kind: 'cookie' };
}

async function freshFactors(
  { createdAt, passwordAt = createdAt, factorAt }: Session,
  now: number,
  hasFactor: () => Promise<boolean>,
): Promise<boolean> {
  if (!isFresh(passwordAt, now)) return false;
  return (factorAt !== undefined && isFresh(factorAt, now)) || !(await hasFactor());
}

function isFresh(at: Date, now: number): boolean {
  return now - at.getTime() < FRESH_MS;
}

/** A try by whom a login is of. */
function ofLogin(by: AdminPrincipal, factor: Factor, windows: Guess['windows'], where: Where): Guess {
  const trail = { who: whoIs(by), target: by.userId, where };
  return { factor, windows, problem: 'auth.locked', trail };
}

function badCredentials(): ProblemError {
  return new ProblemError({
    code: 'auth.bad-credentials',
    message:
      'The name or password is wrong, or the account is not active. Check both, or ask an administrator.',
  });
}

function ended(): ProblemError {
  return new ProblemError({ code: 'auth.expired', message: 'The session has ended. Log in again.' });
}

function idOf(token: string): string {
  return sha256Hex(`session:${token}`);
}
