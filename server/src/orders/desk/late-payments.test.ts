import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryNotificationStore, MemoryOrderStore } from '../../testing/memory-orders.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { LatePayments } from './late-payments.ts';
import type { Order } from '../model/order.ts';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let closed: Order;
beforeAll(async () => {
  [a, b] = [await fakeTerminal('kiosk-a'), await fakeTerminal('kiosk-b')];
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  const order = await world.offer(a, card);
  world.clock.jump(30_000);
  closed = await world.services.orders.cancel(order);
  world.clock.jump(1_000);
});

async function paidLate(): Promise<Order> {
  const no = closed.payments[0]?.no ?? '';
  world.wechat.payRegardless(no);
  await world.notify(no);
  await world.work();
  return world.now(closed);
}

const refunded = { state: 'refunded', refunds: [{ reason: 'late-payment', fen: 5000, status: 'done' }] };

describe('money for an order that was closed', () => {
  it('buys after all when the card was read again and nothing of this meter is under way', async () => {
    await world.identify(a, card);
    const sold = await paidLate();
    expect(sold).toMatchObject({ state: 'sold', closure: { status: 'open' }, refunds: [] });
    expect(sold.events.map(({ name }) => name)).toContain('order.reopened');
    expect((await world.write(a, card, sold)).state).toBe('done');
    expect(world.meterOf(card).insert(card)).toBe(5000);
  });

  it('is given back when the card has not been put in since', async () => {
    expect(await paidLate()).toMatchObject(refunded);
    expect(world.grid.carriedOut).toEqual([]);
  });

  it('is given back although the job that tells of it was lost: the notification is all that there is', async () => {
    const no = closed.payments[0]?.no ?? '';
    await world.work();
    world.trigger.copies = () => 0;
    world.wechat.payRegardless(no);
    await world.notify(no);
    world.trigger.copies = () => 1;
    await world.pass(10_000);
    expect(await world.now(closed)).toMatchObject(refunded);
    expect((await world.now(closed)).dueAt).toBeNull();
  });

  it('is given back although the order came to rest while its notification was stored, and the job was lost', async () => {
    const stores = new MemoryNotificationStore();
    const insert = stores.insert.bind(stores);
    world = await OrderWorld.open({ notificationStore: stores });
    world.trigger.copies = () => 0;
    const order = await world.offer(a, world.household());
    const no = order.payments[0]?.no ?? '';
    const trade = world.wechat.trades.get(no);
    stores.insert = async (notification, dueAt) => {
      // The wallet, asked, says that it was not paid; then it was.
      const paid = trade?.transactions.splice(0) ?? [];
      await world.services.orders.cancel(order);
      trade?.transactions.push(...paid);
      return insert(notification, dueAt);
    };
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(no);
    expect(await world.now(order)).toMatchObject({ state: 'closed', dueAt: null });
    world.trigger.copies = () => 1;
    await world.pass(10_000);
    expect(await world.now(order)).toMatchObject(refunded);
  });

  it('is given back when only another terminal has read the card', async () => {
    await world.identify(b, card);
    expect(await paidLate()).toMatchObject(refunded);
  });

  it('is given back when the reading is too long ago', async () => {
    await world.identify(a, card);
    world.clock.jump(10 * 60_000);
    expect(await paidLate()).toMatchObject(refunded);
  });

  it('is given back when the household is buying again', async () => {
    const other = await world.order(a, card);
    expect(await paidLate()).toMatchObject(refunded);
    expect((await world.now(other)).state).toBe('created');
  });

  it('is given back when the household has bought again: the count is taken', async () => {
    const other = await world.paid(a, card);
    await world.identify(a, card);
    expect(await paidLate()).toMatchObject(refunded);
    expect(world.grid.carriedOut).toEqual([other._id]);
  });

  it('is given back when the card has been in the meter with another purchase: it shows another count', async () => {
    await world.write(a, card, await world.paid(a, card));
    world.meterOf(card).insert(card);
    await world.identify(a, card);
    expect(await paidLate()).toMatchObject(refunded);
  });

  it('of two orders of one meter, both paid late, buys once', async () => {
    const second = await world.services.orders.cancel(await world.offer(a, card));
    world.clock.jump(1_000);
    await world.identify(a, card);
    const nos = [closed, second].map((order) => order.payments[0]?.no ?? '');
    for (const no of nos) world.wechat.payRegardless(no);
    await Promise.all(nos.map((no) => world.notify(no)));
    await Promise.all([closed, second].map(({ _id }) => world.services.advancer.advance(_id)));
    await world.work();
    const states = [(await world.now(closed)).state, (await world.now(second)).state];
    expect(states.toSorted()).toEqual(['refunded', 'sold']);
    expect(world.grid.carriedOut).toHaveLength(1);
  });

  it('of a remote order is given back: no card shows that its count is still the next', async () => {
    const remote = await world.remoteOrder('payer:p1', world.household());
    const offered = await world.services.orders.createPayment(remote, 'wechat');
    closed = await world.services.orders.cancel(offered);
    expect(await paidLate()).toMatchObject(refunded);
  });

  it('is given back where that is the policy, and where no reading can be known', async () => {
    await world.identify(a, card);
    const store = new MemoryOrderStore();
    const sessions = { reading: () => Promise.reject(new Error('Redis is away.')) };
    const init = { store, sessions: sessions as never, log: world.log };
    expect(await new LatePayments({ ...init, policy: 'fulfil' }).fulfils(closed)).toBe(false);
    expect(await new LatePayments({ ...init, policy: 'refund' }).fulfils(closed)).toBe(false);
  });
});
