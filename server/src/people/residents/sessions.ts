import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '@bianmin/card/clock';
import { sha256Hex } from '../../kernel/canonical.ts';
import { networkOf } from '../../kernel/network.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { PayerPrincipal } from '../../route/caller.ts';
import type { RateLimiter } from '../../adapters/redis/rate-limit.ts';
import type { ResidentPolicy } from './policy.ts';
import type { PayerSession, PayerSessionStore } from './session-store.ts';

/** The cookie that holds a phone's token, 43 characters; scripts of the page cannot read it. */
export const PAYER_COOKIE = 'bianmin_payer';
/** A page of another site cannot send it without our leave, and we give none. */
export const PAYER_HEADER = 'x-bianmin-payer';
/** The cookie goes to the API only, never with pages or pictures. */
const COOKIE_PATH = '/v1/payer';
/** A session's life is stretched at most this often, so that polling does not write. */
const STRETCH_MS = 24 * 3_600_000;

export interface PayerSessionsInit {
  readonly store: PayerSessionStore;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly policy: ResidentPolicy;
  /** The site is https: the cookie then never travels without it. */
  readonly secure: boolean;
  /** Told when a phone was stretched until a new time, so that its bindings live as long. */
  readonly onStretch: (payerId: string, until: Date) => Promise<void>;
}

/** Phones of residents: an anonymous account behind a cookie, begun without any question. */
export class PayerSessions {
  readonly #init: PayerSessionsInit;

  constructor(init: PayerSessionsInit) {
    this.#init = init;
  }

  /** The phone's account, a new one where it has none. Sets the cookie. */
  async begin(ctx: Context): Promise<{ payerId: string; expiresAt: Date }> {
    refuseOtherSites(ctx);
    const known = await this.#sessionOf(ctx);
    if (known !== null) return this.#stretched(ctx, known);
    const { store, limiter, clock, policy } = this.#init;
    await limiter.take(
      `payer-new:${networkOf(ctx.ip)}`,
      policy.sessionsPerAddress.max,
      policy.sessionsPerAddress.windowMs,
    );
    const token = randomBytes(32).toString('base64url');
    const payerId = randomBytes(12).toString('hex');
    const createdAt = new Date(clock.now());
    const expiresAt = new Date(clock.now() + policy.sessionMs);
    await store.insert({ _id: idOf(token), payerId, createdAt, expiresAt });
    this.#setCookie(ctx, token, policy.sessionMs);
    return { payerId, expiresAt };
  }

  /** Throws `auth.required`, or `auth.forbidden` for a page of another site. */
  readonly authenticate = async (ctx: Context): Promise<PayerPrincipal> => {
    const session = await this.#sessionOf(ctx);
    if (session === null) {
      throw new ProblemError({
        code: 'auth.required',
        message: 'This phone is not known. Begin with POST /v1/payer/session.',
      });
    }
    refuseOtherSites(ctx);
    await this.#stretched(ctx, session);
    return { kind: 'payer', payerId: session.payerId };
  };

  /** Forgets the phone; its bindings are the caller's to remove. */
  async end(ctx: Context): Promise<void> {
    const token = tokenOf(ctx);
    if (token !== undefined) await this.#init.store.remove(idOf(token));
    this.#setCookie(ctx, '', 0);
  }

  async #sessionOf(ctx: Context): Promise<PayerSession | null> {
    const token = tokenOf(ctx);
    if (token === undefined) return null;
    const session = await this.#init.store.get(idOf(token));
    return session !== null && session.expiresAt.getTime() > this.#init.clock.now() ? session : null;
  }

  async #stretched(ctx: Context, session: PayerSession): Promise<{ payerId: string; expiresAt: Date }> {
    const { store, clock, policy } = this.#init;
    const until = new Date(clock.now() + policy.sessionMs);
    const { payerId, expiresAt } = session;
    if (until.getTime() - expiresAt.getTime() < STRETCH_MS) return { payerId, expiresAt };
    await store.extend(session._id, until);
    await this.#init.onStretch(payerId, until);
    this.#setCookie(ctx, tokenOf(ctx) ?? '', policy.sessionMs);
    return { payerId, expiresAt: until };
  }

  /** By hand: behind a proxy Koa does not know whether the connection is secure, and we do. */
  #setCookie(ctx: Context, token: string, lifeMs: number): void {
    const secure = this.#init.secure ? '; Secure' : '';
    const life = `Max-Age=${Math.floor(lifeMs / 1000)}`;
    ctx.append(
      'Set-Cookie',
      `${PAYER_COOKIE}=${token}; Path=${COOKIE_PATH}; ${life}; HttpOnly; SameSite=Strict${secure}`,
    );
  }
}

/**
 * A change must come from our own page. SameSite=Strict keeps the cookie at home; the header, which another site's
 * page cannot send without a CORS answer that we never give, holds where a browser knows no SameSite.
 */
function refuseOtherSites(ctx: Context): void {
  const site = ctx.get('sec-fetch-site');
  const foreign = site !== '' && site !== 'same-origin';
  const changes = ctx.method !== 'GET' && ctx.method !== 'HEAD';
  if (!foreign && (!changes || ctx.get(PAYER_HEADER) === '1')) return;
  throw new ProblemError({
    code: 'auth.forbidden',
    message: `Only a page of this site may do this, with the header ${PAYER_HEADER}: 1.`,
  });
}

function tokenOf(ctx: Context): string | undefined {
  const token = ctx.cookies.get(PAYER_COOKIE, { signed: false });
  return token !== undefined && /^[\w-]{43}$/u.test(token) ? token : undefined;
}

function idOf(token: string): string {
  return sha256Hex(`payer-session:${token}`);
}
