import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { chinaClock } from '../../kernel/china-time.ts';
import type { Order } from '../model/order.ts';

const PAYER = 'payer:p1';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
beforeAll(async () => {
  [a, b] = [await fakeTerminal('kiosk-a'), await fakeTerminal('kiosk-b')];
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
});

const events = async (order: Order) => (await world.now(order)).events.map(({ name }) => name);

/** Bought, and put into a meter that has no room for it. */
async function refused(maker: { writesBackWhenFull: boolean }): Promise<Order> {
  const order = await world.write(a, card, await world.paid(a, card));
  Object.assign(world.meterOf(card), { balanceFen: 98_000, ceilingFen: 100_000, ...maker });
  await world.clock.advance(60_000);
  expect(world.meterOf(card).insert(card)).toBe(0);
  return order;
}

describe('of a written card its meter says', () => {
  it('nothing while it has not been there', async () => {
    const order = await world.write(a, card, await world.paid(a, card));
    expect((await world.identify(a, card)).blocked).toBe('meter.previous-not-inserted');
    expect((await world.now(order)).meter).toBeUndefined();
  });

  it('that it has the purchase, once, at the next reading', async () => {
    const order = await world.write(a, card, await world.paid(a, card));
    world.meterOf(card).insert(card);
    await world.identify(b, card);
    await world.identify(a, card);
    expect(await world.now(order)).toMatchObject({ state: 'done', meter: { status: 'credited' } });
    expect((await events(order)).filter((name) => name === 'meter.credited')).toHaveLength(1);
  });

  it('also by a reading from afar', async () => {
    const order = await world.write(a, card, await world.paid(a, card));
    world.meterOf(card).insert(card);
    const customer = await world.grid.identifyCustomer(world.customerOf(card));
    world.grid.identifyCustomer = () => Promise.resolve({ ...customer, creditedCount: order.count });
    await world.services.remote.describe(world.customerOf(card));
    expect((await world.now(order)).meter?.status).toBe('credited');
  });

  it('nothing of one that lies in a drawer, when it is read from afar', async () => {
    const order = await world.write(a, card, await world.paid(a, card));
    const customer = await world.grid.identifyCustomer(world.customerOf(card));
    const balanceAt = new Date(world.clock.now() + 60_000).toISOString();
    world.grid.identifyCustomer = () => Promise.resolve({ ...customer, balanceAt, balanceLive: true });
    await world.services.remote.describe(world.customerOf(card));
    expect((await world.now(order)).meter).toBeUndefined();
  });

  it('what it took from afar', async () => {
    const order = await world.remotePaid(PAYER, card);
    expect((await world.now(order)).meter).toMatchObject({ status: 'credited' });
  });
});

describe('a meter without room', () => {
  it('that writes back is heard once: refused, and why', async () => {
    const order = await refused({ writesBackWhenFull: true });
    await world.identify(a, card);
    await world.identify(b, card);
    expect((await world.now(order)).meter).toMatchObject({
      status: 'refused',
      reason: 'full',
      belowFen: 95_000,
      saidAt: new Date(world.clock.now()).toISOString(),
    });
    expect((await events(order)).filter((name) => name === 'meter.refused')).toHaveLength(1);
  });

  it('takes it once the card is written anew, without a payment, and once', async () => {
    const order = await refused({ writesBackWhenFull: true });
    const meter = world.meterOf(card);
    meter.balanceFen = 50_000;
    expect(meter.insert(card)).toBe(0);
    const { unfinished, blocked } = await world.identify(b, card);
    expect([unfinished?.orderNo, blocked]).toEqual([order._id, 'meter.order-open']);
    await world.write(b, card, order);
    expect((await world.now(order)).meter).toEqual({ status: 'unknown' });
    expect([meter.insert(card), meter.insert(card)]).toEqual([5000, 0]);
    await world.identify(a, card);
    expect((await world.now(order)).meter?.status).toBe('credited');
  });

  it('may refuse it again: that is another word', async () => {
    const order = await refused({ writesBackWhenFull: true });
    await world.identify(a, card);
    await world.write(a, card, order);
    await world.clock.advance(60_000);
    world.meterOf(card).insert(card);
    await world.identify(a, card);
    expect((await events(order)).filter((name) => name === 'meter.refused')).toHaveLength(2);
  });

  it('that leaves the card alone says nothing, and nothing is written anew', async () => {
    const order = await refused({ writesBackWhenFull: false });
    expect(await world.identify(a, card)).toMatchObject({
      unfinished: null,
      blocked: 'meter.previous-not-inserted',
    });
    expect((await world.now(order)).meter).toBeUndefined();
    await expect(world.write(a, card, order)).rejects.toMatchObject({ code: 'order.already-written' });
    world.meterOf(card).balanceFen = 0;
    expect(world.meterOf(card).insert(card)).toBe(5000);
  });

  it('that leaves the card alone is asked about: how much, and below what it takes it', async () => {
    const order = await refused({ writesBackWhenFull: false });
    const { uncredited } = await world.identify(a, card);
    expect(uncredited).toMatchObject({ orderNo: order._id, creditFen: 5000, belowFen: 95_000 });
    const { writes } = world.services;
    for (const shown of ['full', 'full', 'other'] as const) await writes.shown(await world.now(order), shown);
    const told = (await world.now(order)).events.filter(({ name }) => name === 'meter.shown');
    expect(told.map(({ data }) => data)).toEqual([{ shown: 'full' }, { shown: 'other' }]);
    world.meterOf(card).balanceFen = 0;
    world.meterOf(card).insert(card);
    expect((await world.identify(a, card)).uncredited).toBeUndefined();
    await writes.shown(await world.now(order), 'full');
    expect((await events(order)).at(-1)).toBe('meter.credited');
  });

  it('is told about when it has room, by what the household bought before', async () => {
    const meter = world.meterOf(card);
    const buy = async () => world.write(a, card, await world.paid(a, card));
    for (let month = 0; month < 3; month += 1) {
      await buy();
      await world.clock.advance(30 * 86_400_000);
      meter.insert(card);
    }
    Object.assign(meter, { balanceFen: 98_000, ceilingFen: 100_000 });
    meter.insert(card);
    await buy();
    const { uncredited } = await world.identify(a, card);
    // 30 yuan are too much, and the household uses 50 in 30 days.
    const due = new Date(Date.parse(meter.said.at) + 18 * 86_400_000);
    expect(uncredited).toMatchObject({ belowFen: 95_000, around: chinaClock(due).slice(0, 10) });
  });
});
