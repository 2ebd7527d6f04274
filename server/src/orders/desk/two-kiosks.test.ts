import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
beforeAll(async () => {
  [a, b] = [await fakeTerminal('kiosk-a'), await fakeTerminal('kiosk-b')];
});
beforeEach(async () => {
  world = await OrderWorld.open();
});

describe('two kiosks with one card', () => {
  it('make one order when they begin at the same moment', async () => {
    const card = world.household();
    const both = await Promise.allSettled([world.order(a, card), world.order(b, card.clone())]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'meter.order-open' },
    });
  });

  it('find the card busy while a code is out at the other', async () => {
    const card = world.household();
    const order = await world.offer(a, card);
    const answer = await world.identify(b, card.clone());
    expect(answer).toMatchObject({ blocked: 'meter.order-open', unfinished: null });
    await expect(world.order(b, card)).rejects.toMatchObject({
      code: 'meter.order-open',
      orderNo: order._id,
    });
  });

  it('sell once even if both were paid: the second money goes back', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    await world.services.orders.cancel(first);
    const other = await world.offer(b, card);
    // The first payer's money arrives although the channel had closed it.
    world.wechat.payRegardless(`${first._id}p1`);
    world.wechat.pay(other.payments[0]?.codeUrl ?? '');
    await world.notify(`${first._id}p1`);
    await world.notify(`${other._id}p1`);
    await world.work();
    expect((await world.now(other)).state).toBe('sold');
    const late = await world.now(first);
    expect(late.state).toBe('refunded');
    expect(late.refunds[0]).toMatchObject({ reason: 'late-payment', no: `${first._id}p1r2` });
    expect(world.grid.carriedOut).toEqual([other._id]);
  });

  it('cannot sell one count twice: the order that finds the slot taken is refunded', async () => {
    const card = world.household();
    const first = await world.paid(a, card);
    const stray = { ...(await world.now(first)), _id: '260101000000000009', idempotencyKey: 'stray' };
    const unpaid = { ...stray, payments: [], sale: { status: 'none' }, saleSlot: null, version: 1 } as const;
    await world.services.store.insert({ ...unpaid, state: 'created', dueAt: null });
    const order = await world.services.orders.createPayment(await world.now(stray), 'wechat');
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${stray._id}p1`);
    await world.work();
    const refunded = await world.now(stray);
    expect(refunded).toMatchObject({ state: 'refunded', sale: { status: 'rejected', reason: 'slot-taken' } });
    expect(world.grid.carriedOut).toEqual([first._id]);
  });
});
