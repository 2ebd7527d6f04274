import type { Redis } from 'ioredis';
import type { Clock } from '@bianmin/card/clock';

const KEY = 'card-tasks:there';
/** Three of a terminal's questions for a session: a terminal not heard of for so long is not counted on. */
const THERE_MS = 30_000;

/** Terminals that asked for a session just now. May be lost: each is there again with its next question. */
export class TerminalPresence {
  readonly #redis: Redis;
  readonly #clock: Clock;

  constructor(redis: Redis, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
  }

  async seen(terminalId: string): Promise<void> {
    await this.#redis.zadd(KEY, String(this.#clock.now()), terminalId);
  }

  async now(): Promise<string[]> {
    await this.#redis.zremrangebyscore(KEY, '-inf', String(this.#clock.now() - THERE_MS));
    return this.#redis.zrange(KEY, '0', '-1');
  }
}
