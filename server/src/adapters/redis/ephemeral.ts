import type { Redis } from 'ioredis';
import { reachOf } from './redis-reach.ts';

/** What may be lost at any moment: a lost entry costs a repeated reading, never money. */
export interface Ephemeral {
  put(key: string, value: string, ttlMs: number): Promise<void>;
  /** Of those that ask at once, true for one: the key was not there. */
  putNew(key: string, value: string, ttlMs: number): Promise<boolean>;
  get(key: string): Promise<string | null>;
  /** The same of several at once, in their order. */
  getAll(keys: readonly string[]): Promise<(string | null)[]>;
}

/** For so long after Redis is back what was put elsewhere meanwhile is found there, ms: as long as a card's reading is good. */
const FOUND_MS = 10 * 60_000;

/**
 * In Redis; while that is away, in what stands in for it. In both for a while afterwards, and while it is away from another process: then
 * the stand-in's is the newer one.
 */
export class RedisEphemeral implements Ephemeral {
  readonly #redis: Redis;
  readonly #standIn: Ephemeral;

  constructor(redis: Redis, standIn: Ephemeral) {
    this.#redis = redis;
    this.#standIn = standIn;
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    const where = this.#where();
    if (where !== 'redis') await this.#standIn.put(key, value, ttlMs);
    if (where !== 'stand-in') await this.#redis.set(key, value, 'PX', ttlMs);
  }

  async putNew(key: string, value: string, ttlMs: number): Promise<boolean> {
    const where = this.#where();
    const isNew = where === 'stand-in' || (await this.#redis.set(key, value, 'PX', ttlMs, 'NX')) === 'OK';
    return isNew && (where === 'redis' || (await this.#standIn.putNew(key, value, ttlMs)));
  }

  async get(key: string): Promise<string | null> {
    return (await this.getAll([key]))[0] ?? null;
  }

  async getAll(keys: readonly string[]): Promise<(string | null)[]> {
    const where = this.#where();
    const newer = where === 'redis' ? undefined : await this.#standIn.getAll(keys);
    if (where === 'stand-in') return newer ?? [];
    const [only] = keys;
    const here =
      keys.length === 1 && only !== undefined
        ? [await this.#redis.get(only)]
        : await this.#redis.mget([...keys]);
    return here.map((value, no) => newer?.[no] ?? value);
  }

  #where(): 'redis' | 'stand-in' | 'both' {
    const reach = reachOf(this.#redis);
    if (reach.away) return 'stand-in';
    return reach.wasAwayForSomeWithin(FOUND_MS) ? 'both' : 'redis';
  }
}
