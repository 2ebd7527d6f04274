import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { accountFacts } from '../../gateways/grid/accounts.ts';
import type { Ephemeral } from '../../adapters/redis/ephemeral.ts';

/** How long a reading of a card is good for. */
export const CARD_SESSION_MS = 10 * 60_000;

const cardSessionSchema = z.object({
  terminalId: z.string(),
  customerNo: z.string(),
  meterNo: z.string(),
  chip: z.enum(CHIP_NAMES),
  serial: z.string(),
  imageDigest: z.string(),
  /** The count that the next sale has. */
  count: z.int(),
  previousInserted: z.boolean(),
  /** The newest that the meter had written back, by its own clock; null: never. Absent in sessions of a former version. */
  meterSaidAt: z.string().nullable().default(null),
  masked: z.object({ name: z.string(), address: z.string(), customerNo: z.string() }),
  /** A digest of who holds the account; absent: the grid does not say. */
  holder: z.string().optional(),
  minFen: z.int(),
  maxFen: z.int(),
  /** What the grid says of its account and bills. */
  ...accountFacts,
});
/** One reading of one card on one terminal: what an order is made against. */
export type CardSession = z.infer<typeof cardSessionSchema>;

/**
 * Card sessions in Redis. The terminal's handle is the key that the entry is sealed with, and only its digest
 * names the entry: reading Redis tells nothing.
 */
export class CardSessions {
  readonly #ephemeral: Ephemeral;

  constructor(ephemeral: Ephemeral) {
    this.#ephemeral = ephemeral;
  }

  /** Gives the handle, 43 characters. */
  async open(session: CardSession, readAt: Date): Promise<string> {
    const handle = randomBytes(32).toString('base64url');
    await this.#ephemeral.put(nameOf(handle), seal(handle, JSON.stringify(session)), CARD_SESSION_MS);
    const reading: StoredReading = { at: readAt.toISOString(), shows: shownBy(session) };
    const name = heldName(session.terminalId, session.serial);
    await this.#ephemeral.put(name, JSON.stringify(reading), CARD_SESSION_MS);
    return handle;
  }

  /** Null once it ran out, was lost, or belongs to another terminal. */
  async find(handle: string, terminalId: string): Promise<CardSession | null> {
    const sealed = await this.#ephemeral.get(nameOf(handle));
    if (sealed === null) return null;
    const session = cardSessionSchema.parse(JSON.parse(open(handle, sealed)));
    return session.terminalId === terminalId ? session : null;
  }

  /** Whether this terminal had that card in its reader within the last ten minutes. */
  async holds(terminalId: string, serial: string): Promise<boolean> {
    return (await this.#ephemeral.get(heldName(terminalId, serial))) !== null;
  }

  /** When this terminal last read that card within the last ten minutes, and what `shownBy` makes of it. */
  async reading(terminalId: string, serial: string): Promise<{ at: Date; shows: string } | null> {
    const stored = await this.#ephemeral.get(heldName(terminalId, serial));
    if (stored === null) return null;
    const { at, shows } = storedReading.parse(JSON.parse(stored));
    return { at: new Date(at), shows };
  }
}

const storedReading = z.object({ at: z.iso.datetime(), shows: z.string() });
type StoredReading = z.infer<typeof storedReading>;

/** A digest of what a purchase is made against: equal for the same card in the same state and the same count. */
export function shownBy(card: Pick<CardSession, 'serial' | 'meterNo' | 'imageDigest' | 'count'>): string {
  const { serial, meterNo, imageDigest, count } = card;
  return createHash('sha256')
    .update(JSON.stringify([serial, meterNo, imageDigest, count]))
    .digest('hex');
}

function nameOf(handle: string): string {
  return `card:session:${createHash('sha256').update(handle).digest('hex')}`;
}

function heldName(terminalId: string, serial: string): string {
  return `card:held:${createHash('sha256').update(`${terminalId}:${serial}`).digest('hex')}`;
}

function keyOf(handle: string): Buffer {
  return Buffer.from(hkdfSync('sha256', handle, '', 'bianmin card session', 32));
}

function seal(handle: string, clear: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(handle), iv);
  const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

function open(handle: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(handle), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
