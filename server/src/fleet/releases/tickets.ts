import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { KeyRing, type KeySource } from '../../kernel/key-ring.ts';

/** Longer than a slow line needs for a release. */
const TICKET_MS = 6 * 3_600_000;
const ALGORITHM = 'aes-256-gcm';
const PURPOSE = 'bianmin release tickets';
const [IV, TAG] = [12, 16];

const content = z.tuple([z.string(), z.string(), z.number()]);

/** What a ticket opens, and for whose line. */
export interface Ticket {
  readonly releaseId: string;
  /** Whose downloads share one line: the terminal's own organisation. */
  readonly community: string;
}

/**
 * An updater proves nothing of the terminal's key, so the address that it is given does: it opens one release, for hours,
 * and only while that release is not withdrawn. Sealed, not kept: any web process reads it.
 */
export class ReleaseTickets {
  readonly #keys: KeyRing;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(init: { secret: KeySource; clock: Pick<Clock, 'now'> }) {
    this.#keys = KeyRing.of(init.secret);
    this.#clock = init.clock;
  }

  issue(releaseId: string, orgPath: readonly string[]): string {
    const iv = randomBytes(IV);
    const cipher = createCipheriv(ALGORITHM, this.#keys.key(this.#keys.sealing, PURPOSE), iv);
    const text = JSON.stringify([releaseId, orgPath.at(-1) ?? PROVINCE, this.#clock.now() + TICKET_MS]);
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64url',
    );
  }

  /** Undefined where it is none of ours, or its time is over. */
  open(ticket: string): Ticket | undefined {
    const bytes = Buffer.from(ticket, 'base64url');
    if (bytes.length <= IV + TAG || bytes.toString('base64url') !== ticket) return undefined;
    for (const version of this.#keys.readingOrder) {
      const opened = this.#openUnder(version, bytes);
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  #openUnder(version: number, bytes: Buffer): Ticket | undefined {
    const key = this.#keys.key(version, PURPOSE);
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV), { authTagLength: TAG });
    decipher.setAuthTag(bytes.subarray(-TAG));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()]).toString(
        'utf8',
      );
      const [releaseId, community, until] = content.parse(JSON.parse(text));
      return until > this.#clock.now() ? { releaseId, community } : undefined;
    } catch {
      return undefined;
    }
  }
}
