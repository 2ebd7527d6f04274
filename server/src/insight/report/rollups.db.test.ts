import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { pino } from 'pino';
import type { Order } from '../../orders/model/order.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { documentOf } from '../../orders/store/order-document.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { CountedOrders } from './counted-orders.ts';
import { RollupChecker } from './check.ts';
import { timeClass, timePercentile } from './counts.ts';
import { movementsOf } from './movements.ts';
import { RollupProjector } from './projector.ts';
import { Rebuild } from './rebuild.ts';
import { RollupStore } from './rollup-store.ts';
import type { Batch } from './rollup-documents.ts';

const seal = new NumberSeal(Buffer.alloc(32, 7));
const AT = Date.parse('2026-03-01T02:00:00Z');
const at = (ms: number): Date => new Date(AT + ms);
const event = (
  n: number,
  name: Order['events'][number]['name'],
  ms: number,
  data?: Order['events'][number]['data'],
) => ({
  ...{ n, name, at: at(ms), by: 'test' },
  ...(data === undefined ? {} : { data }),
});

/** Made, paid and written; then whatever else. */
function written(no: string, more: Order['events'] = [], over: Partial<Order> = {}): Order {
  const payment = {
    ...samplePayment(),
    no: `${no}p1`,
    status: 'succeeded' as const,
    funds: true,
    transactionId: `T${no}`,
  };
  const events = [
    event(1, 'order.created', 0),
    event(2, 'payment.succeeded', 20_000, { no: payment.no, fen: 5000, funds: true }),
    event(3, 'write.written', 40_000),
    ...more,
  ];
  return sampleOrder({
    ...{ _id: no, idempotencyKey: no, state: 'done', payments: [payment], events, version: events.length },
    ...{ dueAt: null, updatedAt: events.at(-1)?.at ?? at(0), orgPath: ['province', '650100'] },
    ...over,
  });
}

describe('what an order counts', () => {
  it('is nothing twice: a card written again, a refund told again', () => {
    const refund = { no: '260301100000000001p1s1', paymentNo: '260301100000000001p1', fen: 300 };
    const order = written(
      '260301100000000001',
      [
        event(4, 'write.reopened', 50_000),
        event(5, 'write.written', 60_000),
        event(6, 'refund.done', 86_400_000, { no: refund.no, fen: 300 }),
        event(7, 'refund.done', 86_500_000, { no: refund.no, fen: 300 }),
      ],
      { refunds: [{ ...refund, status: 'done', reason: 'compensation', at: at(0) }] },
    );
    const moves = movementsOf(order);
    expect(moves.map(({ n, day }) => [n, day])).toEqual([
      [1, '2026-03-01'],
      [2, '2026-03-01'],
      [3, '2026-03-01'],
      [6, '2026-03-02'],
    ]);
    expect(moves[2]?.counts).toEqual({ credited: 1, t2: 1 });
    expect(moves[3]).toMatchObject({ counts: { refunds: 1, refundFen: 300 }, channel: { name: 'wechat' } });
    // From its payment on, its channel has all that the order has.
    expect(moves[1]?.channel?.counts).toMatchObject({ orders: 1, faceFen: 5000, paid: 1, paidFen: 5000 });
  });

  it('is taken away where it is undone', () => {
    const [, , , undone] = movementsOf(written('260301100000000001', [event(4, 'sale.undone', 90_000)]));
    expect(undone?.counts).toEqual({ failed: 1, credited: -1, t2: -1 });
  });

  it('is abandoned only while it stays unpaid', () => {
    const payment = { ...samplePayment(), funds: true };
    const order = sampleOrder({
      payments: [payment],
      events: [
        event(1, 'order.created', 0),
        event(2, 'order.closed', 300_000),
        event(3, 'payment.succeeded', 310_000, { no: payment.no, fen: 5000, funds: true }),
      ],
    });
    expect(movementsOf(order).map(({ counts }) => counts.abandoned)).toEqual([undefined, 1, -1]);
  });

  it('tells a time by its class', () => {
    expect([0, 15_000, 15_001, 1_800_000, 1_800_001].map(timeClass)).toEqual(['t0', 't0', 't1', 't9', 't10']);
    expect(timePercentile({}, 0.5)).toBeNull();
    expect(timePercentile({ t1: 10 }, 0.5)).toEqual({ seconds: 23, open: false });
    expect(timePercentile({ t0: 1, t10: 9 }, 0.5)).toEqual({ seconds: 1800, open: true });
  });
});

describe('rollups', () => {
  let t: TestContext;
  let store: RollupStore;
  let checker: RollupChecker;
  beforeAll(async () => {
    t = await openTestContext();
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    await Promise.all((await t.db.listCollections()).map(({ name }) => t.db.collection(name).deleteMany({})));
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
    const batch: Batch = {
      number: 1,
      adds: [
        { key: key('province', ['province']), by: { 'all.orders': 2, 'entry.kiosk.orders': 2 } },
        { key: key('650100', ['province', '650100']), by: { 'all.orders': 2 } },
      ],
      counted: [{ orderNo: 'x', n: 1 }],
    };
    await store.add(current, batch);
    // As if the process had died after the first of the two.
    const adds = batch.adds.map(({ key: of, by }) => ({ key: of, by: Object.entries(by) }));
    await t.db
      .collection('rollupBatches')
      .updateOne(
        { _id: current as never },
        { $set: { number: 2, done: false, adds, counted: batch.counted } },
      );
    await t.db
      .collection('rollups')
      .updateOne({ org: 'province' }, { $set: { batch: 2 }, $inc: { 'all.orders': 2 } });
    expect(await Promise.all([store.settled(current), store.settled(current)])).toEqual([2, 2]);
    expect(await store.settled(current)).toBe(2);
    expect((await today())?.all.orders).toBe(4);
    expect((await today('650100'))?.all.orders).toBe(4);
    expect(await store.add(current, batch)).toBe('taken');
  });

  it('are checked, and made anew where they are wrong', async () => {
    await put(written('260301100000000001'));
    await projector().round();
    await t.db
      .collection('rollups')
      .updateOne({ org: '650100', grain: 'day' }, { $inc: { 'entry.kiosk.orders': 1 } });
    await t.db.collection('rollups').insertOne({
      ...{ generation: 1, grain: 'day', period: '2026-02-02', org: 'province', path: ['province'] },
      ...{ batch: 0, all: { orders: 5 } },
    });
    expect(await checker.run()).toMatchObject({
      equal: false,
      differences: [
        { rollup: 'day:2026-03-01:650100', of: 'entry.kiosk', count: 'orders', stored: 2, orders: 1 },
        { rollup: 'day:2026-02-02:province', of: 'all', count: 'orders', stored: 5, orders: 0 },
      ],
    });
    await store.askRebuild(new Date());
    await projector().round();
    expect(await checker.run()).toMatchObject({ equal: true, orders: 1 });
    expect(await store.state()).toMatchObject({ current: 2 });
    expect((await store.state()).rebuildAskedAt).toBeUndefined();
    expect(await t.db.collection('rollups').countDocuments({ generation: 1 })).toBe(0);
    await projector().round();
    expect((await today())?.all.orders).toBe(1);
  });
});
