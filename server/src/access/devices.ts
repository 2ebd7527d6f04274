import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '@bianmin/card/clock';
import { sha256Hex } from '../kernel/canonical.ts';
import type { KeySource } from '../kernel/key-ring.ts';
import { KeyedDigest } from '../kernel/keyed-digest.ts';
import type { User } from './store/users.ts';
import { hostCookie } from './cookie.ts';

/** From the last login with a second factor on. */
const KNOWN_MS = 180 * 24 * 3_600_000;
const VALUE = /^([\w-]{22})\.([0-9a-z]{1,11})\.((?:\d{1,4}\.)?[\w-]{43})$/u;

type Known = Pick<User, '_id' | 'devicesFrom'>;

/**
 * Browsers in which a user was in before, password and second factor: each has a signed cookie, one a user, which opens nothing. It
 * only tells its owner's tries from everybody else's, so that no stranger can lock the owner out.
 */
export class KnownDevices {
  readonly #macs: KeyedDigest;
  readonly #clock: Clock;

  constructor(init: { secret: KeySource; clock: Clock }) {
    this.#macs = new KeyedDigest(init.secret, 'bianmin known devices', { encoding: 'base64url' });
    this.#clock = init.clock;
  }

  /** The number of the browser; undefined where it is not known for this user, or was before they lost password or factor. */
  find(ctx: Context | undefined, user: Known | null): string | undefined {
    if (ctx === undefined || user === null) return undefined;
    const given = ctx.cookies.get(cookieOf(user._id), { signed: false }) ?? '';
    const [, number = '', at = '', mac = ''] = VALUE.exec(given) ?? [];
    if (!this.#macs.fits(textOf(user._id, number, at), mac)) return undefined;
    const since = Number.parseInt(at, 36);
    const over = since + KNOWN_MS <= this.#clock.now();
    return over || since < (user.devicesFrom?.getTime() ?? 0) ? undefined : number;
  }

  /** From a login's second factor on. */
  know(ctx: Context, userId: string): void {
    const number = randomBytes(16).toString('base64url');
    const at = this.#clock.now().toString(36);
    hostCookie(
      ctx,
      cookieOf(userId),
      `${number}.${at}.${this.#macs.of(textOf(userId, number, at))}`,
      KNOWN_MS,
    );
  }
}

/** What the cookie's digest is of. */
function textOf(userId: string, number: string, at: string): string {
  return `${userId}\n${number}\n${at}`;
}

/** Each user's own, as several may share a browser. */
function cookieOf(userId: string): `__Host-${string}` {
  return `__Host-bianmin-device-${sha256Hex(`device:${userId}`).slice(0, 12)}`;
}
