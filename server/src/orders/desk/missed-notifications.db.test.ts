import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MongoNotificationStore, type NotificationStore } from '../store/notifications.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { MemoryShardLeases } from '../../testing/memory-leases.ts';
import { MemoryNotificationStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';
import { MissedNotifications } from './missed-notifications.ts';

const SOON_MS = 10_000;

let t: TestContext;
let a: FakeTerminal;
beforeAll(async () => {
  t = await openTestContext();
  a = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());

describe.each(['memory', 'mongo'] as const)('a notification in the %s store', (where) => {
  let world: OrderWorld;
  let store: NotificationStore;
  let order: Order;
  beforeEach(async () => {
    store = where === 'memory' ? new MemoryNotificationStore() : await ofDatabase();
    world = await OrderWorld.open({ notificationStore: store });
    order = await world.offer(a, world.household());
  });

  const due = () => store.due(new Date(world.clock.now()), 1_000);
  const pay = async (of = order): Promise<void> => {
    world.wechat.pay(of.payments[0]?.codeUrl ?? '');
    await world.notify(of.payments[0]?.no ?? '');
  };
  const another = (holder: string, leases = new MemoryShardLeases(), advanced: string[] = []) => ({
    leases,
    advanced,
    missedNotifications: new MissedNotifications({
      ...{ store: world.services.store, notifications: store, leases, holder },
      ...{ clock: world.clock, log: pino({ level: 'silent' }) },
      advance: async (orderNo) => {
        advanced.push(orderNo);
        await world.services.advancer.advance(orderNo);
      },
    }),
  });

  it('that its order has heard of is marked and costs the order nothing', async () => {
    await pay();
    await world.work();
    world.clock.jump(SOON_MS);
    const { missedNotifications, advanced } = another('one');
    expect(await missedNotifications.sweep()).toBe(1);
    expect(advanced).toEqual([]);
    expect(await due()).toEqual([]);
    expect(await store.ofOrder(order._id)).toHaveLength(1);
    expect(await missedNotifications.sweep()).toBe(0);
  });

  it('is left to its job for a while', async () => {
    await pay();
    expect(await another('one').missedNotifications.sweep()).toBe(0);
    expect((await world.now(order)).state).toBe('paying');
  });

  it('whose job was lost is heard of, and looked for no more', async () => {
    world.trigger.copies = () => 0;
    await pay();
    world.clock.jump(SOON_MS);
    const { missedNotifications, advanced } = another('one');
    expect(await missedNotifications.sweep()).toBe(1);
    expect(advanced).toEqual([order._id]);
    expect((await world.now(order)).state).toBe('sold');
    expect(await due()).toEqual([]);
  });

  it('of a refund is found in the same way', async () => {
    world.wechat.refundsAtOnce = false;
    await world.services.orders.cancel(order);
    world.wechat.payRegardless(order.payments[0]?.no ?? '');
    await world.notify(order.payments[0]?.no ?? '');
    await world.work();
    const [refund] = (await world.now(order)).refunds;
    expect(refund?.status).toBe('sent');
    world.wechat.settleRefunds();
    await store.insert(
      {
        ...{ orderNo: order._id, channel: 'wechat', receivedAt: new Date(world.clock.now()) },
        content: { kind: 'refund', id: 'r1', refundNo: refund?.no ?? '', status: 'done' },
      },
      new Date(world.clock.now()),
    );
    await another('one').missedNotifications.sweep();
    expect((await world.now(order)).state).toBe('refunded');
  });

  it('whose order cannot be advanced is tried again later, and holds up no other', async () => {
    world.trigger.copies = () => 0;
    await pay();
    const second = await world.offer(a, world.household());
    await pay(second);
    world.clock.jump(SOON_MS);
    const { missedNotifications } = another('one');
    const { advancer } = world.services;
    const advance = advancer.advance.bind(advancer);
    advancer.advance = (orderNo) =>
      orderNo === order._id ? Promise.reject(new Error('The grid is away.')) : advance(orderNo);
    expect(await missedNotifications.sweep()).toBe(2);
    expect((await world.now(second)).state).toBe('sold');
    expect(await missedNotifications.sweep()).toBe(0);
    advancer.advance = advance;
    world.clock.jump(60_000);
    expect(await missedNotifications.sweep()).toBe(1);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('that the order can make nothing of is alarmed once', async () => {
    const other = await world.offer(a, world.household());
    await pay();
    await world.work();
    const [theirs] = await store.ofOrder(order._id);
    if (theirs?.content.kind !== 'payment') throw new Error('There is no notification.');
    world.trigger.copies = () => 0;
    const stolen = { ...theirs.content, id: 'stolen', paymentNo: other.payments[0]?.no ?? '' };
    const rawBody = Buffer.from(JSON.stringify(stolen));
    await world.services.notifications.take('wechat', { 'x-signed-by': 'wechat' }, rawBody);
    await world.pass(2 * SOON_MS);
    expect((await world.now(other)).state).toBe('paying');
    expect(await due()).toEqual([]);
  });

  it('is still one worker’s when many take long', async () => {
    world.trigger.copies = () => 0;
    const orders = [order];
    while (orders.length < 12) orders.push(await world.offer(a, world.household()));
    for (const each of orders) await pay(each);
    world.clock.jump(SOON_MS);
    const leases = new MemoryShardLeases();
    const { missedNotifications, advanced } = another('slow', leases);
    const second = another('second', leases);
    const { advancer } = world.services;
    const advance = advancer.advance.bind(advancer);
    advancer.advance = async (orderNo) => {
      await advance(orderNo);
      world.clock.jump(4_000);
      expect(await second.missedNotifications.sweep()).toBe(0);
    };
    expect(await missedNotifications.sweep()).toBe(12);
    expect(advanced.toSorted()).toEqual(orders.map(({ _id }) => _id).toSorted());
    expect(second.advanced).toEqual([]);
  });

  it('is one worker’s at a time, and another’s once that one is dead', async () => {
    world.trigger.copies = () => 0;
    await pay();
    world.clock.jump(SOON_MS);
    const leases = new MemoryShardLeases();
    leases.held.set(8, { holder: 'dead', until: new Date(world.clock.now() + 20_000) });
    const { missedNotifications } = another('alive', leases);
    expect(await missedNotifications.sweep()).toBe(0);
    world.clock.jump(20_000);
    expect(await missedNotifications.sweep()).toBe(1);
    expect(leases.held.size).toBe(0);
  });
});

async function ofDatabase(): Promise<NotificationStore> {
  t.db.deleteModel(/.*/u);
  await t.db.collection('notifications').deleteMany({});
  const store = new MongoNotificationStore(t.db, () => undefined);
  await store.prepare();
  return store;
}
