import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { orderStoreContract } from '../../testing/order-store-contract.ts';
import { MongoOrderStore } from './mongo-orders.ts';
import { MongoNotificationStore } from './notifications.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';

let t: TestContext;
let store: MongoOrderStore;
const seal = new NumberSeal(Buffer.alloc(32, 7));

beforeAll(async () => {
  t = await openTestContext();
  store = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined });
  await store.prepare();
});
afterAll(() => t.close());

orderStoreContract('MongoOrderStore', () => store);
const memory = new MemoryOrderStore();
orderStoreContract('MemoryOrderStore', () => memory);

describe('MongoOrderStore', () => {
  it('keeps no customer number in clear', async () => {
    const order = sampleOrder({ _id: '260301100000999999', idempotencyKey: 'sealed' });
    await store.insert(order);
    const raw = await t.db.collection('orders').findOne({ idempotencyKey: 'sealed' });
    expect(JSON.stringify(raw)).not.toContain(order.customerNo);
    expect(raw?.['customerNo']).toBe(seal.seal(order.customerNo));
  });

  it('gives each of those that ask together its own order, or none', async () => {
    for (const n of [1, 2]) {
      await store.insert(sampleOrder({ _id: `26030110000088888${n}`, idempotencyKey: `together-${n}` }));
    }
    const numbers = ['260301100000888882', '260301100000888880', '260301100000888881', '260301100000888882'];
    const found = await Promise.all(numbers.map((orderNo) => store.get(orderNo)));
    expect(found.map((order) => order?._id)).toEqual([numbers[0], undefined, numbers[2], numbers[3]]);
  });

  it('finds in parts what it finds at once, also beside others, from years back and from after its clock', async () => {
    const clock = { now: () => Date.UTC(2026, 2, 10) };
    const inParts = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined, clock });
    const entry = 'iptv2';
    const days = ['230310', '250901', '251120', '260120', '260301', '260309', '260310', '260311'];
    for (const day of days) {
      const _id = `${day}070000555555`;
      await store.insert(sampleOrder({ _id, idempotencyKey: _id, state: 'closed', entry }));
    }
    for (const query of [
      { state: 'closed', entry },
      { entry, from: '251120' },
      { entry, to: '2603100' },
    ] as const) {
      for (const limit of [1, 3, 20]) {
        const all = await store.search(query, { limit }, WHOLE_PROVINCE);
        expect(await inParts.search(query, { limit }, WHOLE_PROVINCE)).toEqual(all);
        expect(all).not.toHaveLength(0);
      }
    }
  });

  it('reads an order from before there were organisations as the province’s', async () => {
    const orgPath = ['province', '650100', 'c0000000000000001'];
    const order = sampleOrder({ _id: '260301100000999997', idempotencyKey: 'of-an-org', orgPath });
    await store.insert(order);
    expect((await store.get(order._id))?.orgPath).toEqual(orgPath);
    await t.db.collection('orders').updateOne({ idempotencyKey: 'of-an-org' }, { $unset: { orgPath: 1 } });
    expect((await store.get(order._id))?.orgPath).toEqual(['province']);
  });

  it('reads an order from before there were others as a card order', async () => {
    const order = sampleOrder({ _id: '260301100000999998', idempotencyKey: 'old' });
    await store.insert(order);
    const raw = await t.db.collection('orders').findOne({ idempotencyKey: 'old' });
    expect(raw).not.toHaveProperty('kind');
    expect(raw).not.toHaveProperty('credit');
    expect(await store.get(order._id)).toMatchObject({ kind: 'card', credit: { status: 'none' } });
  });
});

describe('MongoNotificationStore', () => {
  it('keeps each notification once', async () => {
    const notifications = new MongoNotificationStore(t.db, () => undefined);
    await notifications.prepare();
    const content = {
      kind: 'payment',
      id: 'n1',
      paymentNo: '260301100000000001p1',
      transactionId: 'tx',
      amountFen: 5000,
      paidAt: new Date(5),
    } as const;
    const stored = {
      orderNo: '260301100000000001',
      channel: 'wechat',
      receivedAt: new Date(9),
      content,
    } as const;
    expect(await notifications.insert(stored, new Date(10))).toBe('inserted');
    expect(await notifications.insert(stored, new Date(10))).toBe('known');
    expect(await notifications.ofOrder(stored.orderNo)).toEqual([stored]);
  });

  it('tells each of those that come together what became of its own', async () => {
    const notifications = new MongoNotificationStore(t.db, () => undefined);
    const stored = (id: string) =>
      ({
        orderNo: '260301100000000002',
        channel: 'wechat',
        receivedAt: new Date(9),
        content: { kind: 'refund', id, refundNo: '260301100000000002p1r1', status: 'done' },
      }) as const;
    await notifications.insert(stored('first'), new Date(10));
    const outcomes = await Promise.all(
      ['a', 'first', 'b', 'a'].map((id) => notifications.insert(stored(id), new Date(10))),
    );
    expect(outcomes).toEqual(['inserted', 'known', 'inserted', 'known']);
    const ids = (await notifications.ofOrder('260301100000000002')).map(({ content }) => content.id);
    expect(ids.toSorted()).toEqual(['a', 'b', 'first']);
  });
});

describe('NumberSeal', () => {
  it('opens what it sealed, equal for equal, and nothing that was touched', () => {
    expect(seal.open(seal.seal('650100123456'))).toBe('650100123456');
    expect(seal.seal('1')).toBe(seal.seal('1'));
    expect(() => new NumberSeal(Buffer.alloc(32, 8)).open(seal.seal('1'))).toThrow(/cannot be opened/u);
  });
});
