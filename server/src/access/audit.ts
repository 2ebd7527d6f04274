import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import { redact } from '../redact.ts';
import type { AuditEntry, AuditStore } from '../store/audit.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';

export type AuditRecord = Pick<AuditEntry, 'who' | 'action' | 'target' | 'where'> & {
  /** Small; secret fields are blanked as in the log. */
  readonly data?: Readonly<Record<string, unknown>>;
};

/**
 * The audit trail: append-only, each process a chain of its own in which every entry holds the digest of the
 * one before, so that a changed or missing entry shows (`verify`). A chain's first entry holds the newest
 * digest of any chain, which ties the chains of successive processes together.
 *
 * An entry is written *before* what it tells of is done, and when it cannot be written nothing is done: the
 * trail may hold an order that came to nothing, never miss one that did.
 */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  #writer = newWriter();
  #n = 0;
  #last: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(store: AuditStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Resolves once the entry is durable. */
  record(record: AuditRecord): Promise<void> {
    const done = this.#queue.then(() => this.#append(record));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #append(record: AuditRecord): Promise<void> {
    this.#last ??= (await this.#store.newest())?.digest ?? '';
    const n = this.#n + 1;
    const unsigned = {
      _id: `${this.#writer}:${String(n).padStart(12, '0')}`,
      writer: this.#writer,
      n,
      at: new Date(this.#clock.now()),
      who: { kind: record.who.kind, id: record.who.id },
      action: record.action,
      target: record.target,
      where: { ip: record.where.ip, traceId: record.where.traceId },
      data: redact(record.data ?? {}) as Record<string, unknown>,
      prev: this.#last,
    };
    const entry = { ...unsigned, digest: digestOf(unsigned) };
    try {
      await this.#store.append(entry);
    } catch (error) {
      // It may have been stored all the same: this chain ends here and the next entry begins another.
      this.#writer = newWriter();
      this.#n = 0;
      this.#last = undefined;
      throw error;
    }
    this.#n = n;
    this.#last = entry.digest;
  }

  /** Reads every chain and names each entry that is not as it was written or does not follow its predecessor. */
  async verify(): Promise<{ entries: number; faults: string[] }> {
    const faults: string[] = [];
    let entries = 0;
    for (const writer of await this.#store.writers()) {
      let before: AuditEntry | undefined;
      for (const entry of await this.#store.chain(writer)) {
        const { digest, ...unsigned } = entry;
        entries += 1;
        if (digestOf(unsigned) !== digest) faults.push(`${entry._id}: changed`);
        if (entry.n !== (before?.n ?? 0) + 1) faults.push(`${entry._id}: an entry before it is missing`);
        else if (before !== undefined && entry.prev !== before.digest) {
          faults.push(`${entry._id}: does not follow the entry before it`);
        }
        before = entry;
      }
    }
    return { entries, faults };
  }
}

function newWriter(): string {
  return randomBytes(8).toString('hex');
}

function digestOf(entry: Omit<AuditEntry, 'digest'>): string {
  return sha256Hex(canonicalJson(entry));
}
