import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../kernel/problem.ts';
import type { SetupLink, SetupLinkStore } from './store/setup-link.ts';
import { sha256Hex } from '../kernel/canonical.ts';
import type { AuditTrail } from './audit.ts';
import type { Where } from './approvals.ts';
import { setupWindows } from './guess-limits.ts';
import type { Guess, GuessLimiter } from './guesses.ts';
import { refuseWeak } from './password-strength.ts';
import type { Users } from './users.ts';

const LIFE_MS = 3_600_000;

/**
 * Links by which somebody sets a password, once and within an hour; the database has their hashes. At the first start there is no
 * default password, but such a link, printed to the operator who started the server: another start makes another, and only the
 * newest is good.
 */
export class Setup {
  readonly #store: SetupLinkStore;
  readonly #users: Users;
  readonly #guesses: GuessLimiter;
  readonly #audit: Pick<AuditTrail, 'record'>;
  readonly #clock: Clock;

  constructor(init: {
    store: SetupLinkStore;
    users: Users;
    guesses: GuessLimiter;
    audit: Pick<AuditTrail, 'record'>;
    clock: Clock;
  }) {
    this.#store = init.store;
    this.#users = init.users;
    this.#guesses = init.guesses;
    this.#audit = init.audit;
    this.#clock = init.clock;
  }

  /** Of the first administrator. */
  link(): Promise<string> {
    return this.#linkOf({ _id: 'first-administrator' });
  }

  /** Of somebody whom the sealed procedure lets in; the page has their name already, since another would spend the link. */
  linkFor(userId: string, name: string): Promise<string> {
    return this.#linkOf({ _id: 'break-glass', userId }, `?${new URLSearchParams({ name }).toString()}`);
  }

  /** Throws `setup.spent`, `user.weak-password`, `request.rate-limited`. */
  async use(init: { token: string; name: string; password: string }, where: Where): Promise<void> {
    const who = { kind: 'system', id: 'setup' } as const;
    const trail = { who, target: 'setup-link', where };
    const guess: Guess = { factor: 'setup-link', windows: setupWindows(where.ip), trail };
    const link = await this.#guesses.test(guess, async () => {
      const now = new Date(this.#clock.now());
      if (!(await this.#store.has(hashOf(init.token), now))) return null;
      // Before the link is spent: another password may be chosen.
      refuseWeak(init.password, init.name);
      return this.#store.take(hashOf(init.token), now);
    });
    // Wrong ones are among the refused tries, of which no more than so many are in the trail.
    if (link !== null) await this.#audit.record({ who, action: 'setup.use', target: init.name, where });
    if (link !== null && (await this.#set(link, init, where))) return;
    throw new ProblemError({
      code: 'setup.spent',
      message:
        'This link has been used, is over an hour old, is not the newest, or is for another name. Start the server again to get another; where it came of a sealed code, open another envelope.',
    });
  }

  #set(
    link: SetupLink,
    { name, password }: { name: string; password: string },
    where: Where,
  ): Promise<boolean> {
    return link.userId === undefined
      ? this.#users.bootstrap(password, name)
      : this.#users.enterByLink(link.userId, { name, password }, where);
  }

  /** The part of the address after the site's own. The token is in the fragment, which browsers send nowhere. */
  async #linkOf(of: Pick<SetupLink, '_id' | 'userId'>, query = ''): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.#store.put({ ...of, hash: hashOf(token), expiresAt: new Date(this.#clock.now() + LIFE_MS) });
    return `/admin/setup${query}#${token}`;
  }
}

function hashOf(token: string): string {
  return sha256Hex(`setup:${token}`);
}
