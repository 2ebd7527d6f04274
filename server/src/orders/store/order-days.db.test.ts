import { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { MongoOrderStore } from './mongo-orders.ts';
import { OrderArchive } from './order-archive.ts';
import { OrderDays } from './order-days.ts';
import type { OrderDocument } from './order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';

const DAY = { first: '2026-03-01', last: '2026-03-01' };

let t: TestContext;
let store: MongoOrderStore;
let days: OrderDays<{ readonly _id: string }>;
beforeAll(async () => {
  t = await openTestContext();
  store = new MongoOrderStore({
    ...{ db: t.db, seal: new NumberSeal(Buffer.alloc(32, 1)), wrote: () => undefined },
  });
  await store.prepare();
  days = new OrderDays(t.db, { meterNo: 1 });
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const name of ['orders', 'orders_archive']) await t.db.collection(name).deleteMany({});
});

/** Made at a moment in China, changed for the last time at another; gives its number. */
async function made(at: string, changed = at, meterNo = '000000000001'): Promise<string> {
  const [createdAt, updatedAt] = [new Date(`${at}+08:00`), new Date(`${changed}+08:00`)];
  const _id = `${at.slice(2).replaceAll(/\D/gu, '')}000001`;
  const rest = { idempotencyKey: _id, meterNo, saleSlot: _id, state: 'done' as const, dueAt: null };
  await store.insert(sampleOrder({ ...rest, _id, createdAt, updatedAt }));
  return _id;
}

async function numbers(orders: AsyncIterable<{ readonly _id: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { _id } of orders) found.push(_id);
  return found.toSorted();
}

async function archive(orderNo: string): Promise<void> {
  const order = await collectionOf<OrderDocument>(t.db, 'orders').findOne({ _id: orderNo });
  if (order === null) throw new Error(`There is no order ${orderNo}.`);
  expect(await new OrderArchive(t.db).take(order, new Date())).toBe(true);
}

describe('the orders of a day', () => {
  it('are those made on it, from its first second to its last, and older ones that changed since', async () => {
    const own = [
      await made('2026-03-01T00:00:00'),
      await made('2026-03-01T00:59:59'),
      await made('2026-03-01T01:00:00'),
      await made('2026-03-01T23:59:59', '2026-03-02T00:00:10'),
    ];
    const changed = [
      await made('2026-02-28T23:59:58', '2026-03-01T00:00:01'),
      await made('2025-11-05T12:00:00', '2026-03-04T12:00:00'),
      // Paid at 00:10 by the channel's clock, which is ahead of the one that says when the order changed.
      await made('2026-02-28T23:30:00', '2026-02-28T23:40:00'),
    ];
    await made('2026-02-28T12:00:00', '2026-02-28T12:05:00');
    await made('2026-03-02T00:00:00');
    expect(await numbers(days.read(DAY))).toEqual([...own, ...changed].toSorted());
    expect(await numbers(days.read({ first: '2026-03-01', last: '2026-03-02' }))).toHaveLength(8);
  });

  it('come once each from orders and archive, though one is in both', async () => {
    const [live, old] = [await made('2026-03-01T12:00:00'), await made('2026-03-01T13:00:00')];
    const older = await made('2026-02-27T13:00:00', '2026-03-01T13:00:00');
    for (const orderNo of [old, older]) await archive(orderNo);
    // As a move that was cut off leaves it.
    const left = { ...(await t.db.collection('orders').findOne({ _id: live as never })), moving: 'x' };
    await t.db.collection('orders_archive').insertOne(left);
    expect(await numbers(days.read(DAY))).toEqual([live, old, older].toSorted());
    expect(await days.get(old)).toEqual({ _id: old, meterNo: '000000000001' });
    expect(await days.get('260301120000999999')).toBeNull();
    expect((await days.some([live, old, '260301120000999999'])).map(({ _id }) => _id)).toEqual([live, old]);
  });

  it('come once each although orders go into the archive while they are read', async () => {
    const all: string[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      all.push(await made(`2026-03-01T${String(hour).padStart(2, '0')}:30:00`));
    }
    const found: string[] = [];
    // Those that were read, that are being read, and whose hour was not asked for yet.
    for await (const { _id } of days.read(DAY)) {
      if (found.length === 0) for (const orderNo of all) await archive(orderNo);
      found.push(_id);
    }
    expect(found.toSorted()).toEqual(all);
  });

  it('are read as they are stored, with the fields that were asked for', async () => {
    const orderNo = await made('2026-03-01T12:00:00');
    const documents: Buffer[] = [];
    for await (const batch of days.documents(DAY, { faceFen: 1 })) documents.push(...batch);
    expect(documents).toHaveLength(1);
    const stored = await store.get(orderNo);
    expect(mongo.BSON.deserialize(documents[0] ?? Buffer.alloc(0))).toEqual({
      _id: orderNo,
      faceFen: stored?.faceFen,
    });
  });
});
