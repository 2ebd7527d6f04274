import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { ProblemError } from '../kernel/problem.ts';
import { sha256Hex } from '../kernel/canonical.ts';

/** `__Host-`: browsers take it only with Secure, for the whole of this host and for no other (RFC 6265bis §4.1.3.2). */
export const ADMIN_COOKIE = '__Host-bianmin';
/** Another site's page cannot read the value that belongs here. */
export const CSRF_HEADER = 'X-CSRF-Token';

const TOKEN = /^[\w-]{43}$/u;

/** The token of the console's cookie. */
export function cookieToken(ctx: Context): string | undefined {
  const token = ctx.cookies.get(ADMIN_COOKIE, { signed: false });
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** An empty token takes the cookie away. */
export function setCookie(ctx: Context, token: string, lifeMs: number): void {
  hostCookie(ctx, ADMIN_COOKIE, token, lifeMs);
}

/** By hand: behind a proxy Koa does not know that the connection is secure. */
export function hostCookie(ctx: Context, name: `__Host-${string}`, value: string, lifeMs: number): void {
  const life = `Max-Age=${Math.floor(lifeMs / 1000)}`;
  ctx.append('Set-Cookie', `${name}=${value}; Path=/; ${life}; Secure; HttpOnly; SameSite=Strict`);
}

/** Bound to the token, so that nothing more is stored; knowing it does not give the token. */
export function csrfOf(token: string): string {
  return sha256Hex(`csrf:${token}`);
}

/** A change by cookie must come from our own page: throws `auth.csrf`. */
export function refuseForeign(ctx: Context, token: string): void {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return;
  const site = ctx.get('sec-fetch-site');
  const given = Buffer.from(ctx.get(CSRF_HEADER));
  const wanted = Buffer.from(csrfOf(token));
  const own = site === '' || site === 'same-origin';
  if (own && given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new ProblemError({
    code: 'auth.csrf',
    message: `A change sent with a cookie needs the csrf of GET /v1/admin/me in the header ${CSRF_HEADER}.`,
  });
}
