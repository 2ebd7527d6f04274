import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GridError } from '../../gateways/grid/error.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';
import { METER_WAIT_MS } from './household-history.ts';
import { READING_MS } from './meter-readings.ts';

const PAYER = 'payer:p1';

let kiosk: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let order: Order;
beforeAll(async () => {
  kiosk = await fakeTerminal('kiosk-a');
});
/** Bought and written, and nothing was heard of it since. */
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  order = await world.write(kiosk, card, await world.paid(kiosk, card));
});

const ask = () => world.services.unheard.describe(world.customerOf(card), PAYER);
const readings = () => world.grid.calls.filter((operation) => operation === 'readMeter').length;
const meterOf = async () => (await world.now(order)).meter?.status ?? 'unknown';

describe('a meter that is asked', () => {
  it('has the purchase: that is heard of it, and the next one may be bought', async () => {
    world.meterOf(card).insert(card);
    expect((await world.services.remote.describe(world.customerOf(card))).blocked).not.toBeNull();
    expect(await ask()).toMatchObject({ blocked: null, meter: { balanceFen: 5000, live: true } });
    expect(await meterOf()).toBe('credited');
    expect((await world.now(order)).events.filter(({ name }) => name === 'meter.credited')).toHaveLength(1);
  });

  it('does not have it: that refuses nothing, and is said of the meter', async () => {
    expect(await ask()).toMatchObject({
      ...{ blocked: 'meter.previous-not-inserted', meter: { balanceFen: 0, live: true } },
    });
    expect(await meterOf()).toBe('unknown');
    expect(world.meterOf(card).insert(card)).toBe(5000);
  });

  it.each(['offline', 'dead'] as const)('and is %s says nothing, and nothing is said of it', async (link) => {
    world.meterOf(card).insert(card);
    world.grid.credits.link(card.meterNo, link);
    const { blocked, meter } = await ask();
    expect(blocked).toBe(link === 'dead' ? 'meter.not-remote' : 'meter.previous-not-inserted');
    expect(meter).not.toHaveProperty('live');
    expect(await meterOf()).toBe('unknown');
  });

  it('is not said to lack what only the grid does not know', async () => {
    world.meterOf(card).insert(card);
    const before = await world.grid.identifyCustomer(world.customerOf(card));
    world.grid.identifyCustomer = () => Promise.resolve(before);
    const { blocked, meter } = await ask();
    expect([blocked, meter.live]).toEqual(['meter.previous-not-inserted', undefined]);
    expect(await meterOf()).toBe('credited');
  });

  it('is asked once a minute at most, whoever asks, and its word is as good meanwhile', async () => {
    for (const each of [await ask(), await ask()]) expect(each.meter.live).toBe(true);
    await Promise.all([ask(), ask()]);
    world.clock.jump(READING_MS - 1);
    expect((await ask()).meter.live).toBe(true);
    expect(readings()).toBe(1);
    world.clock.jump(1);
    world.meterOf(card).insert(card);
    expect((await ask()).blocked).toBeNull();
    expect(readings()).toBe(2);
  });

  it('is not asked where everything that was sold is known to be in it', async () => {
    world.meterOf(card).insert(card);
    await world.identify(kiosk, card);
    expect((await ask()).blocked).toBeNull();
    expect(readings()).toBe(0);
  });

  it('cannot be asked while the grid is away: the household is told of the grid, and it is asked anew later', async () => {
    world.grid.fault = (operation) => (operation === 'readMeter' ? 'unavailable' : 'none');
    expect((await ask()).blocked).toBe('meter.previous-not-inserted');
    world.grid.identifyCustomer = () =>
      Promise.reject(new GridError({ code: 'grid.unavailable', message: 'Away.' }));
    await expect(ask()).rejects.toMatchObject({ code: 'grid.unavailable' });
    expect(await meterOf()).toBe('unknown');
  });
});

describe('the history of a household whose card is not known to have been in its meter', () => {
  const household = () => ({
    customerNo: world.customerOf(card),
    maskedName: order.masked.name,
  });
  const outcome = async () => (await world.services.history.of(household())).purchases[0]?.outcome;

  it('asks the meter, once a minute', async () => {
    expect([await outcome(), await outcome(), readings()]).toEqual(['on-card', 'on-card', 1]);
    world.meterOf(card).insert(card);
    world.clock.jump(READING_MS);
    expect([await outcome(), await outcome(), readings()]).toEqual(['on-meter', 'on-meter', 2]);
  });

  it('does not wait for it longer than a person would, and shows the next time what it says', async () => {
    world.meterOf(card).insert(card);
    let answer: (value: Awaited<ReturnType<typeof world.grid.readMeter>>) => void = () => undefined;
    world.grid.readMeter = () => new Promise((resolve) => (answer = resolve));
    const first = outcome();
    await world.clock.advance(METER_WAIT_MS);
    expect(await first).toBe('on-card');
    const { meterNo } = card;
    answer({ meterNo, count: order.count, balanceFen: 5000, readAt: new Date(0).toISOString() });
    await expect.poll(outcome).toBe('on-meter');
  });

  it('asks nothing for what came before', async () => {
    await world.services.history.of(household(), order._id);
    expect(readings()).toBe(0);
  });
});
