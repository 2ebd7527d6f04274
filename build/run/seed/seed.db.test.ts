import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveState, UNSETTLED_STATES } from '../../../server/src/orders/model/state.ts';
import { postingsOf } from '../../../server/src/money/ledger/order-postings.ts';
import { CountedOrders } from '../../../server/src/insight/report/counted-orders.ts';
import { RollupChecker } from '../../../server/src/insight/report/check.ts';
import { RollupStore } from '../../../server/src/insight/report/rollup-store.ts';
import { collectionOf } from '../../../server/src/adapters/mongo/connection.ts';
import { MongoOrderStore } from '../../../server/src/orders/store/mongo-orders.ts';
import { documentOf, orderOfDocument } from '../../../server/src/orders/store/order-document.ts';
import type { OrderDocument } from '../../../server/src/orders/store/order-schema.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../../server/src/testing/context.ts';
import { Dice } from '@bianmin/card/testing/dice';
import { yearOf } from './calendar.ts';
import { seedDatabase } from './seed-database.ts';
import { seedYear } from './seed-orders.ts';

const NOW = new Date('2026-11-27T06:30:00Z');
const seal = new NumberSeal(Buffer.alloc(32, 7));

describe('a year of days', () => {
  it('adds up, ends today, and has its month in which people stayed at home', () => {
    let state = 1;
    const dice = new Dice(() => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0));
    const days = yearOf(NOW, 412_000, dice);
    const sum = (of: typeof days): number => of.reduce((all, { orders }) => all + orders, 0);
    expect(days).toHaveLength(365);
    expect([days[0]?.day, days.at(-1)?.day]).toEqual(['2025-11-28', '2026-11-27']);
    expect(sum(days)).toBe(412_000);
    const locked = days.filter(({ lockDown }) => lockDown);
    expect(new Set(locked.map(({ day }) => day.slice(0, 7)))).toEqual(new Set(['2026-08']));
    expect(sum(locked)).toBe(69_000);
  });
});

describe('a year of orders', () => {
  const orders = [...seedYear({ orders: 1500, seed: 4, now: NOW }).orders()];

  it('is the same for the same seed, and another for another', () => {
    const again = [...seedYear({ orders: 1500, seed: 4, now: NOW }).orders()];
    expect(again).toEqual(orders);
    const other = [...seedYear({ orders: 1500, seed: 5, now: NOW }).orders()];
    expect(other.map(({ _id }) => _id)).not.toEqual(orders.map(({ _id }) => _id));
  });

  it('is of orders that are over before it ends, oldest first, no two under one number or slot', () => {
    expect(orders).toHaveLength(1500);
    const numbers = orders.map(({ _id }) => _id);
    expect(numbers).toEqual([...new Set(numbers)].sort());
    const slots = orders.flatMap(({ saleSlot }) => saleSlot ?? []);
    expect(new Set(slots).size).toBe(slots.length);
    expect(orders.filter(({ state, dueAt }) => UNSETTLED_STATES.includes(state) || dueAt !== null)).toEqual(
      [],
    );
    expect(orders.filter(({ updatedAt }) => updatedAt > NOW)).toEqual([]);
  });

  it('has every kind of end, way in, chip and channel', () => {
    const seen = (of: (order: (typeof orders)[number]) => string): string[] =>
      [...new Set(orders.map(of))].sort();
    expect(seen(({ state }) => state)).toEqual(expect.arrayContaining(['closed', 'done', 'refunded']));
    expect(seen(({ entry }) => entry)).toEqual(['community', 'iptv2', 'iptv3', 'kiosk', 'phone']);
    expect(seen(({ chip }) => chip)).toHaveLength(6);
    expect(seen(({ payments }) => payments[0]?.channel ?? 'none')).toEqual(['alipay', 'bestpay', 'wechat']);
    expect(new Set(orders.map(({ orgPath }) => orgPath[1])).size).toBeGreaterThan(10);
  });

  it('has events that the books can be kept from', () => {
    for (const order of orders) {
      for (const { legs } of postingsOf(order)) expect(legs.reduce((sum, { fen }) => sum + fen, 0)).toBe(0);
    }
  });
});

describe('a seeded database', () => {
  let t: TestContext;
  beforeAll(async () => {
    t = await openTestContext();
    await seedDatabase({ db: t.db, seal, orders: 1200, seed: 2, now: NOW });
  });
  afterAll(() => t.close());

  it('reads back as the server’s own orders, whose state follows from their facts', async () => {
    const documents = await collectionOf<OrderDocument>(t.db, 'orders').find().toArray();
    expect(documents).toHaveLength(1200);
    for (const document of documents) {
      const order = orderOfDocument(document, seal);
      expect([order._id, deriveState(order)]).toEqual([order._id, order.state]);
      expect(documentOf(order, seal)).toEqual(document);
      expect(order.events.map(({ n }) => n)).toEqual(order.events.map((_, at) => at + 1));
      expect(order.version).toBe(order.events.length);
      expect(document.customerNo).not.toBe(order.customerNo);
    }
  });

  it('is found by the server’s store', async () => {
    const store = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined });
    const [one] = await collectionOf<OrderDocument>(t.db, 'orders')
      .find({ state: 'done' })
      .limit(1)
      .toArray();
    if (one === undefined) throw new Error('There is no order.');
    expect(await store.get(one._id)).toMatchObject({ state: 'done', customerNo: seal.open(one.customerNo) });
  });

  it('has rollups that are what its orders say', async () => {
    const check = await new RollupChecker({
      store: new RollupStore(t.db),
      orders: new CountedOrders(t.db),
    }).run();
    expect(check).toMatchObject({ orders: 1200, equal: true, differences: [] });
    expect(check.rollups).toBeGreaterThan(1000);
  });

  it('is not seeded twice', async () => {
    await expect(seedDatabase({ db: t.db, seal, orders: 10, seed: 3, now: NOW })).rejects.toThrow(
      /has orders already/u,
    );
  });
});
