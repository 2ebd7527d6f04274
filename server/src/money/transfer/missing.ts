import type { CaseStore } from '../../cases/case-store.ts';
import { dayPlus } from '../../kernel/china-time.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { eachDayOwed } from './days-owed.ts';
import { isSettled } from './difference.ts';
import { owedNow, type GridTransfer } from './transfer.ts';

export interface MissingInit {
  readonly grid: string;
  readonly days: Pick<DayStore, 'list'>;
  readonly cases: Pick<CaseStore, 'get'>;
}

/** What of its days a transfer left to be paid. It pays the oldest first, so that what is missing is missing at the newest. */
export class MissingMoney {
  readonly #init: MissingInit;

  constructor(init: MissingInit) {
    this.#init = init;
  }

  /**
   * What is missing of a transfer's days up to this one, fen: of the day itself no more than it owes. Nothing where two persons settled
   * the difference.
   */
  async upTo(day: string, transfer: GridTransfer): Promise<number> {
    const { grid, days, cases } = this.#init;
    let missingFen = owedNow(transfer) - transfer.fen;
    if (missingFen <= 0 || (await isSettled(cases, { transfer, differenceFen: -missingFen }))) return 0;
    for await (const { owedFen } of eachDayOwed(days, { from: dayPlus(day, 1), to: transfer.to, grid })) {
      missingFen -= Math.max(owedFen ?? 0, 0);
      if (missingFen <= 0) return 0;
    }
    return missingFen;
  }
}
