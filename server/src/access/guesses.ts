import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../kernel/problem.ts';
import type { AttemptStore } from './store/attempts.ts';
import type { AuditRecord, AuditTrail } from './audit.ts';
import { aboutUser, unlockWindow, type Factor, type GuessWindow } from './guess-limits.ts';

/** One try at a secret. */
export interface Guess {
  readonly factor: Factor;
  readonly windows: readonly GuessWindow[];
  /** Who tries what, for the trail; a wrong one is `secret.refuse` there where no action is named. */
  readonly trail: Omit<AuditRecord, 'action'> & { readonly action?: string };
  /** What is told where a window is full. */
  readonly problem?: 'auth.locked' | 'request.rate-limited';
}

/**
 * The one limiter of everything that can be guessed. A try is counted before it is looked at, in the database: neither a burst nor
 * a failover of Redis tests more than the windows allow. Wrong ones and full windows are in the trail.
 */
export class GuessLimiter {
  readonly #store: AttemptStore;
  readonly #audit: Pick<AuditTrail, 'record'>;
  readonly #clock: Clock;

  constructor(init: { store: AttemptStore; audit: Pick<AuditTrail, 'record'>; clock: Clock }) {
    this.#store = init.store;
    this.#audit = init.audit;
    this.#clock = init.clock;
  }

  /** What `look` finds; null where the secret is wrong. Throws `auth.locked` or `request.rate-limited` without looking. */
  async test<T>(guess: Guess, look: () => Promise<T | null>): Promise<T | null> {
    const taken = await this.#count(guess);
    const found = await look();
    if (found === null) {
      await this.#record(guess, guess.trail.action ?? 'secret.refuse');
      return null;
    }
    for (const { window, until } of taken) {
      if (window.resets === true) await this.#store.forget(window.key);
      else await this.#store.giveBack(window.key, until);
    }
    return found;
  }

  /** Those of these names at whose secrets a guesser may not try any more now. */
  async lockedOf(names: readonly string[]): Promise<Set<string>> {
    const locked = await this.#store.lockedAbout(names.map(aboutUser), this.#now());
    return new Set(names.filter((name) => locked.has(aboutUser(name))));
  }

  /**
   * A person has been asked, and may try again. Throws `request.rate-limited`: an administrator who unlocks and guesses in turn
   * guesses no longer than anybody.
   */
  async unlock(name: string): Promise<void> {
    const { full, until } = await this.#store.count({ ...unlockWindow(name), factor: 'unlock' }, this.#now());
    if (full) throw this.#locked('request.rate-limited', until);
    await this.#store.forgetAbout(aboutUser(name));
  }

  async #count(guess: Guess): Promise<{ window: GuessWindow; until: Date }[]> {
    const taken: { window: GuessWindow; until: Date }[] = [];
    for (const window of guess.windows) {
      const { full, first, until } = await this.#store.count(
        { ...window, factor: guess.factor },
        this.#now(),
      );
      if (!full) {
        taken.push({ window, until });
        continue;
      }
      // What was refused here was no try: it does not fill the windows before.
      for (const before of taken) await this.#store.giveBack(before.window.key, before.until);
      if (first) await this.#record(guess, 'secret.lock');
      throw this.#locked(guess.problem ?? 'request.rate-limited', until);
    }
    return taken;
  }

  #locked(problem: NonNullable<Guess['problem']>, until: Date): ProblemError {
    const retryAfterS = Math.max(1, Math.ceil((until.getTime() - this.#clock.now()) / 1000));
    return new ProblemError({
      code: problem,
      message: `Too many wrong tries. Try again in ${Math.ceil(retryAfterS / 60)} min.`,
      retryAfterS,
    });
  }

  #record({ factor, trail }: Guess, action: string): Promise<void> {
    return this.#audit.record({ ...trail, action, data: { ...trail.data, factor } });
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
