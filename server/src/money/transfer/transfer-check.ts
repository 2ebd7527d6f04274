import type { Clock } from '@bianmin/card/clock';
import { caseIdOf, SYSTEM } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import { chinaDay, dayPlus } from '../../kernel/china-time.ts';
import { TRANSFER_DIFF } from '../../orders/model/case-sink.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { sumOwed } from './days-owed.ts';
import { caseOfDifference } from './difference.ts';
import { owedNow, paidDays, type PaidDays } from './transfer.ts';
import type { GridTransferStore } from './transfer-store.ts';

/** A quarter from the booking on, also where that was late: a day is seldom compared anew later. */
const LOOKED_BACK_DAYS = 93;

export interface TransferCheckInit {
  readonly grid: string;
  readonly store: Pick<GridTransferStore, 'history' | 'check'>;
  readonly days: Pick<DayStore, 'list'>;
  readonly cases: Pick<Cases, 'openWhileItLasts' | 'openOf' | 'end'>;
  readonly clock: Clock;
}

/** Holds what was transferred, rests with it, beside what its days come to, also after they were compared anew: what differs is a person's case. */
export class TransferCheck {
  readonly #init: TransferCheckInit;

  constructor(init: TransferCheckInit) {
    this.#init = init;
  }

  /** One look; gives how many differ. Free to repeat. */
  async round(): Promise<number> {
    const { store, grid, clock } = this.#init;
    const since = dayPlus(chinaDay(new Date(clock.now())), -LOOKED_BACK_DAYS);
    const differing = new Set<string>();
    for (const paid of paidDays(await store.history(grid))) {
      const { at } = paid.rests.at(-1) ?? paid.transfer;
      const owedFen = chinaDay(at) < since ? owedNow(paid.transfer) : await this.#look(paid);
      if (owedFen !== paid.fen) differing.add(await this.#differs(paid, owedFen));
    }
    await this.#endOthers(differing);
    return differing.size;
  }

  async #look({ transfer }: PaidDays): Promise<number> {
    const { store, days, clock } = this.#init;
    const sum = await sumOwed(days, transfer);
    const before = owedNow(transfer);
    // While a day is compared anew, what it came to before is what is known.
    if ('open' in sum || sum.owedFen === before) return before;
    await store.check(transfer._id, { at: new Date(clock.now()), owedFen: sum.owedFen });
    return sum.owedFen;
  }

  /** The same difference is one case, and stays as people have it; another of the same transfer is another. */
  async #differs({ transfer, fen }: PaidDays, owedFen: number): Promise<string> {
    const { from, to, reference } = transfer;
    const differenceFen = fen - owedFen;
    const about = caseOfDifference(transfer, differenceFen);
    const facts = {
      day: to,
      firstDay: from,
      transferredFen: fen,
      ledgerFen: owedFen,
      differenceFen,
      reference,
    };
    await this.#init.cases.openWhileItLasts({ ...about, facts });
    return caseIdOf(about);
  }

  /** What was undone, or fits by now, or differs by another sum. */
  async #endOthers(differing: ReadonlySet<string>): Promise<void> {
    const { cases } = this.#init;
    for await (const { _id } of cases.openOf(TRANSFER_DIFF)) {
      if (!differing.has(_id))
        await cases.end(_id, SYSTEM, 'Transfer and days do not differ by this any more.');
    }
  }
}
