import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { systemClock } from '@bianmin/card/node/system-clock';
import { pingDatabase } from '../adapters/mongo/connection.ts';
import { LIMITS } from '../kernel/limits.ts';
import { OneQuestion } from './one-question.ts';

/** From one look at the database to the next, and how long it may take to answer, ms. */
const EVERY_MS = 1_000;
const LIMIT_MS = LIMITS.ready;
/** A look is over by then: where it is not, this process stood still meanwhile, ms. */
const OLD_MS = EVERY_MS + LIMIT_MS + 1_000;

interface ReadinessDeps {
  readonly db: Connection;
  readonly redis: Redis;
  readonly marks?: Redis;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

/**
 * Whether this process can serve. It looks by itself, so that a question costs nothing however many proxies ask twice a second;
 * and it says no where its last look is old, once the shutdown has begun, and before the first look.
 */
export class Readiness {
  readonly #log: ReadinessDeps['log'];
  readonly #database: OneQuestion;
  readonly #redis: OneQuestion;
  #draining = false;
  #lookedAt = -Infinity;
  #lacking: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ db, redis: cache, marks = cache, log }: ReadinessDeps) {
    this.#log = log;
    this.#database = new OneQuestion(() => pingDatabase(db));
    this.#redis = new OneQuestion(() => Promise.all([cache.ping(), marks === cache || marks.ping()]));
  }

  /** Looks once, and again and again from then on. */
  async start(): Promise<void> {
    await this.#look();
    this.#again();
  }

  /** From now on the proxy is told to send nothing more here. */
  drain(): void {
    this.#draining = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Names what is missing, or undefined. */
  readonly notReady = (): string | undefined => {
    if (this.#draining) return 'the process is shutting down';
    if (systemClock.monotonic() - this.#lookedAt > OLD_MS) return 'the process stood still';
    return this.#lacking;
  };

  #again(): void {
    this.#timer = setTimeout(() => {
      void this.#look().then(() => {
        this.#again();
      });
    }, EVERY_MS).unref();
  }

  async #look(): Promise<void> {
    // Its answer is heard by who must know (`reachOf`): without Redis this process goes on.
    void this.#redis.answers(LIMIT_MS);
    const lacking = (await this.#database.answers(LIMIT_MS)) ? undefined : 'the database does not answer';
    if (lacking !== undefined && this.#lacking === undefined) this.#log.warn({ lacking }, 'web is not ready');
    if (lacking === undefined && this.#lacking !== undefined) this.#log.info('web is ready again');
    this.#lacking = lacking;
    this.#lookedAt = systemClock.monotonic();
  }
}
