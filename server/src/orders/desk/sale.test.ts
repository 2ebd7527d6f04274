import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import type { Order } from '../model/order.ts';
import { staffReversalSent } from '../model/moves/staff.ts';
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

const sent = () => world.grid.calls.filter((operation) => operation === 'sell').length;

describe('a sale whose answer is missing', () => {
  it('is asked about, never sent again: it was sold', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-answer'] });
    const order = await world.paid(a, card);
    expect(order.state).toBe('grid-silent');
    await world.pass(10_000);
    expect((await world.now(order)).state).toBe('sold');
    expect(sent()).toBe(1);
  });

  it('keeps the money safe while the grid is silent to questions too', async () => {
    world.grid.fault = (operation) =>
      operation === 'sell' || operation === 'queryOriginal' ? 'lost-answer' : 'none';
    const order = await world.paid(a, card);
    await world.pass(600_000, 10_000);
    expect((await world.now(order)).state).toBe('grid-silent');
    world.grid.fault = () => 'none';
    await world.pass(600_000, 10_000);
    expect((await world.now(order)).state).toBe('sold');
    expect(world.wechat.refunds.size).toBe(0);
  });

  it('counts "not found" only after the horizon and twice, then buries the number and gives the money back', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-request'] });
    const order = await world.paid(a, card);
    await world.pass(69_000);
    expect(await world.now(order)).toMatchObject({ state: 'grid-silent', reversal: { status: 'none' } });
    expect((await world.now(order)).sale.notFound).toBeUndefined();
    await world.pass(180_000, 5_000);
    const refunded = await world.now(order);
    expect(refunded).toMatchObject({
      state: 'refunded',
      sale: { status: 'rejected', notFound: 2 },
      reversal: { status: 'reversed' },
      saleSlot: null,
    });
    expect(sent()).toBe(1);
    expect([...world.wechat.refunds.keys()]).toEqual([`${order._id}p1r3`]);
    await expect(
      world.grid.sell({
        orderNo: order._id,
        customerNo: order.customerNo,
        meterNo: order.meterNo,
        serial: order.serial,
        faceFen: 5000,
        count: 2,
      }),
    ).rejects.toMatchObject({ refusal: 'reversed' });
  });

  it('is fulfilled when the straggler arrives within the horizon', async () => {
    world.grid.fault = faultsOf({ sell: ['late'] });
    world.grid.lateMs = 50_000;
    const order = await world.paid(a, card);
    await world.pass(120_000);
    expect((await world.now(order)).state).toBe('sold');
    expect(world.wechat.refunds.size).toBe(0);
  });

  it('asks about its tombstone, too, when that answer is missing', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-request'], reverse: ['lost-answer'] });
    const order = await world.paid(a, card);
    await world.pass(400_000, 5_000);
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.grid.calls.filter((operation) => operation === 'reverse')).toHaveLength(1);
  });

  it('goes back when it is heard of while its number is being buried', async () => {
    world.grid.fault = faultsOf({ sell: ['late'], reverse: ['lost-request'] });
    world.grid.lateMs = 200_000;
    const order = await world.paid(a, card);
    while ((await world.now(order)).reversal.status !== 'unknown') await world.pass(5_000, 5_000);
    expect(world.grid.sales.size).toBe(0);
    while (world.grid.sales.size === 0) await world.pass(5_000, 5_000);
    // Somebody who asked before hears of it only now.
    await world.services.sales.resolveSale({ ...order, reversal: { status: 'none' } });
    expect(await world.now(order)).toMatchObject({
      sale: { status: 'sold' },
      reversal: { status: 'unknown' },
    });
    await world.pass(600_000, 5_000);
    expect(await world.now(order)).toMatchObject({
      ...{ state: 'refunded', attention: null, saleSlot: null, dueAt: null },
      ...{ sale: { status: 'rejected' }, refunds: [{ reason: 'not-sold', status: 'done' }] },
    });
    expect(world.grid.sales.get(order._id)).toMatchObject({ status: 'reversed' });
  });

  it('sends the tombstone again only once the grid cannot have it any more', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-request'], reverse: ['lost-request'] });
    const order = await world.paid(a, card);
    await world.pass(600_000, 5_000);
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.grid.calls.filter((operation) => operation === 'reverse')).toHaveLength(2);
  });

  it('found sold after the money went back is a case and a reversal', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-request'] });
    const order = await world.paid(a, card);
    await world.pass(300_000, 5_000);
    const late = {
      saleNo: 'S',
      orderNo: order._id,
      count: 2,
      faceFen: 5000,
      creditFen: 5000,
      arrearsFen: 0,
      feeFen: 0,
    };
    await world.services.sales.noteSold(await world.now(order), late);
    expect(await world.now(order)).toMatchObject({ state: 'attention', attention: 'late-sale' });
    await world.pass(60_000, 5_000);
    expect(await world.now(order)).toMatchObject({
      attention: 'late-sale',
      reversal: { status: 'reversed' },
    });
    expect(world.wechat.refunds.size).toBe(1);
  });
});

describe('an answer that was given before the sale was undone', () => {
  it.each(['sell', 'queryOriginal'] as const)(
    'calls nobody, however late it is heard: %s',
    async (operation) => {
      const order = await world.offer(a, card);
      world.wechat.pay(order.payments[0]?.codeUrl ?? '');
      await world.notify(`${order._id}p1`);
      if (operation === 'queryOriginal') {
        world.grid.fault = faultsOf({ sell: ['lost-answer'] });
        await world.work();
        world.clock.jump(20_000);
      }
      const { slow, hear } = slowly(operation, order);
      await world.pass(120_000, 10_000);
      expect((await world.now(order)).state).toBe('sold');
      const { mover, sales } = world.services;
      const persons = { requestedBy: 'anna', approvedBy: 'boris', approval: 'a1', now: mover.now() };
      const sent = await mover.move(await world.now(order), (now) => staffReversalSent(now, persons));
      await sales.reverse(sent.order);
      await world.pass(60_000, 10_000);
      hear();
      await slow;
      expect(await world.now(order)).toMatchObject({
        ...{ state: 'refunded', attention: null },
        ...{ sale: { status: 'rejected' }, reversal: { status: 'reversed' } },
      });
    },
  );

  /** The grid is asked, and its answer is not heard until then. */
  function slowly(
    operation: 'sell' | 'queryOriginal',
    order: Order,
  ): { slow: Promise<void>; hear: () => void } {
    const ask = world.grid[operation].bind(world.grid) as (asked: never) => Promise<unknown>;
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    Object.assign(world.grid, {
      async [operation](asked: never) {
        Object.assign(world.grid, { [operation]: ask });
        const answer = await ask(asked);
        await heard;
        return answer;
      },
    });
    return { slow: world.services.advancer.advance(order._id), hear };
  }
});

describe('a sale that the grid does not make', () => {
  it('gives the money back when it is refused', async () => {
    const order = await world.offer(a, card);
    world.grid.addHousehold(card);
    const other = world.grid;
    // Sold meanwhile over somebody else's counter.
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

describe('a worker that dies', () => {
  it('between storing the sale and sending it: the sale is asked about, and the money goes back', async () => {
    const order = await world.offer(a, card);
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    const sell = world.grid.sell.bind(world.grid);
    world.grid.sell = () => Promise.reject(new Error('killed'));
    await world.notify(`${order._id}p1`);
    await expect(world.work()).rejects.toThrow('killed');
    world.grid.sell = sell;
    expect((await world.now(order)).sale.status).toBe('sent');
    await world.pass(400_000, 5_000);
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.grid.carriedOut).toEqual([]);
  });

  it('between storing the refund and sending it: the refund is asked about, and sent under its number', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-request'] });
    const order = await world.paid(a, card);
    const refund = world.wechat.refund.bind(world.wechat);
    world.wechat.refund = () => Promise.reject(new Error('killed'));
    await world.pass(300_000, 5_000);
    expect((await world.now(order)).refunds).toMatchObject([{ status: 'sent' }]);
    world.wechat.refund = refund;
    await world.pass(600_000, 5_000);
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.wechat.refunds.size).toBe(1);
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
