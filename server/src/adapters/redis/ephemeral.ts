import type { Redis } from 'ioredis';

/** What may be lost at any moment: a lost entry costs a repeated reading, never money. */
export interface Ephemeral {
  put(key: string, value: string, ttlMs: number): Promise<void>;
  /** Of those that ask at once, true for one: the key was not there. */
  putNew(key: string, value: string, ttlMs: number): Promise<boolean>;
  get(key: string): Promise<string | null>;
  /** The same of several at once, in their order. */
  getAll(keys: readonly string[]): Promise<(string | null)[]>;
}

export class RedisEphemeral implements Ephemeral {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#redis.set(key, value, 'PX', ttlMs);
  }

  async putNew(key: string, value: string, ttlMs: number): Promise<boolean> {
    return (await this.#redis.set(key, value, 'PX', ttlMs, 'NX')) === 'OK';
  }

  get(key: string): Promise<string | null> {
    return this.#redis.get(key);
  }

  getAll(keys: readonly string[]): Promise<(string | null)[]> {
    return this.#redis.mget([...keys]);
  }
}
