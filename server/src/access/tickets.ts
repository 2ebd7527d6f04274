import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import { sha256Hex } from '../kernel/canonical.ts';

/**
 * Tickets that stand for something that was proven, so that it need not be proven again and the caller need not
 * remember how. In Redis, under their digest: where they are lost, it is proven again.
 */
export class Tickets<T> {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #schema: z.ZodType<T>;
  readonly #ttlS: number;

  /** `ttlS`: seconds that a ticket is good for, counted again from each `renew`. */
  constructor(redis: Redis, init: { prefix: string; schema: z.ZodType<T>; ttlS: number }) {
    this.#redis = redis;
    this.#prefix = init.prefix;
    this.#schema = init.schema;
    this.#ttlS = init.ttlS;
  }

  async issue(content: T): Promise<string> {
    const ticket = randomBytes(24).toString('base64url');
    await this.keep(ticket, content);
    return ticket;
  }

  /** What a ticket stands for from now on, in place of anything before. */
  async keep(ticket: string, content: T): Promise<void> {
    await this.#redis.set(this.#keyOf(ticket), JSON.stringify(content), 'EX', this.#ttlS);
  }

  /** Null once it has run out, and for a ticket that never was one. */
  async find(ticket: string): Promise<T | null> {
    return this.#parsed(await this.#redis.get(this.#keyOf(ticket)));
  }

  /** As `find`; one that is there is good for as long as a new one. */
  async renew(ticket: string): Promise<T | null> {
    return this.#parsed(await this.#redis.getex(this.#keyOf(ticket), 'EX', this.#ttlS));
  }

  async end(ticket: string): Promise<void> {
    await this.#redis.del(this.#keyOf(ticket));
  }

  #parsed(found: string | null): T | null {
    return found === null ? null : this.#schema.parse(parseJson(found));
  }

  #keyOf(ticket: string): string {
    return `${this.#prefix}:${sha256Hex(ticket)}`;
  }
}
