import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { pino } from 'pino';
import type { Order } from '../../orders/model/order.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { documentOf } from '../../orders/store/order-document.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CountedOrders } from './counted-orders.ts';
import { RollupChecker } from './check.ts';
import { RollupProjector } from './projector.ts';
import { Rebuild } from './rebuild.ts';
import { RollupStore } from './rollup-store.ts';
import type { Batch } from './rollup-documents.ts';
import { at, event, written } from '../../testing/order-events.ts';

const seal = new NumberSeal(Buffer.alloc(32, 7));

describe('rollups', () => {
  let t: TestContext;
  let store: RollupStore;
  let checker: RollupChecker;
  beforeAll(async () => {
    t = await openTestContext();
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    await t.empty();
    t.db.deleteModel(/.*/u);
    store = new RollupStore(t.db);
    await store.prepare();
    checker = new RollupChecker({ store, orders: new CountedOrders(t.db) });
  });

  const rebuild = (): Rebuild =>
    new Rebuild({
      store,
      orders: new CountedOrders(t.db),
      marks: new MarkStore(t.db, systemClock),
      clock: systemClock,
    });
  const projector = (): RollupProjector =>
    new RollupProjector({
      ...{
        orders: new OrderChanges(t.db, systemClock),
        marks: new MarkStore(t.db, systemClock),
        store,
        rebuild: rebuild(),
        checker,
      },
      ...{ clock: systemClock, log: pino({ level: 'silent' }) },
    });
  const put = async (order: Order): Promise<void> => {
    const document = documentOf(order, seal);
    await collectionOf<OrderDocument>(t.db, 'orders').replaceOne({ _id: order._id }, document, {
      upsert: true,
    });
  };
  const today = async (org = 'province') => {
    const { current } = await store.state();
    const query = { grain: 'day', from: '2026-03-01', to: '2026-03-01', of: { org } } as const;
    return (await store.read(current, query, ['entry', 'channel']))[0];
  };

  it('have each event once, however often it is read, by however many', async () => {
    for (let no = 1; no <= 30; no += 1) await put(written(`2603011000000000${String(no).padStart(2, '0')}`));
    const several = [projector(), projector(), projector()];
    await Promise.all(several.map((each) => each.round()));
    await Promise.all(several.map((each) => each.round()));
    expect((await today())?.all).toMatchObject({ orders: 30, paid: 30, credited: 30, paidFen: 150_000 });
    expect((await today('650100'))?.channel).toMatchObject({ wechat: { orders: 30, paid: 30 } });
    expect(await checker.run()).toMatchObject({ orders: 30, equal: true });
  });

  it('take what comes later, and only that', async () => {
    const no = '260301100000000001';
    const whole = written(no, [event(4, 'sale.undone', 90_000)]);
    await put({ ...whole, events: whole.events.slice(0, 2), version: 2, updatedAt: at(20_000) });
    await projector().round();
    expect((await today())?.all).toMatchObject({ paid: 1 });
    expect((await today())?.all.credited).toBeUndefined();
    await put(whole);
    await projector().round();
    expect((await today())?.all).toMatchObject({ orders: 1, paid: 1, failed: 1 });
    expect((await today())?.all.credited ?? 0).toBe(0);
    expect(await checker.run()).toMatchObject({ equal: true });
  });

  it('are finished by the process that comes next where a batch was left half added', async () => {
    const { current } = await store.state();
    const key = (org: string, path: string[]) => ({ grain: 'day' as const, period: '2026-03-01', org, path });
    const terminal = (of: string, orders: number) => ({
      key: { period: '2026', terminal: of, path: ['province', '650100'] },
      by: { 'all.orders': orders, 'places.province/650100.orders': orders },
    });
    const batch: Batch = {
      number: 1,
      adds: [
        { key: key('province', ['province']), by: { 'all.orders': 2, 'entry.kiosk.orders': 2 } },
        { key: key('650100', ['province', '650100']), by: { 'all.orders': 2 } },
      ],
      terminals: [terminal('T1', 2), terminal('phone', 1)],
      counted: [{ orderNo: 'x', n: 1 }],
    };
    await store.add(current, batch);
    // As if the process had died after the first of the two.
    const pairs = <T extends { by: object }>(all: readonly T[]) =>
      all.map(({ by, ...of }) => ({ ...of, by: Object.entries(by) }));
    const [adds, terminals] = [pairs(batch.adds), pairs(batch.terminals)];
    await t.db
      .collection('rollupBatches')
      .updateOne(
        { _id: current as never },
        { $set: { number: 2, done: false, adds, terminals, counted: batch.counted } },
      );
    await t.db
      .collection('rollups')
      .updateOne({ org: 'province' }, { $set: { batch: 2 }, $inc: { 'all.orders': 2 } });
    expect(await Promise.all([store.settled(current), store.settled(current)])).toEqual([2, 2]);
    expect(await store.settled(current)).toBe(2);
    expect((await today())?.all.orders).toBe(4);
    expect((await today('650100'))?.all.orders).toBe(4);
    expect(await store.terminals.largest(current, { period: '2026', below: '650100' }, 9)).toEqual([
      { terminal: 'T1', counts: { orders: 4 } },
      { terminal: 'phone', counts: { orders: 2 } },
    ]);
    expect(await store.add(current, batch)).toBe('taken');
  });

  it('leave nothing of what is not read, after a rebuild that broke off and one that was overtaken', async () => {
    await put(written('260301100000000001'));
    await projector().round();
    // One that died before it had counted anything.
    await store.nextGeneration();
    await rebuild().run();
    // One that ends after a later one was whole.
    const overtaken = await store.nextGeneration();
    await store.insertCounted(overtaken, [{ orderNo: 'x', n: 1 }]);
    await rebuild().run();
    await store.nextGeneration();
    await rebuild().run();
    const { current } = await store.state();
    for (const name of ['rollups', 'rollupTerminals', 'rollupOrders', 'rollupBatches']) {
      const ids = await t.db.collection(name).distinct('_id');
      expect(ids.filter((id) => Number.parseInt(String(id), 10) !== current)).toEqual([]);
    }
    expect(await checker.run()).toMatchObject({ equal: true, orders: 1 });
  });

  it('are checked, and made anew where they are wrong', async () => {
    await put(written('260301100000000001'));
    await projector().round();
    await t.db
      .collection('rollups')
      .updateOne({ org: '650100', grain: 'day' }, { $inc: { 'entry.kiosk.orders': 1 } });
    await t.db
      .collection('rollupTerminals')
      .updateOne({ period: '2026-03' }, { $set: { path: ['province'] }, $inc: { 'all.paid': 1 } });
    const { current } = await store.state();
    await t.db.collection('rollups').insertOne({
      ...{ generation: current, grain: 'day', period: '2026-02-02', org: 'province', path: ['province'] },
      ...{ batch: 0, all: { orders: 5 } },
    });
    expect(await checker.run()).toMatchObject({
      equal: false,
      differences: [
        { rollup: 'day:2026-03-01:650100', of: 'entry.kiosk', count: 'orders', stored: 2, orders: 1 },
        { rollup: 'day:2026-02-02:province', of: 'all', count: 'orders', stored: 5, orders: 0 },
        { rollup: 'terminal:2026-03:T1', of: 'all', count: 'paid', stored: 2, orders: 1 },
        { rollup: 'terminal:2026-03:T1', of: 'path.650100', count: 'orders', stored: 0, orders: 1 },
      ],
    });
    await store.askRebuild(new Date());
    await projector().round();
    expect(await checker.run()).toMatchObject({ equal: true, orders: 1 });
    expect(await store.state()).toMatchObject({ current: current + 1 });
    expect((await store.state()).rebuildAskedAt).toBeUndefined();
    for (const name of ['rollups', 'rollupTerminals']) {
      expect(await t.db.collection(name).countDocuments({ generation: current })).toBe(0);
    }
    await projector().round();
    expect((await today())?.all.orders).toBe(1);
  });
});
