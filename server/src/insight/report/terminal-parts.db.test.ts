import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mongo } from 'mongoose';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Dice } from '@bianmin/card/testing/dice';
import { seededRandom } from '@bianmin/card/testing/random';
import { FIRST_ORGS } from '../../access/xinjiang.ts';
import { OrgStore } from '../../access/store/orgs.ts';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { written } from '../../testing/order-events.ts';
import { addCounts, type Sums } from './counts.ts';
import { movementsOf, type CountedOrder } from './movements.ts';
import { RollupSet } from './rollup.ts';
import { RollupStore } from './rollup-store.ts';
import { Statistics } from './statistics.ts';
import { WaitingOrders } from './waiting-orders.ts';

/** As many as are shown. */
const SHOWN = 300;
const [HERE, THERE] = [
  ['province', '650100'],
  ['province', '653100'],
];

let t: TestContext;
let store: RollupStore;
let statistics: Statistics;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  const orgs = new OrgStore(t.db);
  store = new RollupStore(t.db);
  await orgs.prepare(FIRST_ORGS);
  await store.prepare();
  const clock = new ManualClock(Date.parse('2026-03-20T04:00:00Z'));
  statistics = new Statistics({ store, orgs, waiting: new WaitingOrders(t.db), clock });
});

function sold(month: string, terminalId: string, orgPath: readonly string[]): CountedOrder {
  const order = written('260301100000000001', [], { terminalId, orgPath });
  return {
    ...order,
    events: order.events.map((event) => ({ ...event, at: new Date(`${month}-05T02:00:00Z`) })),
  };
}

async function count(orders: readonly CountedOrder[]): Promise<void> {
  const set = new RollupSet();
  for (const order of orders) set.add(order);
  const { current } = await store.state();
  await store.insert(current, set.takeAll());
  await store.terminals.insert(current, set.terminals.takeAll());
}

/** What was asked of the rollups, and how many came: of a terminal within one, too. */
async function watched(work: () => Promise<void>): Promise<{ asked: mongo.Document[]; read: number }> {
  const asked: mongo.Document[] = [];
  let read = 0;
  const started = ({ commandName, command }: mongo.CommandStartedEvent): void => {
    if (commandName === 'find' && String(command['find']).startsWith('rollups')) asked.push(command);
    if (commandName === 'find' && command['find'] === 'rollupTerminals') asked.push(command);
  };
  const succeeded = ({ commandName, reply }: mongo.CommandSucceededEvent): void => {
    if (commandName !== 'find' && commandName !== 'getMore') return;
    const { ns, firstBatch, nextBatch } = (reply as { cursor: Record<string, unknown> }).cursor;
    if (!/\.rollup(?:s|Terminals)$/u.test(String(ns))) return;
    for (const { terminal } of (firstBatch ?? nextBatch) as { terminal?: unknown }[]) {
      read += 1 + (typeof terminal === 'object' && terminal !== null ? Object.keys(terminal).length : 0);
    }
  };
  const client = t.db.getClient();
  client.on('commandStarted', started).on('commandSucceeded', succeeded);
  await work();
  client.off('commandStarted', started).off('commandSucceeded', succeeded);
  return { asked, read };
}

/** By the orders themselves: the values of a view with their orders and what was paid, the largest first. */
function recount(orders: readonly CountedOrder[], at: string, org: string): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const order of orders.filter(({ orgPath }) => orgPath.includes(org))) {
    const value = order.terminalId.startsWith('payer:') ? 'phone' : order.terminalId;
    for (const { day, counts } of movementsOf(order)) {
      if (!day.startsWith(at)) continue;
      const known = sums.get(value) ?? {};
      addCounts(known, counts);
      sums.set(value, known);
    }
  }
  return sums;
}

describe('statistics by terminal', () => {
  it.each([
    ['2026-03', 2],
    ['2026', 6],
  ] as const)('of %s read those that have the most orders, and no others', async (at, last) => {
    const months = ['2025-12', '2026-01', '2026-02', '2026-03'];
    const orders = months.flatMap((month) =>
      Array.from({ length: 1_000 }, (_, no) => [
        sold(month, `T${no}`, HERE ?? []),
        ...(no < 400 ? [sold(month, `T${no}`, HERE ?? [])] : []),
      ]).flat(),
    );
    await count(orders);
    const { asked, read } = await watched(async () => {
      const { parts } = await statistics.series(WHOLE_PROVINCE, { at, by: 'terminal' });
      expect(parts).toHaveLength(SHOWN);
      expect(parts.at(-1)?.total.orders).toBe(last);
      expect(parts[0]?.before.orders).toBe(2);
    });
    // Points of both times, the largest, and the same ones before.
    expect(read).toBeLessThanOrEqual(months.length + 2 * SHOWN);
    for (const { find: of, filter, sort, limit } of asked) {
      const found = t.db.collection(String(of)).find(filter as object);
      if (sort !== undefined) found.sort(sort as mongo.Sort);
      if (limit !== undefined) found.limit(Number(limit));
      // Not every database explains.
      const { executionStats } = (await found.explain('executionStats').catch(noExplain)) as {
        executionStats?: { totalDocsExamined?: number };
      };
      if (executionStats?.totalDocsExamined === undefined) continue;
      expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(SHOWN);
    }
  });

  it('keep phones apart from terminals, and each place of a phone from the others', async () => {
    await count([
      ...Array.from({ length: 3 }, (_, no) => sold('2026-03', `payer:${no}`, PROVINCE_PATH)),
      ...Array.from({ length: 2 }, (_, no) => sold('2026-03', `payer:${no}`, HERE ?? [])),
      ...[sold('2026-03', 'T1', HERE ?? []), sold('2026-02', 'payer:9', PROVINCE_PATH)],
    ]);
    for (const [scope, phones] of [
      [WHOLE_PROVINCE, 5],
      [scopeOf('650100'), 2],
    ] as const) {
      const { parts } = await statistics.series(scope, { at: '2026-03', by: 'terminal' });
      expect(parts.map(({ value, total }) => [value, total.orders])).toEqual([
        ['phone', phones],
        ['T1', 1],
      ]);
    }
    expect((await statistics.series(scopeOf('653100'), { at: '2026', by: 'terminal' })).parts).toEqual([]);
    const { parts } = await statistics.series(WHOLE_PROVINCE, { at: '2026-03', by: 'terminal' });
    expect(parts[0]?.before.orders).toBe(1);
  });

  it('find the largest of a prefecture among many that have sold more elsewhere', async () => {
    const [moved, stayed] = [700, 500];
    await count([
      ...Array.from({ length: moved }, (_, no) => [
        ...Array.from({ length: 4 }, () => sold('2026-03', `M${no}`, HERE ?? [])),
        sold('2026-03', `M${no}`, THERE ?? []),
      ]).flat(),
      ...Array.from({ length: stayed }, (_, no) => [
        sold('2026-03', `S${no}`, THERE ?? []),
        sold('2026-03', `S${no}`, THERE ?? []),
      ]).flat(),
    ]);
    const { parts } = await statistics.series(scopeOf('653100'), { at: '2026-03', by: 'terminal' });
    expect(parts).toHaveLength(SHOWN);
    expect(parts.filter(({ value, total }) => value.startsWith('S') && total.orders === 2)).toHaveLength(
      SHOWN,
    );
  });

  it('are what the orders say, whatever moves, buys by phone and gives back', async () => {
    const dice = new Dice(seededRandom(24));
    const orders = Array.from({ length: 3_000 }, () => {
      const no = dice.below(600);
      const path = [PROVINCE_PATH, HERE, THERE, ['province', '650100', 'c0000000000000001']][dice.below(4)];
      const month = `2026-0${1 + dice.below(3)}`;
      return sold(
        dice.chance(0.1) ? '2025-12' : month,
        dice.chance(0.2) ? `payer:${no}` : `T${no}`,
        path ?? [],
      );
    });
    await count(orders);
    for (const org of ['province', '650100', '653100']) {
      for (const at of ['2026', '2026-02']) {
        const [all, before] = [
          recount(orders, at, org),
          recount(orders, at === '2026' ? '2025' : '2026-01', org),
        ];
        const { parts } = await statistics.series(scopeOf(org), { at, by: 'terminal' });
        const largest = [...all.values()].map(({ orders: of = 0 }) => of).toSorted((a, b) => b - a);
        expect(parts.map(({ total }) => total.orders)).toEqual(largest.slice(0, SHOWN));
        for (const { value, total, before: earlier } of parts) {
          const { orders: of = 0, paid = 0, paidFen = 0, credited = 0 } = all.get(value) ?? {};
          expect(total).toMatchObject({ orders: of, paid, paidFen, credited });
          expect(earlier.orders).toBe(before.get(value)?.orders ?? 0);
        }
      }
    }
  });
});

function noExplain(error: unknown): object {
  if (error instanceof mongo.MongoServerError && error.codeName === 'CommandNotFound') return {};
  throw error;
}
