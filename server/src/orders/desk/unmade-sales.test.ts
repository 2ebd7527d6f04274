import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';

let a: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
});

describe('a sale that the grid does not make', () => {
  it('gives the money back when it is refused', async () => {
    const order = await world.offer(a, card);
    world.grid.addHousehold(card);
    const other = world.grid;
    // Sold meanwhile over another counter.
    await other.sell({
      orderNo: 'counter',
      customerNo: 'x',
      meterNo: card.meterNo,
      serial: card.serial,
      faceFen: 100,
      count: 2,
    });
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${order._id}p1`);
    await world.work();
    expect(await world.now(order)).toMatchObject({
      state: 'refunded',
      sale: { status: 'rejected', reason: 'count' },
      saleSlot: null,
      dueAt: null,
    });
  });

  it('is sent again while it provably never left, under the same number', async () => {
    world.grid.fault = faultsOf({ sell: ['unavailable', 'unavailable'] });
    const order = await world.paid(a, card);
    expect(order.state).toBe('grid-silent');
    await world.pass(10_000);
    expect((await world.now(order)).state).toBe('sold');
    expect(world.grid.carriedOut).toEqual([order._id]);
  });

  it('gives the money back when the grid stays away for half an hour', async () => {
    world.grid.fault = (operation) => (operation === 'sell' ? 'unavailable' : 'none');
    const order = await world.paid(a, card);
    await world.pass(3_600_000, 30_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', sale: { reason: 'grid-unavailable' } });
  });

  it('needs a person when it sold something else', async () => {
    const order = await world.offer(a, card);
    world.grid.sell = (request) =>
      Promise.resolve({
        ...{ saleNo: 'S', orderNo: request.orderNo, count: request.count, faceFen: request.faceFen + 1 },
        ...{ creditFen: 1, arrearsFen: 0, feeFen: 0 },
      });
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${order._id}p1`);
    await world.work();
    expect((await world.now(order)).attention).toBe('sale-mismatch');
    await expect(world.write(a, card, order)).rejects.toMatchObject({ code: 'order.not-sold' });
  });
});

describe('a refund', () => {
  beforeEach(() => {
    world.grid.fault = faultsOf({ sell: ['lost-request'] });
  });

  it.each(['lost-answer', 'lost-request', 'unavailable'] as const)('with %s is paid once', async (fault) => {
    world.wechat.fault = faultsOf({ 'wechat.refund': [fault, fault] });
    const order = await world.paid(a, card);
    await world.pass(900_000, 5_000);
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.wechat.refunds.size).toBe(1);
  });

  it('that the channel works on is asked about until it is done', async () => {
    world.wechat.refundsAtOnce = false;
    const order = await world.paid(a, card);
    await world.pass(600_000, 5_000);
    expect((await world.now(order)).state).toBe('refunding');
    world.wechat.settleRefunds();
    await world.pass(600_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', dueAt: null });
  });

  it('that the channel cannot make needs a person', async () => {
    world.wechat.refundsAtOnce = false;
    const order = await world.paid(a, card);
    await world.pass(300_000, 5_000);
    const no = (await world.now(order)).refunds[0]?.no ?? '';
    const content = { kind: 'refund', id: 'rn1', refundNo: no, status: 'abnormal' };
    const rawBody = Buffer.from(JSON.stringify(content));
    await world.services.notifications.take('wechat', { 'x-signed-by': 'wechat' }, rawBody);
    await world.work();
    expect(await world.now(order)).toMatchObject({ state: 'attention', dueAt: null });
  });
});
