import type { VendorCredit } from '../gateways/grid/vendor-credit.ts';
import {
  OVERTAKEN_MS,
  REFUSED_MS,
  SUM_MS,
  type Hold,
  type KnownCredit,
  type OrderSum,
  type VendorCreditStore,
} from '../money/vendor-credit/credit-store.ts';

/** What Redis keeps of our credit at the grid, in memory. */
export class MemoryVendorCredit implements VendorCreditStore {
  #told: { availableFen: number; asOf: number; batch: VendorCredit['batch']; base: number } | undefined;
  #sum: { fen: number; at: number; mark: number; nextMark: number } | undefined;
  #taken = 0;
  #sold = 0;
  #refusedAt: Date | null = null;
  #silent = false;

  hold(fen: number, now: Date): Promise<Hold> {
    return Promise.resolve(this.#holds(fen, now.getTime()));
  }

  #holds(fen: number, now: number): Hold {
    if (this.#refusedAt !== null && now - this.#refusedAt.getTime() < REFUSED_MS) return 'refused';
    if (this.#told === undefined) return this.#silent ? 'held' : 'unasked';
    if (this.#told.batch === 'closed') return 'refused';
    if (this.#sum === undefined || now - this.#sum.at >= SUM_MS) return 'stale';
    const left = this.#left(this.#told) - this.#sum.fen - (this.#taken - this.#sum.mark);
    if (fen > left) return 'refused';
    this.#taken += fen;
    return 'held';
  }

  taken(): Promise<number> {
    return Promise.resolve(this.#taken);
  }

  summed({ fen, taken, at }: OrderSum): Promise<void> {
    const age = this.#sum === undefined ? Infinity : at.getTime() - this.#sum.at;
    if (age >= SUM_MS) {
      const mark = age < 2 * SUM_MS ? (this.#sum?.nextMark ?? taken) : taken;
      this.#sum = { fen, at: at.getTime(), mark, nextMark: taken };
    }
    return Promise.resolve();
  }

  sold(): Promise<number> {
    return Promise.resolve(this.#sold);
  }

  noteSold(fen: number): Promise<void> {
    this.#sold += fen;
    this.#refusedAt = null;
    return Promise.resolve();
  }

  tell({ availableFen, asOf, batch }: VendorCredit, sold = this.#sold): Promise<void> {
    const at = Date.parse(asOf);
    const older = this.#told === undefined ? -1 : this.#told.asOf - at;
    const overtaken = older > 0 && older < OVERTAKEN_MS;
    if (!overtaken && !(older === 0 && availableFen > (this.#told?.availableFen ?? 0))) {
      this.#told = { availableFen, asOf: at, batch, base: sold };
      this.#refusedAt = null;
    }
    return Promise.resolve();
  }

  noteRefused(now: Date): Promise<void> {
    this.#refusedAt = now;
    return Promise.resolve();
  }

  noteSilent(): Promise<void> {
    this.#silent = true;
    return Promise.resolve();
  }

  known(): Promise<KnownCredit> {
    const told = this.#told;
    return Promise.resolve({
      availableFen: told === undefined ? null : this.#left(told),
      asOf: told === undefined ? null : new Date(told.asOf),
      batch: told?.batch ?? 'open',
      refusedAt: this.#refusedAt,
    });
  }

  #left({ availableFen, base }: { availableFen: number; base: number }): number {
    return availableFen - (this.#sold - base);
  }
}
