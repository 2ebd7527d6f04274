import type { Budget, EndedHold, Hold, HoldEnd } from '../money/discount/budget-store.ts';
import type { Cap } from '../money/discount/cap-store.ts';
import type { DiscountRule, Household } from '../money/discount/rule.ts';

/** One budget's holds and sums: each step is one change, as in the database. */
interface Kept {
  budget: Budget;
  readonly open: Map<string, Hold>;
}

/** Budgets of discounts in memory, with the store's rules: a hold ends once, and money only moves with it. */
export class MemoryBudgets {
  readonly #kept = new Map<string, Kept>();

  make(id: string, fen: number): Promise<void> {
    const budget = { _id: id, leftFen: fen, heldFen: 0, spentFen: 0 };
    if (!this.#kept.has(id)) this.#kept.set(id, { budget, open: new Map() });
    return Promise.resolve();
  }

  get(id: string): Promise<Budget | null> {
    return Promise.resolve(this.kept(id) ?? null);
  }

  kept(id: string): Budget | undefined {
    return this.#kept.get(id)?.budget;
  }

  holding(): Promise<string[]> {
    return Promise.resolve(
      [...this.#kept.values()].filter(({ open }) => open.size > 0).map(({ budget }) => budget._id),
    );
  }

  /** Nothing here is of the version before. */
  takeOver(): Promise<void> {
    return Promise.resolve();
  }

  reserve(id: string, hold: Hold): Promise<boolean> {
    const kept = this.#kept.get(id);
    if (kept === undefined || kept.budget.leftFen < hold.fen) return Promise.resolve(false);
    kept.open.set(hold._id, hold);
    const { leftFen, heldFen } = kept.budget;
    kept.budget = { ...kept.budget, leftFen: leftFen - hold.fen, heldFen: heldFen + hold.fen };
    return Promise.resolve(true);
  }

  holdsOf(orderNo: string, id: string): Promise<Hold[]> {
    const holds = [...(this.#kept.get(id)?.open.values() ?? [])];
    return Promise.resolve(holds.filter((hold) => hold.orderNo === orderNo));
  }

  async end(id: string, endOf: (holds: readonly Hold[]) => Promise<readonly EndedHold[]>): Promise<number> {
    return this.endThose(id, await endOf([...(this.#kept.get(id)?.open.values() ?? [])]));
  }

  endThose(id: string, ends: readonly EndedHold[]): Promise<number> {
    const kept = this.#kept.get(id);
    const ended = ends.filter(({ hold }) => kept?.open.delete(hold._id) ?? false);
    for (const { hold, as } of ended) {
      if (kept === undefined) continue;
      const { heldFen, spentFen, leftFen } = kept.budget;
      const goes = as === 'spent' ? { spentFen: spentFen + hold.fen } : { leftFen: leftFen + hold.fen };
      kept.budget = { ...kept.budget, heldFen: heldFen - hold.fen, ...goes };
    }
    return Promise.resolve(ended.length);
  }
}

/** Caps of households in memory, with the store's rules. */
export class MemoryCaps {
  readonly caps = new Map<string, Cap>();

  make(id: string, fen: number): Promise<void> {
    if (!this.caps.has(id)) this.caps.set(id, { _id: id, leftFen: fen, spentFen: 0, holds: [] });
    return Promise.resolve();
  }

  get(id: string): Promise<Cap | null> {
    return Promise.resolve(this.caps.get(id) ?? null);
  }

  reserve(id: string, { orderNo, fen, at }: Pick<Hold, 'orderNo' | 'fen' | 'at'>): Promise<boolean> {
    const cap = this.caps.get(id);
    const holds = cap?.holds ?? [];
    const isOut = holds.some((hold) => hold.orderNo === orderNo) || cap?.barred?.includes(orderNo) === true;
    if (cap === undefined || cap.leftFen < fen || isOut) {
      return Promise.resolve(false);
    }
    this.caps.set(id, { ...cap, leftFen: cap.leftFen - fen, holds: [...holds, { orderNo, fen, at }] });
    return Promise.resolve(true);
  }

  bar(id: string, orderNo: string): Promise<void> {
    const cap = this.caps.get(id);
    if (cap !== undefined) {
      this.caps.set(id, { ...cap, barred: [...new Set([...(cap.barred ?? []), orderNo])] });
    }
    return Promise.resolve();
  }

  settle(id: string, { orderNo, fen }: Pick<Hold, 'orderNo' | 'fen'>, as: HoldEnd): Promise<void> {
    const cap = this.caps.get(id);
    const held = cap?.holds.find((hold) => hold.orderNo === orderNo && hold.fen === fen);
    if (cap === undefined || held === undefined) return Promise.resolve();
    const holds = cap.holds.filter((hold) => hold.orderNo !== orderNo);
    const goes = as === 'spent' ? { spentFen: cap.spentFen + fen } : { leftFen: cap.leftFen + fen };
    this.caps.set(id, { ...cap, holds, ...goes });
    return Promise.resolve();
  }
}

/** Rules in memory; nothing is known of households. */
export class MemoryRules {
  readonly rules: DiscountRule[] = [];

  active(now: Date): Promise<DiscountRule[]> {
    return Promise.resolve(this.rules.filter(({ status, to }) => status === 'active' && to > now));
  }

  household(): Promise<Household | null> {
    return Promise.resolve(null);
  }
}
