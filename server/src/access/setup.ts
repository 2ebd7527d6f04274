import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import { ProblemError } from '../kernel/problem.ts';
import type { SetupLinkStore } from './store/setup-link.ts';
import { sha256Hex } from '../kernel/canonical.ts';
import type { Users } from './users.ts';

const LIFE_MS = 3_600_000;

/**
 * The first start: there is no default password, but a link that makes the first administrator, once and within an hour.
 * It is printed to the operator who started the server; the database has its hash. Another start makes another, and
 * only the newest is good.
 */
export class Setup {
  readonly #store: SetupLinkStore;
  readonly #users: Users;
  readonly #clock: Clock;

  constructor(init: { store: SetupLinkStore; users: Users; clock: Clock }) {
    this.#store = init.store;
    this.#users = init.users;
    this.#clock = init.clock;
  }

  /** The part of the address after the site's own. The token is in the fragment, which browsers send nowhere. */
  async link(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.#store.put(hashOf(token), new Date(this.#clock.now() + LIFE_MS));
    return `/admin/setup#${token}`;
  }

  /** Throws `setup.spent`. */
  async use(init: { token: string; name: string; password: string }): Promise<void> {
    const good = await this.#store.take(hashOf(init.token), new Date(this.#clock.now()));
    if (good && (await this.#users.bootstrap(init.password, init.name))) return;
    throw new ProblemError({
      code: 'setup.spent',
      message:
        'This link has been used, is over an hour old, or is not the newest. Start the server again to get another.',
    });
  }
}

function hashOf(token: string): string {
  return sha256Hex(`setup:${token}`);
}
