import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { redact } from '../kernel/redact.ts';
import { auditId, type AuditEntry, type AuditStore } from './store/audit.ts';
import { noteHead, type AuditHeads } from './audit-heads.ts';
import { digestOf } from './audit-digest.ts';

export type AuditRecord = Pick<AuditEntry, 'who' | 'action' | 'target' | 'where'> & {
  /** Small; secret fields are blanked as in the log. */
  readonly data?: Readonly<Record<string, unknown>>;
};

/** One of the staff, as the trail names them. */
export function whoIs({ userId }: { readonly userId: string }): { kind: 'admin'; id: string } {
  return { kind: 'admin', id: userId };
}

/** What one of the staff does, as it is recorded. */
export function byAdmin(admin: { readonly userId: string }, entry: Omit<AuditRecord, 'who'>): AuditRecord {
  return { who: whoIs(admin), ...entry };
}

/**
 * The audit trail: append-only, each process a chain of its own in which every entry holds the digest of the
 * one before, so that a changed or missing entry shows (`AuditCheck`). A chain's first entry holds the newest
 * digest of any chain, which ties the chains of successive processes together, and beside each chain its sealed head says
 * how far it has come, so that its end cannot be cut off unseen (docs/decisions/0019-the-end-of-the-trail.md).
 *
 * An entry is written *before* what it tells of is done, and when it cannot be written nothing is done: the
 * trail may hold an order that came to nothing, never miss one that did.
 */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #heads: AuditHeads;
  readonly #clock: Clock;
  #writer = newWriter();
  #n = 0;
  #last: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(store: AuditStore, heads: AuditHeads, clock: Clock) {
    this.#store = store;
    this.#heads = heads;
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
      _id: auditId(this.#writer, n),
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
      // After the entry: a process that dies between the two leaves one entry too many, never a head without its entry.
      await noteHead(this.#heads, { writer: entry.writer, n, digest: entry.digest }, entry.at);
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
}

function newWriter(): string {
  return randomBytes(8).toString('hex');
}
