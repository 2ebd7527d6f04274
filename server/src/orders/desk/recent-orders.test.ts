import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import type { Order } from '../model/order.ts';

let kiosk: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
beforeAll(async () => {
  kiosk = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
});

/** How often orders are read by their number until `work` is over. */
async function readsOf(work: () => Promise<unknown>): Promise<number> {
  const get = vi.spyOn(world.services.store, 'get');
  await work();
  const { length } = get.mock.calls;
  get.mockRestore();
  return length;
}

async function release(order: Order) {
  const current = await world.services.orders.get(kiosk.terminalId, order._id);
  const sealed = await world.services.writes.release(current, kiosk, { image: card.read() });
  card.write(await kiosk.open(sealed));
  return { lease: sealed.lease, result: 'written', imageDigest: card.digest() } as const;
}

describe('an order that this process left last', () => {
  it('is paid, reported paid and claimed without being read again', async () => {
    const order = await world.order(kiosk, card);
    const { orders, writes } = world.services;
    let offered = order;
    const paying = async (): Promise<void> => {
      offered = await orders.createPayment(
        await orders.toPay(kiosk.terminalId, order._id, 'wechat'),
        'wechat',
      );
      world.wechat.pay(offered.payments[0]?.codeUrl ?? '');
      await world.notify(offered.payments[0]?.no ?? '');
    };
    expect(await readsOf(paying)).toBe(0);
    await world.work();
    const claim = await release(order);
    const claiming = async () =>
      writes.claim(await orders.toClaim(kiosk.terminalId, order._id, claim.lease), kiosk.terminalId, claim);
    expect(await readsOf(claiming)).toBe(0);
    expect((await world.now(order)).state).toBe('done');
  });

  it('is not looked at again since a payment could be asked about, once it has none', async () => {
    const order = await world.paid(kiosk, card);
    world.clock.jump(15_000);
    expect(await readsOf(() => world.services.advancer.advance(order._id, 'poll-x'))).toBe(0);
    expect(await readsOf(() => world.services.advancer.advance(order._id, 'notice-x'))).toBe(1);
    const other = await world.restarted();
    expect(await readsOf(() => other.advancer.advance(order._id, 'poll-x'))).toBe(1);
  });

  it('belongs to no other terminal', async () => {
    const order = await world.order(kiosk, card);
    const { orders } = world.services;
    await expect(orders.toPay('kiosk-b', order._id, 'wechat')).rejects.toMatchObject({
      code: 'order.not-found',
    });
    await expect(orders.toClaim('kiosk-b', order._id, 1)).rejects.toMatchObject({ code: 'order.not-found' });
  });
});

describe('an order that another process moved since', () => {
  it('takes no payment once it is over', async () => {
    const order = await world.order(kiosk, card);
    const other = await world.restarted();
    await other.orders.cancel(await other.orders.get(kiosk.terminalId, order._id));
    const { orders } = world.services;
    const stale = await orders.toPay(kiosk.terminalId, order._id, 'wechat');
    expect(stale.closure.status).toBe('open');
    await expect(orders.createPayment(stale, 'wechat')).rejects.toMatchObject({ code: 'order.closed' });
    expect((await world.now(order)).payments).toEqual([]);
  });

  it('shows the code that it has, and no second one', async () => {
    const order = await world.order(kiosk, card);
    const other = await world.restarted();
    const there = await other.orders.createPayment(
      await other.orders.get(kiosk.terminalId, order._id),
      'wechat',
    );
    const { orders } = world.services;
    const here = await orders.createPayment(
      await orders.toPay(kiosk.terminalId, order._id, 'wechat'),
      'wechat',
    );
    expect(here.payments).toHaveLength(1);
    expect(here.payments[0]).toMatchObject({ no: there.payments[0]?.no });
  });

  it('hears of a payment that was asked for there', async () => {
    const order = await world.order(kiosk, card);
    const other = await world.restarted();
    const there = await other.orders.createPayment(
      await other.orders.get(kiosk.terminalId, order._id),
      'wechat',
    );
    world.wechat.pay(there.payments[0]?.codeUrl ?? '');
    await world.notify(there.payments[0]?.no ?? '');
    await world.work();
    expect((await world.now(order)).state).toBe('sold');
  });

  it('is due at once where the queue takes no job, though it is remembered as it was', async () => {
    const order = await world.offer(kiosk, card);
    const other = await world.restarted();
    await other.orders.createPayment(await other.orders.get(kiosk.terminalId, order._id), 'alipay');
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    world.trigger.reachable = false;
    await world.notify(order.payments[0]?.no ?? '');
    expect((await world.now(order)).dueAt).toEqual(new Date(world.clock.now()));
  });

  it('knows a lease that ran out and is another terminal’s now', async () => {
    const order = await world.paid(kiosk, card);
    const current = await world.services.orders.get(kiosk.terminalId, order._id);
    const { lease } = await world.services.writes.release(current, kiosk, { image: card.read() });
    world.clock.jump(world.services.mover.policy.leaseMs + 10_000);
    const b = await fakeTerminal('kiosk-b');
    const other = await world.restarted();
    await other.cards.identify(b.terminalId, { image: card.read(), entry: 'kiosk' });
    await other.writes.release(await other.orders.get(b.terminalId, order._id), b, { image: card.read() });
    const confirm = vi.spyOn(world.grid, 'confirmWrite');
    const claim = { lease, result: 'written', imageDigest: card.digest() } as const;
    const stale = await world.services.orders.toClaim(kiosk.terminalId, order._id, lease);
    await expect(world.services.writes.claim(stale, kiosk.terminalId, claim)).rejects.toMatchObject({
      code: 'order.lease-stale',
    });
    expect(confirm).not.toHaveBeenCalled();
    expect((await world.now(order)).write).toMatchObject({ status: 'released', terminalId: 'kiosk-b' });
  });

  it('says so where it lost its lease to the same terminal, which asked for a new one there', async () => {
    const order = await world.paid(kiosk, card);
    const current = await world.services.orders.get(kiosk.terminalId, order._id);
    const { lease } = await world.services.writes.release(current, kiosk, { image: card.read() });
    const other = await world.restarted();
    const there = await other.orders.get(kiosk.terminalId, order._id);
    const next = await other.writes.release(there, kiosk, { image: card.read() });
    const stale = await world.services.orders.toClaim(kiosk.terminalId, order._id, lease);
    await expect(
      world.services.writes.claim(stale, kiosk.terminalId, { lease, result: 'failed' }),
    ).rejects.toMatchObject({ code: 'order.lease-stale' });
    expect((await world.now(order)).write).toMatchObject({ status: 'released', lease: next.lease });
  });
});
