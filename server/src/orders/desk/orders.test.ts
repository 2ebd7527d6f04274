import { randomUUID } from 'node:crypto';
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

describe('a purchase', () => {
  it('ends with the meter crediting exactly what was paid, once', async () => {
    const card = world.household();
    const sold = await world.paid(a, card);
    expect(sold.state).toBe('sold');
    expect(world.view(sold).receiptCode).toMatch(/^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/u);
    expect(world.view(sold).sale).toEqual({ creditFen: 5000, arrearsFen: 0, feeFen: 0, count: sold.count });
    const done = await world.write(a, card, sold);
    expect(done.state).toBe('done');
    expect(done.write.confirmed).toBe(true);
    expect(done.dueAt).toBeNull();
    expect(world.meterOf(card).insert(card)).toBe(5000);
    expect(world.meterOf(card).insert(card)).toBe(0);
  });

  it('shows a household masked, and never a name, address or number', async () => {
    const answer = await world.identify(a, world.household());
    expect(answer.customer).toEqual({
      name: '张*',
      address: '天山区**小区3号楼',
      customerNo: '****0001',
      meterTail: '0001',
    });
    expect(answer).toMatchObject({ blocked: null, unfinished: null });
    expect(answer.limits).toEqual({
      minFen: 100,
      maxFen: 50_000,
      stepFen: 100,
      presetsFen: [5000, 10_000, 20_000],
    });
  });

  it('is one order for one idempotency key, and refuses the key for anything else', async () => {
    const card = world.household();
    const { cardSession } = await world.identify(a, card);
    const request = { idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' } as const;
    const create = (over: object) => world.services.orders.create(a, { ...request, ...over });
    const [one, two] = await Promise.all([create({}), create({})]);
    expect(two._id).toBe(one._id);
    await expect(create({ faceFen: 6000 })).rejects.toMatchObject({ code: 'order.idempotency-mismatch' });
  });

  it.each([0, 50, 150, 60_000])('is refused for %i fen', async (faceFen) => {
    await expect(world.order(a, world.household(), faceFen)).rejects.toMatchObject({
      code: 'order.amount-out-of-range',
    });
  });

  it('is for no more than a meter that is read has room for', async () => {
    const card = world.household();
    world.grid.rooms.set(card.meterNo, { ceilingFen: 100_000, balanceFen: 97_950 });
    const { meter, limits } = await world.identify(a, card);
    expect(meter).toMatchObject({ balanceFen: 97_950, live: true, ceilingFen: 100_000 });
    expect(limits).toMatchObject({ maxFen: 2000, presetsFen: [2000] });
    await expect(world.order(a, card, 2100)).rejects.toMatchObject({ code: 'order.amount-out-of-range' });
    expect((await world.order(a, card, 2000)).faceFen).toBe(2000);
  });

  it("needs this terminal's own reading of the card, not older than ten minutes", async () => {
    const { cardSession } = await world.identify(a, world.household());
    const request = { idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' } as const;
    const expired = { code: 'card.session-expired' };
    await expect(world.services.orders.create(b, request)).rejects.toMatchObject(expired);
    world.clock.jump(600_000);
    await expect(world.services.orders.create(a, request)).rejects.toMatchObject(expired);
  });

  it('is refused before any money moves while the last one is not in the meter', async () => {
    const card = world.household();
    const session = await world.identify(a, card);
    await world.write(a, card, await world.paid(a, card));
    expect((await world.identify(a, card)).blocked).toBe('meter.previous-not-inserted');
    await expect(world.order(a, card)).rejects.toMatchObject({ code: 'meter.previous-not-inserted' });
    // Also with a reading from before the sale.
    const request = { idempotencyKey: randomUUID(), ...session, faceFen: 5000, entry: 'kiosk' } as const;
    await expect(world.services.orders.create(a, request)).rejects.toMatchObject({
      code: 'meter.previous-not-inserted',
    });
    world.meterOf(card).insert(card);
    expect((await world.identify(a, card)).blocked).toBeNull();
    expect((await world.paid(a, card)).state).toBe('sold');
  });

  it("is hidden from other terminals, unless they hold the order's card", async () => {
    const card = world.household();
    const sold = await world.paid(a, card);
    const get = () => world.services.orders.get(b.terminalId, sold._id);
    await expect(get()).rejects.toMatchObject({ code: 'order.not-found' });
    await world.identify(b, card);
    expect((await get())._id).toBe(sold._id);
  });
});
