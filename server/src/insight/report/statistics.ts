import type { Clock } from '@bianmin/card/clock';
import {
  WAITING_MOST,
  type StatisticsCounts,
  type StatisticsDashboard,
  type StatisticsDimension,
  type StatisticsPoint,
  type StatisticsSeries,
  type StatisticsView,
} from '@bianmin/purchase/api/statistics';
import type { OrderState } from '@bianmin/purchase/api/order';
import { covers, type Scope } from '../../kernel/scope.ts';
import { chinaClock, dayPlus, daysBetween, daysOfMonth } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Org, OrgStore } from '../../access/store/orgs.ts';
import type { WaitingOrders } from './waiting-orders.ts';
import { addCounts, TIME_BOUNDS_S, timePercentile, type Counts, type Sums } from './counts.ts';
import type { Dimension, Rollup } from './rollup.ts';
import type { RollupQuery, RollupStore } from './rollup-store.ts';
import type { TerminalCounts } from './terminal-rollups.ts';

const WAITING = {
  ...{ attention: 'attention', gridSilent: 'grid-silent', writeFailed: 'write-failed' },
  ...{ creditFailed: 'credit-failed', refunding: 'refunding' },
} as const satisfies Record<keyof StatisticsDashboard['waiting'], OrderState>;
const DAYS_SHOWN = 30;
/** Values of a dimension that are given; the smallest are left out. */
const PARTS_MOST = 300;

/** What people ask of the rollups, within their scope. */
export class Statistics {
  readonly #init: { store: RollupStore; orgs: OrgStore; waiting: WaitingOrders; clock: Clock };

  constructor(init: { store: RollupStore; orgs: OrgStore; waiting: WaitingOrders; clock: Clock }) {
    this.#init = init;
  }

  /** Today beside the same hours of yesterday and of a week ago, the last days, and what waits. */
  async dashboard(scope: Scope, wanted: string | undefined): Promise<StatisticsDashboard> {
    const { store, waiting, clock } = this.#init;
    const org = await this.#org(scope, wanted);
    const clockNow = chinaClock(new Date(clock.now()));
    const [day, hour] = [clockNow.slice(0, 10), Number(clockNow.slice(11, 13))];
    const first = dayPlus(day, 1 - DAYS_SHOWN);
    const { current } = await store.state();
    const query = { grain: 'day', from: first, to: day, of: { org: org._id } } as const;
    const recent = { ...query, from: dayPlus(day, -7) };
    const states = Object.entries(WAITING) as [keyof typeof WAITING, OrderState][];
    const [days, lately, ...counts] = await Promise.all([
      store.read(current, query),
      store.read(current, recent, ['hour', 'entry', 'channel']),
      ...states.map(([, state]) => waiting.count(state, org._id, WAITING_MOST)),
    ]);
    const of = (wantedDay: string): Rollup | undefined => lately.find(({ period }) => period === wantedDay);
    const upTo = (rollup: Rollup | undefined): StatisticsCounts => viewOf(firstHours(rollup, hour));
    const [today, yesterday, weekBefore] = [of(day), of(dayPlus(day, -1)), of(dayPlus(day, -7))];
    return {
      org: org._id,
      day,
      today: viewOf(today?.all),
      sameTime: {
        beforeHour: hour,
        today: upTo(today),
        yesterday: upTo(yesterday),
        weekBefore: upTo(weekBefore),
      },
      hours: { today: hoursOf(today, hour), yesterday: hoursOf(yesterday) },
      days: pointsOf(daysBetween(first, day), days),
      entries: viewsOf(today?.entry),
      channels: viewsOf(today?.channel),
      waiting: Object.fromEntries(
        states.map(([name], at) => [name, counts[at] ?? 0]),
      ) as StatisticsDashboard['waiting'],
      timeBoundsSeconds: [...TIME_BOUNDS_S],
    };
  }

  /** A year by months, a month by days or a day by hours, beside the one before. */
  async series(
    scope: Scope,
    query: { at: string; by: StatisticsDimension; org?: string | undefined },
  ): Promise<StatisticsSeries> {
    const org = await this.#org(scope, query.org);
    const { at } = query;
    const before = periodBefore(at);
    const now = chinaClock(new Date(this.#init.clock.now()));
    const [points, pointsBefore, [parts, partsBefore]] = await Promise.all([
      this.#points(at, org),
      this.#points(before, org),
      this.#partsOf([at, before], query.by, org),
    ]);
    // What has only begun is compared with as much of the one before.
    const comparable = now.startsWith(at) ? pointsBefore.slice(0, comparableOf(at, now)) : pointsBefore;
    const names = query.by === 'org' ? await this.#names(org) : new Map<string, Org>();
    return {
      view: viewName(at),
      at,
      org: org._id,
      timeBoundsSeconds: [...TIME_BOUNDS_S],
      total: viewOf(totalOf(points)),
      points: points.map(pointView),
      before: { at: before, total: viewOf(totalOf(comparable)), points: pointsBefore.map(pointView) },
      parts: [...parts]
        .toSorted(([, a], [, b]) => (b.orders ?? 0) - (a.orders ?? 0))
        .slice(0, PARTS_MOST)
        .map(([value, counts]) => {
          const named = names.get(value);
          const cell = named?.cell;
          return {
            value,
            names: named?.names ?? null,
            cell: cell === undefined ? null : [cell[0], cell[1]],
            total: viewOf(counts),
            before: viewOf(partsBefore.get(value)),
          };
        }),
    };
  }

  async #org(scope: Scope, wanted: string | undefined): Promise<Org> {
    const org = await this.#init.orgs.get(wanted ?? scope);
    if (org === null || !covers(scope, org.path)) {
      throw new ProblemError({
        code: 'request.not-found',
        message: 'There is no such organisation within your scope.',
      });
    }
    return org;
  }

  async #points(at: string, org: Org): Promise<Point[]> {
    const { store } = this.#init;
    const { current } = await store.state();
    const { view, periods, query } = rangeOf(at);
    const own = { org: org._id };
    if (view === 'day') {
      const [rollup] = await store.read(current, { ...query, of: own }, ['hour']);
      return periods.map((period) => ({ period, counts: rollup?.hour?.[period] ?? {} }));
    }
    const found = new Map(
      (await store.read(current, { ...query, of: own })).map((each) => [each.period, each.all]),
    );
    return periods.map((period) => ({ period, counts: found.get(period) ?? {} }));
  }

  /** Of two periods, the sums by the values of a dimension. */
  async #partsOf(
    [at, before]: readonly [string, string],
    by: StatisticsDimension,
    org: Org,
  ): Promise<readonly [ReadonlyMap<string, Counts>, ReadonlyMap<string, Counts>]> {
    const { terminals } = this.#init.store;
    const { current, withTerminals } = await this.#init.store.state();
    // The version before's rollups have them within those of organisations, all of them.
    if (by !== 'terminal' || viewName(at) === 'day' || !withTerminals) {
      return Promise.all([this.#parts(at, by, org), this.#parts(before, by, org)]);
    }
    const largest = await terminals.largest(current, { period: at, below: org._id }, PARTS_MOST);
    const ids = largest.map(({ terminal }) => terminal);
    const earlier = await terminals.of(current, { period: before, below: org._id }, ids);
    const byTerminal = (all: readonly TerminalCounts[]): Map<string, Counts> =>
      new Map(all.map(({ terminal, counts }) => [terminal, counts]));
    return [byTerminal(largest), byTerminal(earlier)];
  }

  /** Sums by the values of a dimension; nothing where none is asked for. */
  async #parts(at: string, by: StatisticsDimension, org: Org): Promise<Map<string, Sums>> {
    if (by === 'none') return new Map();
    const { store } = this.#init;
    const { current } = await store.state();
    // A month's and a day's own rollup have them already summed; a year is its months.
    const grain = viewName(at) === 'day' ? ('day' as const) : ('month' as const);
    const range = viewName(at) === 'year' ? { from: `${at}-01`, to: `${at}-12` } : { from: at, to: at };
    const of: RollupQuery['of'] =
      by === 'org' ? { childrenOf: org._id } : by === 'terminal' ? { below: org._id } : { org: org._id };
    const splits: Dimension[] = by === 'org' ? [] : [by];
    const sums = new Map<string, Sums>();
    for (const rollup of await store.read(current, { grain, ...range, of }, splits)) {
      const values = by === 'org' ? { [rollup.org]: rollup.all } : (rollup[by] ?? {});
      for (const [value, counts] of Object.entries(values)) {
        const known = sums.get(value) ?? {};
        addCounts(known, counts);
        sums.set(value, known);
      }
    }
    return sums;
  }

  /** Its children. */
  async #names(org: Org): Promise<Map<string, Org>> {
    const within = await this.#init.orgs.within(org._id);
    return new Map(within.filter(({ parent }) => parent === org._id).map((each) => [each._id, each]));
  }
}

interface Point {
  readonly period: string;
  readonly counts: Counts;
}

function viewName(at: string): StatisticsView {
  return at.length === 4 ? 'year' : at.length === 7 ? 'month' : 'day';
}

function rangeOf(at: string): {
  view: StatisticsView;
  periods: string[];
  query: Pick<RollupQuery, 'grain' | 'from' | 'to'>;
} {
  const view = viewName(at);
  if (view === 'year') {
    const periods = Array.from({ length: 12 }, (_, month) => `${at}-${String(month + 1).padStart(2, '0')}`);
    return { view, periods, query: { grain: 'month', from: `${at}-01`, to: `${at}-12` } };
  }
  if (view === 'day') return { view, periods: HOURS, query: { grain: 'day', from: at, to: at } };
  const { first, last } = daysOfMonth(at);
  return { view, periods: daysBetween(first, last), query: { grain: 'day', from: first, to: last } };
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

function periodBefore(at: string): string {
  const view = viewName(at);
  if (view === 'year') return String(Number(at) - 1).padStart(4, '0');
  if (view === 'day') return dayPlus(at, -1);
  return dayPlus(`${at}-01`, -1).slice(0, 7);
}

/** How many points of what has begun are there: months, days, or full hours. */
function comparableOf(at: string, clockNow: string): number {
  if (at.length === 4) return Number(clockNow.slice(5, 7));
  if (at.length === 7) return Number(clockNow.slice(8, 10));
  return Number(clockNow.slice(11, 13));
}

function totalOf(points: readonly Point[]): Sums {
  const sums: Sums = {};
  for (const { counts } of points) addCounts(sums, counts);
  return sums;
}

function firstHours(rollup: Rollup | undefined, before: number): Sums {
  const sums: Sums = {};
  for (const hour of HOURS.slice(0, before)) addCounts(sums, rollup?.hour?.[hour] ?? {});
  return sums;
}

function hoursOf(rollup: Rollup | undefined, last = 23): StatisticsPoint[] {
  return HOURS.slice(0, last + 1).map((period) => ({ period, counts: viewOf(rollup?.hour?.[period]) }));
}

function pointsOf(periods: readonly string[], rollups: readonly Rollup[]): StatisticsPoint[] {
  const found = new Map(rollups.map((each) => [each.period, each.all]));
  return periods.map((period) => ({ period, counts: viewOf(found.get(period)) }));
}

const pointView = ({ period, counts }: Point): StatisticsPoint => ({ period, counts: viewOf(counts) });

function viewsOf(split: Readonly<Record<string, Counts>> | undefined): Record<string, StatisticsCounts> {
  return Object.fromEntries(Object.entries(split ?? {}).map(([value, counts]) => [value, viewOf(counts)]));
}

/** As it is shown. */
function viewOf(counts: Counts = {}): StatisticsCounts {
  const of = (name: keyof Counts): number => counts[name] ?? 0;
  const paid = of('paid');
  return {
    orders: of('orders'),
    faceFen: of('faceFen'),
    discountFen: of('discountFen'),
    paid,
    paidFen: of('paidFen'),
    credited: of('credited'),
    inMeter: of('inMeter'),
    meterRefused: of('meterRefused'),
    failed: of('failed'),
    abandoned: of('abandoned'),
    refunds: of('refunds'),
    refundFen: of('refundFen'),
    times: Array.from({ length: TIME_BOUNDS_S.length + 1 }, (_, at) => of(`t${at}`)),
    successPercent: paid === 0 ? null : Math.round((of('credited') * 10_000) / paid) / 100,
    median: timePercentile(counts, 0.5),
    p95: timePercentile(counts, 0.95),
  };
}
