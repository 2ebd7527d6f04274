import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { sha256Hex } from '../access/canonical.ts';

/** How long staff may count the cash before their PIN is asked for again. */
const TTL_S = 5 * 60;

const offered = z.strictObject({ staff: z.string(), terminalId: z.string(), orderNo: z.string() });
/** Who may take the cash of which order, and where. `staff`: a user's id. */
export type Offered = z.infer<typeof offered>;

/**
 * Tickets that stand for a PIN that was right, so that no terminal needs to remember one. In Redis: where they are lost, the
 * PIN is asked for again. A ticket may be used more than once, because taking the cash may have to be repeated.
 */
export class CashOffers {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async issue(offer: Offered): Promise<string> {
    const ticket = randomBytes(24).toString('base64url');
    await this.#redis.set(keyOf(ticket), JSON.stringify(offer), 'EX', TTL_S);
    return ticket;
  }

  /** Null once it has run out, and for a ticket that never was one. */
  async find(ticket: string): Promise<Offered | null> {
    const found = await this.#redis.get(keyOf(ticket));
    return found === null ? null : offered.parse(JSON.parse(found));
  }
}

function keyOf(ticket: string): string {
  return `cash-offer:${sha256Hex(ticket)}`;
}
