import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { FIRST_ORGS } from '../../access/xinjiang.ts';
import { OrgStore } from '../../access/store/orgs.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { scopeOf, WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { documentOf } from '../../orders/store/order-document.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { written } from '../../testing/order-events.ts';
import type { CountedOrder } from './movements.ts';
import { RollupChecker } from './check.ts';
import { CountedOrders } from './counted-orders.ts';
import { RollupProjector } from './projector.ts';
import { Rebuild } from './rebuild.ts';
import { incrementsOf, RollupSet } from './rollup.ts';
import { RollupStore } from './rollup-store.ts';
import { terminalIncrements } from './terminal-sums.ts';
import { Statistics } from './statistics.ts';
import { WaitingOrders } from './waiting-orders.ts';

const HERE = ['province', '650100'];
const DAY_MS = 86_400_000;
const seal = new NumberSeal(Buffer.alloc(32, 7));
let t: TestContext;
let clock: ManualClock;
let store: RollupStore;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/u);
  clock = new ManualClock(Date.parse('2026-03-01T03:00:00Z'));
  // A server of the version before was here first, and has counted two orders: one by a terminal, one by a phone.
  await state().insertOne({ _id: 'generation', current: 1, last: 1 });
  await sell('01', 'T1', HERE);
  await sell('02', 'payer:a', PROVINCE_PATH);
  await older(['01', '02']);
  await new OrgStore(t.db).prepare(FIRST_ORGS);
  store = new RollupStore(t.db);
  await store.prepare();
});

const state = () => collectionOf<{ _id: string; current: number; last: number }>(t.db, 'rollupState');
const orderNo = (no: string): string => `2603011000000000${no}`;

async function sell(no: string, terminalId: string, orgPath: readonly string[]): Promise<void> {
  const order = written(orderNo(no), [], { terminalId, orgPath, updatedAt: new Date(clock.now()) });
  await collectionOf<OrderDocument>(t.db, 'orders').insertOne(documentOf(order, seal));
}

/** What a worker of the version before does with new orders: terminals are within the months of their organisation, and nowhere else. */
async function older(nos: readonly string[]): Promise<void> {
  const set = new RollupSet();
  const orders = collectionOf<CountedOrder & { version: number }>(t.db, 'orders');
  for (const no of nos) {
    const order = await orders.findOne({ _id: orderNo(no) });
    if (order === null) throw new Error(`There is no order ${no}.`);
    set.add({ ...order, orgPath: order.orgPath ?? PROVINCE_PATH });
    await collectionOf<{ _id: string; n: number }>(t.db, 'rollupOrders').insertOne({
      ...{ _id: `1:${order._id}`, n: order.version },
    });
  }
  const rollups = collectionOf<{ _id: string }>(t.db, 'rollups');
  for (const sums of set.takeAll()) {
    const { grain, period, org, path } = sums;
    await rollups.updateOne(
      { _id: `1:${grain}:${period}:${org}` },
      {
        $setOnInsert: { generation: 1, grain, period, org, path: [...path] },
        $set: { batch: 1 },
        $inc: incrementsOf(sums),
      },
      { upsert: true },
    );
  }
  for (const { period, terminal, places } of set.terminals.takeAll()) {
    for (const [place, counts] of places) {
      if (period.length === 4) continue;
      const org = place.split('/').at(-1) ?? '';
      const by = Object.entries(terminalIncrements({ places: new Map([['x', counts]]) }));
      const of = by.filter(([name]) => name.startsWith('all.'));
      await rollups.updateOne(
        { _id: `1:month:${period}:${org}` },
        { $inc: Object.fromEntries(of.map(([name, n]) => [name.replace('all', `terminal.${terminal}`), n])) },
      );
    }
  }
}

const checker = (): RollupChecker => new RollupChecker({ store, orders: new CountedOrders(t.db) });
/** A round of a worker of this version. */
async function newer(): Promise<void> {
  const marks = new MarkStore(t.db, clock);
  const rebuild = new Rebuild({ store, orders: new CountedOrders(t.db), marks, clock });
  const orders = new OrderChanges(t.db, clock);
  const log = pino({ level: 'silent' });
  await new RollupProjector({
    ...{ orders, marks, store, rebuild, checker: checker(), clock, log },
  }).round();
}

async function parts(at = '2026-03', scope: Scope = WHOLE_PROVINCE): Promise<Record<string, number>> {
  const init = { store, orgs: new OrgStore(t.db), waiting: new WaitingOrders(t.db), clock };
  const series = await new Statistics(init).series(scope, { at, by: 'terminal' });
  const sum = series.parts.reduce((all, { total }) => all + total.orders, 0);
  expect(sum).toBe(series.total.orders);
  return Object.fromEntries(series.parts.map(({ value, total }) => [value, total.orders]));
}

describe('beside a server of the version before, statistics by terminal', () => {
  it('are read as that one counted them until the worker has made them anew', async () => {
    expect(await parts()).toEqual({ T1: 1, phone: 1 });
    expect(await parts('2026', scopeOf('650100'))).toEqual({ T1: 1 });
    await expect(checker().run()).rejects.toThrow(/the version before/u);
    await newer();
    expect(await store.state()).toMatchObject({ withTerminals: true });
    expect(await parts()).toEqual({ T1: 1, phone: 1 });
    expect(await checker().run()).toMatchObject({ equal: true, orders: 2 });
  });

  it('miss nothing that its worker counts among the batches of a new one', async () => {
    await newer();
    for (const [at, no] of ['11', '12', '13', '14'].entries()) {
      await clock.advance(5_000);
      await sell(no, at % 2 === 0 ? 'T1' : 'payer:b', at % 2 === 0 ? HERE : PROVINCE_PATH);
      // Now the one, now the other is first.
      for (const round of at % 2 === 0 ? [older, newer] : [newer, older]) await round([no]);
      expect(await parts()).toEqual({ T1: 2 + Math.floor(at / 2), phone: 1 + Math.ceil(at / 2) });
    }
    expect(await parts('2026')).toEqual({ T1: 3, phone: 3 });
    expect(await checker().run()).toMatchObject({ equal: true, orders: 6 });
    // And that server still reads its own.
    const [own] = await store.read(1, {
      ...{ grain: 'month', from: '2026-03', to: '2026-03', of: { org: 'province' } },
    });
    expect(own?.all.orders).toBe(6);
  });

  it('take up what was sold while only that one ran, after a way back', async () => {
    await newer();
    await clock.advance(60_000);
    await sell('21', 'T2', HERE);
    await older(['21']);
    await clock.advance(60_000);
    await newer();
    expect(await parts()).toEqual({ T1: 1, T2: 1, phone: 1 });
    expect(await checker().run()).toMatchObject({ equal: true, orders: 3 });
  });

  it('outlive a new rebuild, which leaves the older one’s alone for a month', async () => {
    await newer();
    const olderOnes = () => t.db.collection('rollups').countDocuments({ generation: 1 });
    const before = await olderOnes();
    await clock.advance(29 * DAY_MS);
    await newer();
    expect(await olderOnes()).toBe(before);
    await clock.advance(DAY_MS);
    await newer();
    expect([
      await olderOnes(),
      await t.db.collection('rollupOrders').countDocuments({ _id: /^1:/u as never }),
    ]).toEqual([0, 0]);
    // One that comes back makes its own anew.
    expect(await state().findOne({ _id: 'generation' })).toHaveProperty('rebuildAskedAt');
    expect(await parts()).toEqual({ T1: 1, phone: 1 });
    expect(await checker().run()).toMatchObject({ equal: true, orders: 2 });
  });
});
