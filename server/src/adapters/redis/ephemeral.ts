import type { Redis } from 'ioredis';

/** What may be lost at any moment: a lost entry costs a repeated reading, never money. */
export interface Ephemeral {
  put(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | null>;
}

export class RedisEphemeral implements Ephemeral {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#redis.set(key, value, 'PX', ttlMs);
  }

  get(key: string): Promise<string | null> {
    return this.#redis.get(key);
  }
}
