import { z } from 'zod';
import { systemClock } from '@bianmin/card/node/system-clock';
import { seededRandom } from '@bianmin/card/testing/random';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { chinaDay, dayPlus, startOfDay } from '../../../server/src/kernel/china-time.ts';
import { collectionOf, connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { orderOfDocument } from '../../../server/src/orders/store/order-document.ts';
import type { OrderDocument } from '../../../server/src/orders/store/order-schema.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import { startStack } from '../../run/dev/stack.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { Operator, type OperatorCall } from '../../run/dev/operator.ts';
import { sealOfStack, seedStack } from '../../run/seed/seed-stack.ts';
import { Dice } from '@bianmin/card/testing/dice';
import type { BenchContext, BenchResult } from './bench.ts';
import { percentile } from './percentile.ts';

const ORDERS = 412_000;
const SAMPLES = 100;
const WARM_UP = 8;
/** No query is measured for longer, however slow the machine. */
const LIMIT_MS = 20_000;
/** Of each, p95. */
const GOAL_MS = 200;
/** Urumqi: the one with the most orders. */
const PREFECTURE = '650100';
/** A page of the console. */
const LIMIT = 50;

interface ConsoleRow {
  readonly bench: 'console';
  readonly name: string;
  readonly orders: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly goalMs: number;
}

function consoleRow(of: { name: string; orders: number; latenciesMs: readonly number[] }): ConsoleRow {
  const { name, orders, latenciesMs } = of;
  const [p50Ms, p95Ms] = [0.5, 0.95].map((share) => Number(percentile(latenciesMs, share).toFixed(1)));
  return { bench: 'console', name, orders, p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0, goalMs: GOAL_MS };
}

/** What the console asks most, over HTTP of the real web process, on a year of orders. */
export async function benchConsole({ seed, report, orders, dir }: BenchContext): Promise<BenchResult> {
  const stack = await startStack({
    ...{ kiosk: false, durable: true, report, env: { server: { LOG_LEVEL: 'warn' } } },
    // A folder has its database in it, whatever MONGODB_URI says.
    ...(dir === undefined ? {} : { dir, given: 'ignored' as const }),
  });
  try {
    if (dir === undefined) await seedStack(stack, { orders: orders ?? ORDERS, seed, report });
    const { samples, all } = await sampled(stack, { seed, count: Math.min(SAMPLES, orders ?? SAMPLES) });
    const operator = await Operator.login(stack);
    const people = { province: operator, prefecture: await ofPrefecture(stack, operator) };
    const rows: ConsoleRow[] = [];
    const [faults, missed]: [string[], string[]] = [[], []];
    for (const [name, { call, by = 'province' }] of Object.entries(QUERIES)) {
      const latenciesMs: number[] = [];
      const until = performance.now() + LIMIT_MS;
      for (const [at, sample] of samples.entries()) {
        if (latenciesMs.length > 0 && performance.now() > until) break;
        const asked = call(sample, at);
        const began = performance.now();
        const found = await people[by].call(asked, answered);
        if (at >= WARM_UP) latenciesMs.push(performance.now() - began);
        if (found.orders?.length === 0 && !mayBeEmpty(name, all)) faults.push(`${name} found nothing`);
      }
      const row = consoleRow({ name, orders: all, latenciesMs });
      report(`${name}: ${row.p95Ms} ms`);
      rows.push(row);
      if (row.p95Ms > GOAL_MS) missed.push(`${name} took ${row.p95Ms} ms, and ${GOAL_MS} ms is the goal`);
    }
    return { rows, engine: stack.database.engine, faults, missed };
  } finally {
    await stack.close();
  }
}

const answered = z.looseObject({ orders: z.array(z.unknown()).optional() });
/** Of a state and a time, a chip of one community, or one meter in one prefecture, there may be none. */
const MAY_BE_EMPTY: readonly string[] = ['byStateAndTime', 'byCommunityAndChip', 'bySearchOfPrefecture'];
/** A small year may have no order of a rare state. */
const SMALL_YEAR = 100_000;

function mayBeEmpty(name: string, orders: number): boolean {
  return MAY_BE_EMPTY.includes(name) || (name.startsWith('byState') && orders < SMALL_YEAR);
}

interface Query {
  readonly by?: 'prefecture';
  readonly call: (order: Order, at: number) => OperatorCall;
}

const search = (body: object): OperatorCall => ({
  ...{ path: '/v1/admin/orders/search', method: 'POST', body: { limit: LIMIT, ...body } },
});
/** The console's one search, which also looks for terminals and cases and writes a look at a household into the trail. */
const oneSearch = (text: string): OperatorCall => ({
  path: '/v1/admin/search',
  method: 'POST',
  body: { text },
});
const DIMENSIONS = ['none', 'org', 'terminal', 'entry', 'chip', 'channel'] as const;
const series = (at: string, by: (typeof DIMENSIONS)[number] = 'none'): OperatorCall => ({
  path: `/v1/admin/statistics/series?at=${at}&by=${by}`,
});
const monthOf = (at: Date): string => chinaDay(at).slice(0, 7);
const thisYear = (): string => chinaDay(new Date(systemClock.now())).slice(0, 4);
const STATES = ['done', 'closed', 'refunded', 'attention'] as const;

const QUERIES: Readonly<Record<string, Query>> = {
  byOrderNo: { call: ({ _id }) => search({ any: _id }) },
  byAnyCustomer: { call: ({ customerNo }) => search({ any: customerNo }) },
  byCustomer: { call: ({ customerNo }) => search({ customerNo }) },
  byMeter: { call: ({ meterNo }) => search({ any: meterNo }) },
  bySearch: { call: ({ meterNo }) => oneSearch(meterNo) },
  bySearchOfPrefecture: { by: 'prefecture', call: ({ meterNo }) => oneSearch(meterNo) },
  byCardSerial: { call: ({ serial }) => search({ serial }) },
  byTransaction: {
    call: ({ payments }) =>
      search({ transactionId: payments.find(({ funds }) => funds === true)?.transactionId }),
  },
  byTerminal: { call: ({ terminalId }) => search({ terminalId }) },
  byStateAndTime: {
    call: ({ createdAt }, at) => {
      const day = chinaDay(createdAt);
      const [from, to] = [startOfDay(day), startOfDay(dayPlus(day, 1 + (at % 30)))];
      const state = STATES[at % STATES.length];
      return search({ state, from: from.toISOString(), to: to.toISOString() });
    },
  },
  newest: { call: () => search({}) },
  byState: { call: (_, at) => search({ state: STATES[at % STATES.length] }) },
  byEntryAndChannel: {
    call: ({ entry, payments }) => search({ entry, channel: payments[0]?.channel }),
  },
  byCommunityAndChip: {
    call: ({ orgPath, chip }) => search({ orgId: orgPath.at(-1), chip }),
  },
  newestOfPrefecture: { by: 'prefecture', call: () => search({}) },
  byStateOfPrefecture: {
    by: 'prefecture',
    call: (_, at) => search({ state: STATES[at % STATES.length] }),
  },
  dashboardOfPrefecture: {
    by: 'prefecture',
    call: () => ({ path: '/v1/admin/statistics/dashboard' }),
  },
  dashboard: { call: () => ({ path: '/v1/admin/statistics/dashboard' }) },
  rollupMonth: {
    call: ({ createdAt }, at) => series(monthOf(createdAt), DIMENSIONS[at % 6]),
  },
  rollupYear: { call: (_, at) => series(thisYear(), DIMENSIONS[at % 6]) },
  moneyDay: { call: ({ createdAt }) => ({ path: `/v1/admin/money?day=${chinaDay(createdAt)}` }) },
  moneyMonth: { call: ({ createdAt }) => ({ path: `/v1/admin/money/month?month=${monthOf(createdAt)}` }) },
  moneyLines: {
    call: ({ createdAt, grid }) => ({
      path: `/v1/admin/money/lines?day=${chinaDay(createdAt)}&accounts=grid:${grid}:credit`,
    }),
  },
  // The dearest of them, alone.
  rollupMonthByTerminal: {
    call: ({ createdAt }) => series(monthOf(createdAt), 'terminal'),
  },
  rollupYearByTerminal: { call: () => series(thisYear(), 'terminal') },
  rollupYearByTerminalOfPrefecture: {
    by: 'prefecture',
    call: () => series(thisYear(), 'terminal'),
  },
};

/** One who sees a prefecture and nothing else: the first user beside the administrator, whom that one makes alone. */
async function ofPrefecture(stack: Stack, administrator: Operator): Promise<Operator> {
  const who = { name: 'bench-prefecture', password: 'of the bench and nobody else' };
  const login = (): Promise<Operator> => Operator.login(stack, who);
  try {
    return await login();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'auth.bad-credentials') throw error;
  }
  const body = { ...who, roles: ['administrator'], org: PREFECTURE };
  await administrator.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
  return login();
}

/** Paid orders from all over the year, and how many orders there are. */
async function sampled(
  stack: Stack,
  { seed, count }: { seed: number; count: number },
): Promise<{ samples: Order[]; all: number }> {
  const dice = new Dice(seededRandom(seed));
  const seal = sealOfStack(stack);
  const db = await connectDatabase(stack.urls.mongodbUri);
  try {
    const orders = collectionOf<OrderDocument>(db, 'orders');
    const all = await orders.estimatedDocumentCount();
    const today = chinaDay(new Date(systemClock.now()));
    const samples: Order[] = [];
    while (samples.length < count + WARM_UP) {
      // A day and no more: a database may read the whole of a range before it takes the first of it.
      const day = dayPlus(today, -dice.below(364));
      const [from, to] = [day, dayPlus(day, 1)].map((each) => each.slice(2).replaceAll('-', ''));
      const found = await orders
        .find({ _id: { $gte: from ?? '', $lt: to ?? '' } })
        .sort({ _id: 1 })
        .limit(20)
        .toArray();
      const done = found.find(
        ({ state, terminalId }) => state === 'done' && !terminalId.startsWith('payer:'),
      );
      if (done !== undefined) samples.push(orderOfDocument(done, seal));
    }
    return { samples, all };
  } finally {
    await db.close();
  }
}
