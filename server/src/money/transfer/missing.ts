import type { CaseStore } from '../../cases/case-store.ts';
import { dayPlus } from '../../kernel/china-time.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { eachDayOwed } from './days-owed.ts';
import { isSettled } from './difference.ts';
import { owedNow, type PaidDays } from './transfer.ts';

export interface MissingInit {
  readonly grid: string;
  readonly days: Pick<DayStore, 'list'>;
  readonly cases: Pick<CaseStore, 'get'>;
}

/** What of its days a transfer, with the rests that were sent later, left to be paid. It pays the oldest first, so that what is missing is missing at the newest. */
export class MissingMoney {
  readonly #init: MissingInit;

  constructor(init: MissingInit) {
    this.#init = init;
  }

  /** Of all its days, fen. Nothing where two persons settled the difference. */
  async of({ transfer, fen }: PaidDays): Promise<number> {
    const missingFen = owedNow(transfer) - fen;
    if (missingFen <= 0) return 0;
    return (await isSettled(this.#init.cases, { transfer, differenceFen: -missingFen })) ? 0 : missingFen;
  }

  /** Of its days up to this one, fen: of the day itself no more than it owes. */
  async upTo(day: string, paid: PaidDays): Promise<number> {
    const { grid, days } = this.#init;
    const span = { from: dayPlus(day, 1), to: paid.transfer.to, grid };
    let missingFen = await this.of(paid);
    if (missingFen === 0) return 0;
    for await (const { owedFen } of eachDayOwed(days, span)) {
      missingFen -= Math.max(owedFen ?? 0, 0);
      if (missingFen <= 0) return 0;
    }
    return missingFen;
  }
}
