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
    // A process that asked before hears of it only now.
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

  it('that the grid undid by itself is no person’s where the answer of before comes last', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-answer'] });
    const asked = await world.paid(a, card);
    const sold = await world.grid.queryOriginal(asked._id);
    if (sold.status !== 'sold') throw new Error('The grid did not sell.');
    world.grid.convert(card.meterNo, 'reversed');
    await world.pass(300_000, 5_000);
    expect(await world.now(asked)).toMatchObject({ state: 'refunded', sale: { reason: 'reversed' } });
    await world.services.sales.noteSold(asked, sold.sale);
    expect(await world.now(asked)).toMatchObject({ state: 'refunded', attention: null });
    expect(world.wechat.refunds.size).toBe(1);
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
