import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { faultsOf } from '../../testing/faults.ts';

let a: FakeTerminal;
let world: OrderWorld;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
});

describe('paying', () => {
  it('gives the same code while it can be paid', async () => {
    const order = await world.offer(a, world.household());
    const again = await world.services.orders.createPayment(order, 'wechat');
    expect(again.payments).toEqual(order.payments);
  });

  it('closes an order whose code ran out, on the evidence of the channel', async () => {
    const order = await world.offer(a, world.household());
    await world.pass(299_000, 13_000);
    expect((await world.now(order)).state).toBe('paying');
    await world.pass(5_000);
    const closed = await world.now(order);
    expect(closed).toMatchObject({ state: 'closed', closure: { reason: 'expired' }, dueAt: null });
    expect(closed.payments[0]).toMatchObject({ status: 'closed', codeUrl: null });
    expect(world.wechat.trades.get(`${order._id}p1`)?.closed).toBe(true);
  });

  it('does not close an expired code while the channel is silent', async () => {
    const order = await world.offer(a, world.household());
    world.wechat.fault = (operation) => (operation === 'wechat.close' ? 'lost-request' : 'none');
    await world.pass(310_000, 5_000);
    expect((await world.now(order)).state).toBe('paying');
    world.wechat.fault = () => 'none';
    await world.pass(60_000, 5_000);
    expect((await world.now(order)).state).toBe('closed');
  });

  it('closes an order that never had a code', async () => {
    const order = await world.order(a, world.household());
    await world.pass(302_000, 2_000);
    expect((await world.now(order)).state).toBe('closed');
  });

  it('goes on when the order was paid in the moment of cancelling', async () => {
    const order = await world.offer(a, world.household());
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    expect((await world.services.orders.cancel(order)).state).toBe('sold');
  });

  it('takes a cancelled order no further, and gives the money back that comes late', async () => {
    const order = await world.offer(a, world.household());
    const closed = await world.services.orders.cancel(order);
    expect(closed.state).toBe('closed');
    await expect(world.services.orders.createPayment(closed, 'wechat')).rejects.toMatchObject({
      code: 'order.closed',
    });
    world.wechat.payRegardless(`${order._id}p1`);
    await world.notify(`${order._id}p1`);
    await world.work();
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.grid.carriedOut).toEqual([]);
  });

  it('needs no notification: the channel is asked', async () => {
    const order = await world.offer(a, world.household());
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.pass(12_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('needs no job: the sweeper is enough', async () => {
    world.trigger.copies = () => 0;
    const order = await world.offer(a, world.household());
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${order._id}p1`);
    await world.pass(302_000, 2_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('gives the money of a second channel back by itself', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    const both = await world.services.orders.createPayment(first, 'alipay');
    world.wechat.pay(both.payments[0]?.codeUrl ?? '');
    world.alipay.pay(both.payments[1]?.codeUrl ?? '');
    await world.notify(`${first._id}p1`);
    await world.pass(5_000);
    const order = await world.now(first);
    expect(order.state).toBe('sold');
    expect(order.refunds).toMatchObject([
      { no: `${first._id}p2r1`, status: 'done', reason: 'double-payment' },
    ]);
    expect(world.alipay.refunds.size).toBe(1);
    expect(world.wechat.refunds.size).toBe(0);
  });

  it('gives the second transaction on one number back, by its own transaction', async () => {
    const order = await world.offer(a, world.household());
    const no = `${order._id}p1`;
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    world.wechat.payRegardless(no);
    await world.notify(no);
    await world.notify(no);
    await world.work();
    const now = await world.now(order);
    expect(now.state).toBe('sold');
    const extra = world.wechat.trades.get(no)?.transactions[1];
    expect([...world.wechat.refunds.values()]).toMatchObject([
      { refundNo: `${no}x1r1`, transactionId: extra?.id, fen: 5000, status: 'done' },
    ]);
  });

  it('asks about a code that it did not get, and asks for it again under the same number', async () => {
    world.wechat.fault = faultsOf({ 'wechat.create': ['lost-answer', 'lost-answer'] });
    const order = await world.offer(a, world.household());
    expect(order.payments).toMatchObject([{ status: 'unknown', codeUrl: null }]);
    await world.pass(3_000);
    expect((await world.now(order)).payments).toMatchObject([{ no: `${order._id}p1`, status: 'pending' }]);
  });

  it('says so when the channel cannot be reached, and lets the payer try again', async () => {
    world.wechat.fault = faultsOf({ 'wechat.create': ['unavailable'] });
    const order = await world.order(a, world.household());
    const pay = async () => world.services.orders.createPayment(await world.now(order), 'wechat');
    await expect(pay()).rejects.toMatchObject({ code: 'payment.channel-unavailable' });
    expect((await pay()).payments.map(({ status }) => status)).toEqual(['closed', 'pending']);
    await expect(world.services.orders.createPayment(order, 'bestpay')).rejects.toMatchObject({
      code: 'payment.channel-unavailable',
    });
  });

  it('lets the next order on the same terminal take the place of one that was not paid', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    const second = await world.offer(a, card);
    expect(second.state).toBe('paying');
    expect(await world.now(first)).toMatchObject({ state: 'closed', closure: { reason: 'superseded' } });
  });

  it('does not let it while that one was in fact paid', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    world.wechat.pay(first.payments[0]?.codeUrl ?? '');
    await expect(world.order(a, card)).rejects.toMatchObject({
      code: 'meter.order-open',
      orderNo: first._id,
    });
    expect((await world.now(first)).state).toBe('sold');
  });
});
