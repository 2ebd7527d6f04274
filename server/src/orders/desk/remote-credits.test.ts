import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';

const PAYER = 'payer:p1';

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

const asked = (operation: string) => world.grid.calls.filter((each) => each === operation).length;
const balance = () => world.meterOf(card).balanceFen;
const link = (how: Parameters<typeof world.grid.credits.link>[1]) =>
  world.grid.credits.link(card.meterNo, how);

describe('a credit whose answer is missing', () => {
  it('is asked about, not sent again: the meter has it', async () => {
    world.grid.fault = faultsOf({ remoteCredit: ['lost-answer'] });
    const order = await world.remotePaid(PAYER, card);
    expect(order).toMatchObject({ state: 'crediting', credit: { status: 'unknown' } });
    await world.pass(10_000);
    expect((await world.now(order)).state).toBe('done');
    expect([asked('remoteCredit'), balance()]).toEqual([1, 5000]);
  });

  it('is waited for as long as the grid tries, and keeps the card out meanwhile', async () => {
    const order = await world.remoteOrder(PAYER, card);
    link('offline');
    await world.payFor(order);
    await world.pass(3_600_000, 30_000);
    expect(await world.now(order)).toMatchObject({ state: 'crediting', credit: { status: 'unknown' } });
    expect(await world.identify(a, card)).toMatchObject({ blocked: 'meter.order-open', unfinished: null });
    await expect(world.write(a, card, order)).rejects.toMatchObject({ code: 'order.not-for-card' });
    await expect(world.services.remote.choose(await world.now(order), 'refund')).rejects.toMatchObject({
      code: 'order.no-choice',
    });
    link('online');
    await world.pass(700_000, 10_000);
    expect((await world.now(order)).state).toBe('done');
    expect(balance()).toBe(5000);
  });

  it('is sent again only after "not found" beyond the horizon, twice', async () => {
    world.grid.fault = faultsOf({ remoteCredit: ['lost-request'] });
    const order = await world.remotePaid(PAYER, card);
    await world.pass(69_000);
    expect(asked('remoteCredit')).toBe(1);
    expect((await world.now(order)).credit.notFound).toBe(0);
    await world.pass(300_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'done', credit: { tries: 2 } });
    expect([asked('remoteCredit'), balance()]).toEqual([2, 5000]);
  });

  it('and a straggler that comes after the second sending credits nothing', async () => {
    world.grid.fault = faultsOf({ remoteCredit: ['late'] });
    world.grid.lateMs = 900_000;
    const order = await world.remotePaid(PAYER, card);
    await world.pass(1_000_000, 5_000);
    expect((await world.now(order)).state).toBe('done');
    expect(balance()).toBe(5000);
  });

  it('is sent again while it provably never left; after half an hour the payer chooses', async () => {
    world.grid.fault = faultsOf({ remoteCredit: ['unavailable', 'unavailable'] });
    const first = await world.remotePaid(PAYER, card);
    await world.pass(10_000);
    expect((await world.now(first)).state).toBe('done');
    world.grid.fault = (operation) => (operation === 'remoteCredit' ? 'unavailable' : 'none');
    const second = await world.remotePaid(PAYER, card);
    await world.pass(3_600_000, 30_000);
    expect(await world.now(second)).toMatchObject({
      state: 'credit-failed',
      credit: { reason: 'grid-unavailable' },
    });
  });

  it('survives a worker that dies between storing it and sending it', async () => {
    const remoteCredit = world.grid.remoteCredit.bind(world.grid);
    world.grid.remoteCredit = () => Promise.reject(new Error('killed'));
    const order = await world.remoteOrder(PAYER, card);
    await expect(world.payFor(order)).rejects.toThrow('killed');
    world.grid.remoteCredit = remoteCredit;
    expect((await world.now(order)).credit.status).toBe('sent');
    await world.pass(400_000, 5_000);
    expect((await world.now(order)).state).toBe('done');
    expect(balance()).toBe(5000);
  });

  it('needs a person when another amount was credited, or the grid has no such sale', async () => {
    const remoteCredit = world.grid.remoteCredit.bind(world.grid);
    world.grid.remoteCredit = async (orderNo) => ({ ...(await remoteCredit(orderNo)), creditFen: 1 });
    const wrong = await world.remotePaid(PAYER, card);
    expect(wrong).toMatchObject({ state: 'attention', attention: 'credit-mismatch' });
    world.grid.remoteCredit = remoteCredit;
    card = world.household();
    world.grid.fault = (operation) => {
      if (operation === 'remoteCredit')
        for (const sale of world.grid.sales.values()) sale.status = 'reversed';
      return 'none';
    };
    expect((await world.remotePaid(PAYER, card)).attention).toBe('grid-disagrees');
  });
});
