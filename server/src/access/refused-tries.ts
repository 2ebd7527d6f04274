import type { Clock } from '@bianmin/card/clock';
import type { AuditRecord, AuditTrail } from './audit.ts';

const WINDOW_MS = 3_600_000;
/** Entries of one action in an hour, of one process, that are recorded one by one. */
export const EACH = 200;

/**
 * Tries that were refused, in the trail: it is kept for ever, and anybody can write into it by guessing from ever new addresses. The
 * first of an hour are recorded one by one, and then those alone at which their number has doubled, which is in the entry
 * (`refused`). Access log and metrics count each.
 */
export class RefusedTries {
  readonly #audit: Pick<AuditTrail, 'record'>;
  readonly #clock: Clock;
  readonly #counts = new Map<string, { readonly since: number; refused: number }>();

  constructor(init: { audit: Pick<AuditTrail, 'record'>; clock: Clock }) {
    this.#audit = init.audit;
    this.#clock = init.clock;
  }

  async record(entry: AuditRecord): Promise<void> {
    const refused = this.#count(entry.action);
    if (refused <= EACH) return this.#audit.record(entry);
    if (Number.isInteger(Math.log2(refused / EACH))) {
      await this.#audit.record({ ...entry, data: { ...entry.data, refused } });
    }
  }

  #count(action: string): number {
    const now = this.#clock.now();
    let count = this.#counts.get(action);
    if (count === undefined || now - count.since >= WINDOW_MS) {
      count = { since: now, refused: 0 };
      this.#counts.set(action, count);
    }
    count.refused += 1;
    return count.refused;
  }
}
