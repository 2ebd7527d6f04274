import type { AuditHead, SealedHead } from './store/audit-heads.ts';
import { auditId, type AuditEntry, type AuditStore } from './store/audit.ts';
import { digestOf } from './audit-digest.ts';
import type { AuditHeads } from './audit-heads.ts';
import { tiedIn } from './audit-ties.ts';

/** What can be wrong, each of one entry or of one chain's head. */
export const AUDIT_FAULTS = {
  changed: 'is not as it was written',
  gap: 'an entry before it is missing',
  unlinked: 'does not follow the entry before it',
  'start-unknown': 'the entry of another chain that it began after is missing',
  'cut-off': 'is the last one that is left; the head of its chain is further',
  'no-head': 'its chain has no head: it was removed, or the trail is older than heads',
  'head-forged': "its chain's head was not sealed by this server",
  'head-differs': "is not the entry that its chain's head was sealed for: the chain was written anew",
  'not-sealed':
    'and entries before it come after the head of their chain: a head was set back, or they were added',
  'tie-broken': 'was noted in another chain, and is missing or not the one that was noted',
  'kept-differs': 'is in the heads that were kept outside, and is missing or not the one that was kept',
} as const;
export type AuditFaultCode = keyof typeof AUDIT_FAULTS;

interface AuditFault {
  readonly code: AuditFaultCode;
  /** An entry's id. */
  readonly entry: string;
}

export interface AuditVerdict {
  readonly entries: number;
  readonly chains: number;
  /** The first of them; `more` are not named. */
  readonly faults: readonly AuditFault[];
  readonly more: number;
  /** Last entries without a seal: their process ended, or is, between an entry and its seal. No fault each. */
  readonly unsealed: readonly string[];
}

/** Named in one verdict; of more it says how many. */
const NAMED = 200;

/**
 * Reads the whole trail, a part at a time, and names each fault: every entry against its digest and the entry before,
 * every chain's end against its sealed head, and what one chain says of another. It may run while entries are written.
 */
export class AuditCheck {
  readonly #store: AuditStore;
  readonly #heads: AuditHeads;
  #running: Promise<AuditVerdict> | undefined;

  constructor(init: { store: AuditStore; heads: AuditHeads }) {
    this.#store = init.store;
    this.#heads = init.heads;
  }

  /** A caller that asks while it runs is told what that run finds. */
  run(): Promise<AuditVerdict> {
    this.#running ??= this.against([]).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The same, and held beside heads that were kept outside of the database. */
  async against(kept: readonly AuditHead[]): Promise<AuditVerdict> {
    const found = new Findings();
    const ties = new Map<string, AuditHead>();
    const writers = new Set(await this.#store.writers());
    for await (const { writer } of this.#heads.store.movedSince(new Date(0))) writers.add(writer);
    for (const writer of writers) await this.#chain(writer, found, ties);
    await this.#noted([...ties.values()], 'tie-broken', found);
    await this.#noted(kept, 'kept-differs', found);
    return { ...found.verdict(), chains: writers.size };
  }

  async #chain(writer: string, found: Findings, ties: Map<string, AuditHead>): Promise<void> {
    // Read before the entries, which only grow: a head that is further than they are has lost some.
    const head = await this.#heads.store.get(writer);
    let before: AuditEntry | undefined;
    for await (const entry of this.#store.chain(writer)) {
      found.entries += 1;
      this.#entry(entry, before, found);
      if (entry.n === head?.n && entry.digest !== head.digest) found.add('head-differs', entry._id);
      if (before === undefined && entry.prev !== '' && !(await this.#store.hasDigest(entry.prev))) {
        found.add('start-unknown', entry._id);
      }
      for (const tie of tiedIn(entry)) {
        if (tie.n > (ties.get(tie.writer)?.n ?? 0)) ties.set(tie.writer, tie);
      }
      before = entry;
    }
    const last = before?.n ?? 0;
    if (head !== null && !this.#heads.seal.fits(head, head.seal)) {
      found.add('head-forged', auditId(writer, head.n));
    }
    if (head !== null && head.n > last) found.add('cut-off', auditId(writer, last));
    this.#end(await this.#heads.store.get(writer), { writer, last }, found);
  }

  #entry(entry: AuditEntry, before: AuditEntry | undefined, found: Findings): void {
    const { digest, ...unsigned } = entry;
    if (digestOf(unsigned) !== digest) found.add('changed', entry._id);
    if (entry.n !== (before?.n ?? 0) + 1) found.add('gap', entry._id);
    else if (before !== undefined && entry.prev !== before.digest) found.add('unlinked', entry._id);
  }

  /** The head is read after the entries here: one entry may be beyond it, which is being sealed or never was. */
  #end(head: SealedHead | null, of: { writer: string; last: number }, found: Findings): void {
    const beyond = of.last - (head?.n ?? 0);
    const id = auditId(of.writer, of.last);
    if (beyond === 1) found.unsealed.push(id);
    else if (beyond > 1) found.add(head === null ? 'no-head' : 'not-sealed', id);
  }

  async #noted(heads: readonly AuditHead[], code: AuditFaultCode, found: Findings): Promise<void> {
    for (const { writer, n, digest } of heads) {
      const id = auditId(writer, n);
      if ((await this.#store.get(id))?.digest !== digest) found.add(code, id);
    }
  }
}

class Findings {
  entries = 0;
  readonly unsealed: string[] = [];
  readonly #faults: AuditFault[] = [];
  #more = 0;

  add(code: AuditFaultCode, entry: string): void {
    if (this.#faults.length < NAMED) this.#faults.push({ code, entry });
    else this.#more += 1;
  }

  verdict(): Omit<AuditVerdict, 'chains'> {
    return { entries: this.entries, faults: this.#faults, more: this.#more, unsealed: this.unsealed };
  }
}
