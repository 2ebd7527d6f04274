import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

let a: FakeTerminal;
let world: OrderWorld;
let order: Order;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  order = await world.offer(a, world.household());
});

const take = (content: object, signedBy = 'wechat') =>
  world.services.notifications.take(
    'wechat',
    { 'x-signed-by': signedBy },
    Buffer.from(JSON.stringify(content)),
  );
const success = (over: object = {}) => ({
  kind: 'payment',
  id: 'n1',
  paymentNo: `${order._id}p1`,
  transactionId: 'tx1',
  amountFen: 5000,
  paidAt: '2026-01-15T02:00:00Z',
  ...over,
});

describe('a notification', () => {
  it('that is not signed is refused, and the order stays as it is', async () => {
    await expect(take(success(), 'somebody')).rejects.toMatchObject({ code: 'payment.bad-signature' });
    await world.work();
    expect(await world.now(order)).toEqual(order);
  });

  it.each<[string, { amountFen?: number; paymentNo?: string }]>([
    ['another amount', { amountFen: 1 }],
    ['a payment that this order never had', { paymentNo: 'p9' }],
    ['an order that does not exist', { paymentNo: '000000000000000000p1' }],
    ['a number that is none of ours', { paymentNo: 'hello' }],
  ])('about %s is refused, counted, and changes nothing', async (_, over) => {
    const paymentNo = over.paymentNo === 'p9' ? `${order._id}p9` : over.paymentNo;
    const content = success({ ...over, ...(paymentNo === undefined ? {} : { paymentNo }) });
    await expect(take(content)).rejects.toMatchObject({ code: 'notification.mismatch' });
    await world.work();
    expect(await world.now(order)).toEqual(order);
    expect(await world.registry.getSingleMetricAsString('bianmin_payment_mismatches_total')).toMatch(
      /reason="[\w-]+"\} 1/u,
    );
  });

  it('may come many times, late and again after everything is over', async () => {
    await take(success());
    await take(success());
    await world.work();
    const sold = await world.now(order);
    expect(sold.state).toBe('sold');
    await take(success());
    await take(success({ id: 'n2' }));
    await world.work();
    expect((await world.now(order)).version).toBe(sold.version);
    expect(world.grid.carriedOut).toEqual([order._id]);
  });

  it('is acted on by the next sweep when there is no queue', async () => {
    world.trigger.reachable = false;
    await take(success());
    await world.pass(1_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('with the transaction of another order is alarmed and funds nothing', async () => {
    const other = await world.offer(a, world.household());
    await take(success());
    await take(success({ id: 'n2', paymentNo: `${other._id}p1` }));
    await world.work();
    expect((await world.now(order)).state).toBe('sold');
    expect((await world.now(other)).state).toBe('paying');
  });
});
