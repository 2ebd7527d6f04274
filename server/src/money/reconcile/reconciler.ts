import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { Logger } from 'pino';
import { caseIdOf, SYSTEM } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { Deps } from '../../config/deps.ts';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import type { OrderDays } from '../../orders/store/order-days.ts';
import { chinaDay, dayPlus, daysBetween } from '../../kernel/china-time.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { AccountChecks, CheckedAccount } from './account-check.ts';
import { accountReportOf, reportOf } from './case-report.ts';
import { differencesOf, type Difference } from './classify.ts';
import type { DayStore } from './day-store.ts';
import { compareFiles } from './engine/engine.ts';
import { ReconcileError } from './error.ts';
import { postFees } from './fee-postings.ts';
import { filesOf, type DayFiles } from './files.ts';
import type { BillingGrid } from './grid-bill.ts';
import { itemsOfOrder, paperOf, type ReconciledOrder } from './order-items.ts';
import { dayOf, settled } from './settle.ts';

/** Longer than any run takes; after a crash another process runs the days again once this is over. */
const LEASE_MS = 30 * 60_000;

export interface ReconcilerInit {
  readonly days: DayStore;
  readonly orders: OrderDays<ReconciledOrder>;
  readonly cases: Cases;
  readonly ledger: LedgerStore;
  /** Absent: lines are compared, accounts are not. */
  readonly accounts?: AccountChecks;
  readonly channels: Deps['channels'];
  readonly grid: BillingGrid;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Compares channels' bills, orders and the grid's bill of one day or of many at once. Free to run again: what it finds
 * are cases by what they are about, and one that is there already is left as people have it.
 */
export class Reconciler {
  readonly #init: ReconcilerInit;

  constructor(init: ReconcilerInit) {
    this.#init = init;
  }

  /**
   * Runs the days from `first` to `last`; gives the differences that are a person's. Throws `reconcile.day-open`,
   * `reconcile.not-ready` (later the same again), `reconcile.bill-unsound`, `reconcile.too-many`,
   * `reconcile.running`. The days then say why.
   */
  async run(init: { first: string; last?: string; by: string }): Promise<readonly Difference[]> {
    const { days } = this.#init;
    const { first, last = init.first } = init;
    const all = daysBetween(first, last);
    if (last >= chinaDay(new Date(this.#init.clock.now()))) throw dayOpen(last);
    const taken: string[] = [];
    try {
      for (const day of all) {
        if (!(await days.take(day, this.#now(), new Date(this.#init.clock.now() + LEASE_MS))))
          throw running(day);
        taken.push(day);
      }
      const found = await this.#compare(all, init.by);
      await days.markStale(dayPlus(last, 1));
      return found;
    } catch (error) {
      const why = codeOf(error) ?? 'server.internal';
      const state = why === 'reconcile.not-ready' || why === 'reconcile.running' ? 'waiting' : 'failed';
      for (const day of taken) await days.giveUp(day, { state, why, at: this.#now(), by: init.by });
      throw error;
    }
  }

  async #compare(all: readonly string[], by: string): Promise<readonly Difference[]> {
    const { channels, grid, orders, days, ledger } = this.#init;
    const [first = '', last = ''] = [all[0], all.at(-1)];
    const files = await filesOf(all, { channels: channels.values(), grid, orders });
    try {
      const { uneven } = await compareFiles(files.paths);
      await postFees(ledger, files.channelTotals);
      const { notCompared } = files;
      const before = await days.get(dayPlus(first, -1));
      const { differences, carried } = await settled({
        found: uneven.flatMap(differencesOf),
        // What was held for a bill that is not to be had any more stays undecided.
        carried: (before?.carried ?? []).filter((held) => !this.#isBillless(held, notCompared)),
        first,
        last,
        itemsOf: async (orderNo) => {
          const order = await orders.get(orderNo);
          return order === null ? [] : itemsOfOrder(order);
        },
      });
      const report = (each: Difference): CaseReport => reportOf(each, notCompared);
      for (const difference of differences) await this.#init.cases.openOnce(report(difference));
      for (const day of all) {
        const own = differences.filter((each) => this.#isOf(each, day, { first, last }));
        const accounts = await this.#accounts(day, files);
        const wrong = accounts.filter(({ unexplainedFen }) => unexplainedFen !== 0);
        const reports = [...own.map(report), ...wrong.map((each) => accountReportOf(day, each))];
        for (const account of reports.slice(own.length)) await this.#init.cases.openOnce(account);
        const caseIds = [...new Set(reports.map(caseIdOf))];
        await this.#noteGone(day, caseIds);
        const outcome = {
          state: 'done' as const,
          sources: files.sources.filter((source) => source.day === day),
          notCompared,
          counts: countsOf(reports),
          accounts,
          caseIds,
          carried: day === last ? carried : [],
        };
        await days.end(day, outcome, { at: this.#now(), by });
      }
      const differed = differences.length;
      this.#init.log.info({ first, last, differences: differed, notCompared }, 'days were reconciled');
      return differences;
    } finally {
      await files.close();
    }
  }

  async #accounts(day: string, files: DayFiles): Promise<CheckedAccount[]> {
    const { accounts, grid } = this.#init;
    if (accounts === undefined) return [];
    const sources = files.sources.filter((source) => source.day === day);
    const { notCompared } = files;
    return accounts.check(day, { grid: grid.grid, sources, notCompared, credits: files.credits(day) });
  }

  #isBillless({ bill, order }: Difference, notCompared: readonly string[]): boolean {
    const item = bill ?? order;
    return item !== undefined && notCompared.includes(paperOf(this.#init.grid, item));
  }

  /** Differences of before or after the range (held over, or without a time) are counted where they were reported. */
  #isOf(difference: Difference, day: string, range: { first: string; last: string }): boolean {
    const own = dayOf(difference);
    if (own < range.first) return day === range.first;
    return own > range.last ? day === range.last : own === day;
  }

  /** Cases of an earlier run that this one does not find: their people are told, and decide. */
  async #noteGone(day: string, caseIds: readonly string[]): Promise<void> {
    const { days, cases } = this.#init;
    const before = (await days.get(day))?.caseIds ?? [];
    const words = `The run of ${day} does not find this any more.`;
    for (const id of before.filter((each) => !caseIds.includes(each))) {
      const known = await cases.get(id);
      if (known.status === 'open' && known.notes.at(-1)?.text !== words) await cases.note(id, SYSTEM, words);
    }
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

function countsOf(differences: readonly Pick<CaseReport, 'kind'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of differences) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function dayOpen(day: string): ReconcileError {
  return new ReconcileError({
    code: 'reconcile.day-open',
    message: `${day} is not over in China. Run it tomorrow.`,
    context: { day },
  });
}

function running(day: string): ReconcileError {
  return new ReconcileError({
    code: 'reconcile.running',
    message: `${day} is being reconciled now. Look again in a few minutes.`,
    context: { day },
  });
}
