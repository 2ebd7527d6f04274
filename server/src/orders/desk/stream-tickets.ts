import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { sha256Hex } from '../../kernel/canonical.ts';

const TICKET_TTL_S = 30;

/** One-time tickets: an EventSource sends no headers, so what proves the terminal stands in its address. */
export class StreamTickets {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async issue(terminalId: string): Promise<string> {
    const ticket = randomBytes(24).toString('base64url');
    await this.#redis.set(keyOf(ticket), terminalId, 'EX', TICKET_TTL_S);
    return ticket;
  }

  /** Whose ticket it is, the first time and within thirty seconds; afterwards null. */
  async take(ticket: string): Promise<string | null> {
    return this.#redis.getdel(keyOf(ticket));
  }
}

function keyOf(ticket: string): string {
  return `ticket:${sha256Hex(ticket)}`;
}
