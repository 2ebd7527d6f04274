import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { firstOrderNo, newOrderNo } from '../../orders/model/order-no.ts';
import type { Order } from '../../orders/model/order.ts';
import { CountedOrders } from '../report/counted-orders.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { ORDER_ARCHIVE, OrderArchive, type ArchiveStep } from '../../orders/store/order-archive.ts';
import { OrderDays } from '../../orders/store/order-days.ts';
import type { OrderQuery } from '../../orders/store/order-query.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { Archiver } from './archiver.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-01T02:00:00Z');
const OLD = new Date('2022-11-05T03:00:00Z');
let t: TestContext;
let store: MongoOrderStore;
const clock = new ManualClock(NOW.getTime());
const log = pino({ level: 'silent' });
const seal = new NumberSeal(Buffer.alloc(32, 7));

beforeAll(async () => {
  t = await openTestContext();
  store = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined, clock });
  await store.prepare();
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
  await new MarkStore(t.db, clock).advance('ledger', { at: NOW, orderNo: '' });
});

let made = 0;
/** Paid and written, so many days after `OLD`; its day is even, and its meter has had a later sale. */
async function done(over: Partial<Order> = {}, after = 0): Promise<Order> {
  made += 1;
  const at = new Date(OLD.getTime() + after * DAY_MS);
  const _id = over._id ?? newOrderNo(at, () => made);
  const meterNo = String(made).padStart(12, '0');
  const order = sampleOrder({
    ...{
      _id,
      state: 'done',
      idempotencyKey: `key-${made}`,
      meterNo,
      count: 2,
      dueAt: null,
      createdAt: at,
      updatedAt: at,
    },
    saleSlot: `collection-v1:${meterNo}:2`,
    sale: { status: 'sold', saleNo: `S${made}` },
    payments: [
      samplePayment({
        no: `${_id}p1`,
        status: 'succeeded',
        transactionId: `tx-${made}`,
        paidAt: at,
        funds: true,
      }),
    ],
    ...over,
  });
  await store.insert(order);
  await t.db
    .collection<{ _id: string }>('reconciliations')
    .updateOne({ _id: chinaDay(at) }, { $set: { state: 'done', stale: false } }, { upsert: true });
  await store.insert(laterSale(order));
  return order;
}

function laterSale(order: Order): Order {
  made += 1;
  const [count, at] = [order.count + 1, new Date(NOW.getTime() - DAY_MS)];
  return {
    ...order,
    ...{
      _id: newOrderNo(at, () => made),
      idempotencyKey: `key-${made}`,
      count,
      createdAt: at,
      updatedAt: at,
    },
    saleSlot: `collection-v1:${order.meterNo}:${count}`,
    payments: [],
  };
}

const archiver = (over: Partial<ConstructorParameters<typeof Archiver>[0]> = {}): Archiver =>
  new Archiver({ db: t.db, clock, log, months: 36, ...over });
async function idsIn(name: string): Promise<string[]> {
  const found = await t.db
    .collection<{ _id: string }>(name)
    .find({ _id: { $lt: firstOrderNo(new Date(NOW.getTime() - 9 * DAY_MS)) } })
    .sort({ _id: 1 })
    .toArray();
  return found.map(({ _id }) => _id);
}
const where = async (orderNo: string): Promise<string[]> => {
  const places = await Promise.all(
    ['orders', ORDER_ARCHIVE].map(async (name) => ((await idsIn(name)).includes(orderNo) ? [name] : [])),
  );
  return places.flat();
};

describe('an old order at rest', () => {
  it('goes into the archive as it is, is found there, and says so', async () => {
    const order = await done();
    const younger = await done({}, 600);
    expect(await archiver().round()).toBe(1);
    expect(await where(order._id)).toEqual([ORDER_ARCHIVE]);
    expect(await store.get(order._id)).toEqual({ ...order, archivedAt: NOW });
    const all = await store.search(
      { to: firstOrderNo(new Date('2025-01-01T00:00:00Z')) },
      { limit: 10 },
      WHOLE_PROVINCE,
    );
    expect(all.map(({ _id, archivedAt }) => [_id, archivedAt])).toEqual([
      [younger._id, undefined],
      [order._id, NOW],
    ]);
    const [first, second] = [1, 2].map((limit) =>
      store.search({ serial: order.serial }, { limit }, WHOLE_PROVINCE),
    );
    expect((await first)?.length).toBe(1);
    expect((await second)?.length).toBe(2);
  });

  it("is in its household's history beside the others, page by page", async () => {
    const orders = [await done({}, 0), await done({}, 1), await done({}, 900)];
    const of = { grid: 'collection-v1', customerNo: orders[0]?.customerNo ?? '', maskedName: '张*' };
    const before = await store.purchasesOf(of, { limit: 20 });
    await archiver().round();
    const after = await store.purchasesOf(of, { limit: 20 });
    expect(after.map(({ _id }) => _id)).toEqual(before.map(({ _id }) => _id));
    const page = await store.purchasesOf(of, { limit: 2, before: before.at(-3)?._id ?? '' });
    expect(page.map(({ _id }) => _id)).toEqual(before.slice(-2).map(({ _id }) => _id));
  });

  it('is found by whatever an order is found by, within the scope of who looks, and by its day', async () => {
    const order = await done({ serial: '0000000000000099', terminalId: 'T9', orgPath: ['province', 'city'] });
    await archiver().round();
    const before = { to: firstOrderNo(new Date('2023-01-01T00:00:00Z')) };
    const queries: OrderQuery[] = [
      { serial: order.serial },
      { terminalId: order.terminalId, ...before },
      { state: 'done', ...before },
      { orgId: 'city', ...before },
      { orgId: 'city', state: 'done', ...before },
      { transactionId: order.payments[0]?.transactionId ?? '' },
      { customerNo: order.customerNo },
      { from: firstOrderNo(new Date(OLD.getTime() - DAY_MS)), ...before },
    ];
    for (const query of queries) {
      const found = await store.search(query, { limit: 10 }, WHOLE_PROVINCE);
      expect(found.filter(({ archivedAt }) => archivedAt !== undefined).map(({ _id }) => _id)).toEqual([
        order._id,
      ]);
      expect(await store.search(query, { limit: 10 }, scopeOf('another'))).toEqual([]);
    }
    const days = new OrderDays<{ _id: string }>(t.db, { meterNo: 1 });
    const found: string[] = [];
    const day = { first: '2022-11-05', last: '2022-11-05' };
    for await (const { _id } of days.read(day)) if (_id === order._id) found.push(_id);
    for await (const { _id } of days.ofMeter(order.meterNo)) if (_id === order._id) found.push(_id);
    expect(found).toEqual([order._id, order._id]);
    expect(await days.get(order._id)).toMatchObject({ _id: order._id });
  });

  it('keeps for itself what no two orders may have', async () => {
    const order = await done();
    await archiver().round();
    const archived = { ...order, archivedAt: NOW };
    expect(await store.byIdempotencyKey(order.terminalId, order.idempotencyKey)).toEqual(archived);
    expect(await store.byIdempotencyKey('another', order.idempotencyKey)).toBeNull();
    expect(await store.bySaleSlot(order.saleSlot ?? '')).toEqual(archived);

    const young = sampleOrder({
      _id: newOrderNo(NOW),
      terminalId: order.terminalId,
      idempotencyKey: 'young',
    });
    await store.insert(young);
    const move = (over: Partial<Order>): Promise<string> =>
      store.replace(young, { ...young, version: 2, ...over });
    const { saleSlot, payments } = order;
    expect(await move({ saleSlot })).toBe('slot-taken');
    expect(await move({ payments })).toBe('transaction-taken');
    expect(await store.get(young._id)).toEqual(young);
    const own = [samplePayment({ status: 'succeeded', transactionId: 'tx-young' })];
    expect(await move({ saleSlot: 'collection-v1:another:1', payments: own })).toBe('moved');

    // What it has itself stands in its own way no more than before.
    const again = samplePayment({ no: `${order._id}p2`, status: 'succeeded', transactionId: 'tx-late' });
    const late: Order = { ...archived, version: order.version + 1, payments: [...payments, again] };
    expect(await store.replace(archived, late)).toBe('moved');
    expect(await where(order._id)).toEqual(['orders']);
  });

  it('comes back as soon as something moves it', async () => {
    const order = await done();
    await archiver().round();
    const archived = await store.get(order._id);
    if (archived === null) throw new Error('It is there.');
    const next: Order = {
      ...archived,
      version: archived.version + 1,
      attention: 'payment-mismatch',
      state: 'attention',
    };
    expect(await store.replace(archived, next)).toBe('moved');
    expect(await where(order._id)).toEqual(['orders']);
    const { archivedAt: _, ...moved } = next;
    expect(await store.get(order._id)).toEqual(moved);
    // What was unique about it is still taken.
    const twin = sampleOrder({
      _id: newOrderNo(NOW),
      terminalId: order.terminalId,
      idempotencyKey: order.idempotencyKey,
    });
    expect(await store.insert(twin)).toBe('exists');
  });

  it('comes back to be looked at again', async () => {
    const order = await done();
    await archiver().round();
    const archived = await store.get(order._id);
    if (archived === null) throw new Error('It is there.');
    await store.postpone(archived, NOW);
    expect(await where(order._id)).toEqual(['orders']);
    expect((await store.get(order._id))?.dueAt).toEqual(NOW);
  });

  it('changes neither statistics nor books', async () => {
    for (let n = 0; n < 5; n += 1) await done({}, n * 7);
    const ledger = new LedgerStore(t.db);
    await ledger.add([
      {
        ...{ source: 'S', n: 1, group: 'x', day: '2022-11-05', at: OLD },
        legs: [
          { account: 'a', fen: 100 },
          { account: 'b', fen: -100 },
        ],
      } as unknown as Parameters<LedgerStore['add']>[0][number],
    ]);
    const counted = async (): Promise<unknown[]> => {
      const found = [];
      for await (const order of new CountedOrders(t.db).all()) found.push(order);
      return found;
    };
    const [orders, books] = [await counted(), await ledger.turnover()];
    await archiver().round();
    expect((await idsIn(ORDER_ARCHIVE)).length).toBe(5);
    expect(await counted()).toEqual(orders);
    expect(await ledger.turnover()).toEqual(books);
  });
});

describe('killed while it moves one', () => {
  const STEPS: readonly ArchiveStep[] = ['marked', 'copied', 'verified', 'deleted'];
  it.each(STEPS)('after it was %s, nothing is lost and nothing is there twice', async (killedAt) => {
    const orders = [await done(), await done(), await done()];
    const numbers = orders.map(({ _id }) => _id).sort();
    const killed = archiver({
      step: (orderNo, step) => {
        if (orderNo === numbers[1] && step === killedAt) throw new Error('killed');
      },
    });
    await expect(killed.round()).rejects.toThrow('killed');
    // Between the two everybody reads each once.
    for (const order of orders)
      expect(await store.get(order._id)).toMatchObject({ _id: order._id, version: order.version });
    const found = await store.search(
      { to: firstOrderNo(new Date('2023-01-01T00:00:00Z')) },
      { limit: 9 },
      WHOLE_PROVINCE,
    );
    expect(found.map(({ _id }) => _id).sort()).toEqual(numbers);
    let counted = 0;
    for await (const { _id } of new CountedOrders(t.db).all()) if (numbers.includes(_id)) counted += 1;
    expect(counted).toBe(3);

    await archiver().round();
    expect(await idsIn(ORDER_ARCHIVE)).toEqual(numbers);
    expect(await idsIn('orders')).toEqual([]);
    for (const order of orders) expect(await store.get(order._id)).toEqual({ ...order, archivedAt: NOW });
    expect(await t.db.collection(ORDER_ARCHIVE).countDocuments({ moving: { $exists: true } })).toBe(0);
  });

  it('an order that moves meanwhile stays, and nobody else who tidies up loses it', async () => {
    const order = await done();
    const next: Order = { ...order, version: order.version + 1, watchers: ['T1', 'T2'] };
    const moved = archiver({
      step: async (_, step) => {
        if (step === 'verified') expect(await store.replace(order, next)).toBe('moved');
      },
    });
    await moved.round();
    expect(await where(order._id)).toEqual(['orders']);
    expect(await store.get(order._id)).toEqual(next);

    const archive = new OrderArchive(t.db);
    const read = await t.db.collection<OrderDocument>('orders').findOne({ _id: order._id });
    if (read === null) throw new Error('It is there.');
    const taken = await archive.take(read, NOW, async (step) => {
      // Another worker takes it for cut off.
      if (step === 'verified') expect(await new OrderArchive(t.db).settle()).toBe(1);
    });
    expect(taken).toBe(false);
    expect(await where(order._id)).toEqual(['orders']);
  });
});

describe('stays where it is', () => {
  const insert = (name: string, document: object): Promise<unknown> =>
    t.db.collection(name).insertOne(document);
  it.each<[string, (orderNo: string) => Promise<unknown>]>([
    ['an order with an open case', (orderNo) => insert('cases', { orderNo, status: 'open' })],
    ['one with a complaint', (orderNo) => insert('complaints', { orderNo, state: 'answered' })],
    ['one whose invoice is asked for', (orderNo) => insert('invoices', { orderNo, status: 'waiting' })],
    [
      'one that two persons decide about',
      (orderNo) => insert('approvals', { status: 'open', content: { at: { orderNo } } }),
    ],
    [
      'one of a day that is not even',
      () => t.db.collection('reconciliations').updateMany({}, { $set: { state: 'waiting' } }),
    ],
    [
      'one of a day that is to be run again',
      () => t.db.collection('reconciliations').updateMany({}, { $set: { stale: true } }),
    ],
    [
      'one that the books have not seen',
      () => t.db.collection('marks').updateMany({}, { $set: { at: OLD } }),
    ],
    ['one that is the newest of its meter', () => t.db.collection('orders').deleteMany({ count: 3 })],
    [
      'one that needs a person',
      (orderNo) =>
        t.db.collection<{ _id: string }>('orders').updateOne({ _id: orderNo }, { $set: { attention: 'x' } }),
    ],
    [
      'one whose household has not been handed its cash',
      (orderNo) =>
        t.db.collection<{ _id: string }>('orders').updateOne({ _id: orderNo }, { $set: { cashOwed: ['f'] } }),
    ],
    [
      'one that moves',
      (orderNo) =>
        t.db
          .collection<{ _id: string }>('orders')
          .updateOne({ _id: orderNo }, { $set: { state: 'paid', dueAt: NOW } }),
    ],
  ])('%s', async (_, open) => {
    const order = await done();
    await open(order._id);
    await archiver().round();
    expect(await where(order._id)).toEqual(['orders']);
  });

  it('one that changed within the time, and every one where there is no archive', async () => {
    const order = await done({ updatedAt: new Date(NOW.getTime() - 30 * DAY_MS) });
    await archiver().round();
    expect(await where(order._id)).toEqual(['orders']);
    const old = await done();
    expect(await archiver({ months: 0 }).round()).toBe(0);
    expect(await where(old._id)).toEqual(['orders']);
  });
});
