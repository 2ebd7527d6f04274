import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { MoneyDay, MoneyLine, MoneyLines, MoneyMonth } from '@bianmin/purchase/api/money';
import { orderNo } from '@bianmin/purchase/api/scalars';
import { paidOfLastWeek } from '../../insight/report/paid-week.ts';
import type { RollupStore } from '../../insight/report/rollup-store.ts';
import { chinaDay, dayPlus, daysBetween, daysOfMonth } from '../../kernel/china-time.ts';
import type { FloatStore } from '../float/float-store.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Posting } from '../ledger/posting.ts';
import { comparedSums } from '../reconcile/compared-sums.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import type { MissingMoney } from '../transfer/missing.ts';
import { paidDays } from '../transfer/transfer.ts';
import type { GridTransferStore } from '../transfer/transfer-store.ts';
import type { VendorCreditStore } from '../vendor-credit/credit-store.ts';
import { daysLeft } from '../vendor-credit/days-left.ts';
import { sumsOf } from './day-sums.ts';
import { channelsOf, moneyOf } from './money-day.ts';

export interface GlanceInit {
  readonly grid: string;
  readonly channels: ReadonlySet<Channel>;
  readonly ledger: Pick<LedgerStore, 'read' | 'lines' | 'firstDay'>;
  readonly days: Pick<DayStore, 'get' | 'list' | 'first'>;
  readonly floats: Pick<FloatStore, 'list'>;
  readonly transfers: Pick<GridTransferStore, 'history'>;
  readonly missing: Pick<MissingMoney, 'upTo'>;
  readonly credit: Pick<VendorCreditStore, 'known'>;
  readonly rollups: Pick<RollupStore, 'state' | 'read'>;
  readonly clock: Clock;
}

/** All money of a day on one page, each sum with the lines that make it. Reads the books and changes nothing. */
export class MoneyGlance {
  readonly #init: GlanceInit;

  constructor(init: GlanceInit) {
    this.#init = init;
  }

  /** Of yesterday where no day is named. */
  async day(asked?: string): Promise<MoneyDay> {
    const { grid, ledger, days, floats, transfers, missing, clock } = this.#init;
    const today = chinaDay(new Date(clock.now()));
    const day = asked ?? dayPlus(today, -1);
    const [sums, reconciled, known, history, deposit] = await Promise.all([
      sumsOf(ledger.read({ from: day, to: day })),
      days.get(day),
      floats.list(),
      transfers.history(grid),
      this.#deposit(),
    ]);
    const of = paidDays(history).find(({ transfer }) => transfer.from <= day && day <= transfer.to);
    const paid = of && { ...of, missingFen: await missing.upTo(day, of) };
    const parts = moneyOf({
      ...{ grid, sums, reconciled: reconciled ?? undefined },
      paid,
      channels: channelsOf(this.#init.channels, sums),
      floats: new Map(known.map(({ _id, name }) => [_id, name])),
    });
    return { day, over: day < today, ...parts, deposit };
  }

  /** What a sum is made of. */
  async lines(query: {
    readonly day: string;
    readonly accounts: readonly string[];
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<MoneyLines> {
    const { day, accounts, limit } = query;
    const after = query.after === undefined ? undefined : placeOf(query.after);
    const found = await this.#init.ledger.lines({
      ...{ day, accounts, limit: limit + 1 },
      ...(after === undefined ? {} : { after }),
    });
    const lines = found.slice(0, limit).map((posting) => lineOf(posting, accounts));
    return { lines, next: found.length > limit ? (lines.at(-1)?.id ?? null) : null };
  }

  /** Every day of a month, from what its comparison wrote down: no posting is read. */
  async month(month: string): Promise<MoneyMonth> {
    const { first, last } = daysOfMonth(month);
    const { days, ledger } = this.#init;
    const [listed, compared, booked] = await Promise.all([
      days.list(first, last),
      days.first(),
      ledger.firstDay(),
    ]);
    const known = new Map(listed.map((day) => [day._id, day]));
    return {
      firstDay: [compared, booked].filter((day) => day !== undefined).toSorted()[0] ?? null,
      days: daysBetween(first, last).map((day) => {
        const of = known.get(day);
        const sums = of === undefined ? undefined : comparedSums(of, this.#init.grid);
        const { owedFen = null, channelsFen = null, feeFen = null } = sums ?? {};
        return {
          ...{ day, state: of?.state ?? 'none', stale: of?.stale ?? false },
          ...{ owedFen, channelsFen, feeFen, differences: of?.caseIds.length ?? 0 },
        };
      }),
    };
  }

  async #deposit(): Promise<MoneyDay['deposit']> {
    const { credit, rollups, clock } = this.#init;
    const now = new Date(clock.now());
    const { availableFen, asOf } = await credit.known();
    const left =
      availableFen === null
        ? null
        : daysLeft(availableFen, { paidFen: await paidOfLastWeek(rollups, now), now });
    return { availableFen, asOf: asOf?.toISOString() ?? null, daysLeft: left };
  }
}

function lineOf({ source, n, group, name, at, legs }: Posting, accounts: readonly string[]): MoneyLine {
  return {
    ...{ id: `${source}|${n}|${group}`, source, name, at: at.toISOString() },
    orderNo: orderNo.safeParse(source).success ? source : null,
    legs: legs
      .filter(({ account }) => accounts.includes(account))
      .map(({ account, fen }) => ({ account, fen })),
  };
}

/** A line's id, read again. */
function placeOf(id: string): Pick<Posting, 'source' | 'n' | 'group'> {
  const [source = '', n = '', group = ''] = id.split('|');
  return { source, n: Number(n), group };
}
