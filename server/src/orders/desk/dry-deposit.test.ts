import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

const HOUR = 3_600_000;

let a: FakeTerminal;
let world: OrderWorld;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
});

const said = async (): Promise<void> => world.services.vendorCredits?.ask();

async function has(availableFen: number): Promise<void> {
  world.grid.deposit.availableFen = availableFen;
  await said();
}

/** Offered before anybody knew how little is left, and paid after it was gone. */
async function paidWhileDry(card: FakeCard): Promise<Order> {
  const order = await world.offer(a, card);
  world.grid.deposit.availableFen = 0;
  world.wechat.pay(order.payments[0]?.codeUrl ?? '');
  await world.notify(`${order._id}p1`);
  await world.work();
  return world.now(order);
}

describe('an evening on which our deposit at the grid runs dry', () => {
  it('loses nothing and doubles nothing: what is paid waits and is sold once, what is new is refused before payment', async () => {
    await has(16_000);
    const cards = Array.from({ length: 4 }, () => world.household());
    const [first, second, third] = cards as [FakeCard, FakeCard, FakeCard];
    const orders = [await world.offer(a, first), await world.offer(a, second), await world.offer(a, third)];
    // 160.00 less three times 50.00: no fourth, at a kiosk or by phone.
    expect(await codeOf(world.order(a, cards[3] as FakeCard))).toBe('grid.no-credit');
    expect(await codeOf(world.remoteOrder('payer:p1', cards[3] as FakeCard))).toBe('grid.no-credit');
    expect(await world.order(a, cards[3] as FakeCard, 1000)).toMatchObject({ state: 'created' });
    // A counter of another agent's account took what we thought was ours.
    world.grid.deposit.availableFen = 6000;
    for (const { _id, payments } of orders) {
      world.wechat.pay(payments[0]?.codeUrl ?? '');
      await world.notify(`${_id}p1`);
    }
    await world.work();
    const states = async () =>
      (await Promise.all(orders.map((each) => world.now(each)))).map(({ state }) => state);
    expect((await states()).sort()).toEqual(['grid-silent', 'grid-silent', 'sold']);
    await world.pass(HOUR, 60_000);
    expect((await states()).sort()).toEqual(['grid-silent', 'grid-silent', 'sold']);
    expect(world.wechat.refunds.size).toBe(0);
    expect(await codeOf(world.order(a, world.household(), 1000))).toBe('grid.no-credit');
    await has(100_000);
    await world.pass(900_000, 60_000);
    expect(await states()).toEqual(['sold', 'sold', 'sold']);
    expect([...world.grid.carriedOut].sort()).toEqual(orders.map(({ _id }) => _id).sort());
    expect(world.grid.deposit.availableFen).toBe(90_000);
    expect(await world.order(a, world.household())).toMatchObject({ state: 'created' });
    expect(world.wechat.refunds.size).toBe(0);
  });
});

describe('a sale that the grid refuses for want of our credit', () => {
  it('writes down few tries while it is known to be short', async () => {
    const waiting = await paidWhileDry(world.household());
    expect(waiting).toMatchObject({ state: 'grid-silent', sale: { status: 'none' } });
    await world.pass(HOUR, 60_000);
    const { events } = await world.now(waiting);
    expect(events.filter(({ name }) => name === 'sale.sent')).toHaveLength(1);
    expect(events.filter(({ name }) => name === 'sale.no-credit')).toHaveLength(1);
  });

  it('is tried by itself where the grid never says what is left', async () => {
    world.grid.vendorCredit = () => Promise.resolve(null);
    const waiting = await paidWhileDry(world.household());
    expect(await codeOf(world.order(a, world.household()))).toBe('grid.no-credit');
    world.grid.deposit.availableFen = null;
    await world.pass(900_000, 60_000);
    expect((await world.now(waiting)).state).toBe('sold');
    expect(await world.order(a, world.household())).toMatchObject({ state: 'created' });
  });

  it('buries its number and gives the money back when no more comes for two hours', async () => {
    const waiting = await paidWhileDry(world.household());
    await world.pass(2 * HOUR - 900_000, 60_000);
    expect((await world.now(waiting)).state).toBe('grid-silent');
    await world.pass(HOUR, 60_000);
    expect(await world.now(waiting)).toMatchObject({
      ...{ state: 'refunded', attention: null, saleSlot: null, dueAt: null },
      sale: { status: 'rejected', reason: 'vendor-credit' },
      refunds: [{ reason: 'not-sold', status: 'done' }],
    });
    await has(100_000);
    const { _id: orderNo, customerNo, meterNo, serial, faceFen, count } = waiting;
    await expect(
      world.grid.sell({ orderNo, customerNo, meterNo, serial, faceFen, count }),
    ).rejects.toMatchObject({ refusal: 'reversed' });
  });

  it('is heard of by asking, where the refusal itself was lost', async () => {
    const card = world.household();
    world.grid.fault = faultsOf({ sell: ['lost-answer'] });
    const unknown = await paidWhileDry(card);
    expect(unknown.sale.status).toBe('unknown');
    await world.pass(10_000);
    expect(await world.now(unknown)).toMatchObject({ state: 'grid-silent', sale: { status: 'none' } });
    await has(100_000);
    await world.pass(900_000, 60_000);
    expect((await world.now(unknown)).state).toBe('sold');
    expect(world.grid.carriedOut).toEqual([unknown._id]);
  });

  it('is not sent once more while its second try may travel, whatever is heard of the first', async () => {
    const waiting = await paidWhileDry(world.household());
    world.grid.fault = faultsOf({ sell: ['late'] });
    world.grid.deposit.availableFen = 100_000;
    const sells = () => world.grid.calls.filter((call) => call === 'sell').length;
    const before = sells();
    await said();
    for (let seconds = 0; seconds < 240 && sells() === before; seconds += 1) await world.pass(1000);
    expect(await world.now(waiting)).toMatchObject({ sale: { status: 'unknown', tries: 2 } });
    expect(await world.grid.queryOriginal(waiting._id)).toMatchObject({ status: 'rejected' });
    await world.pass(world.grid.lateMs + 60_000, 1000);
    expect(sells() - before).toBe(1);
    expect(await world.now(waiting)).toMatchObject({ state: 'sold', attention: null });
    expect(world.grid.carriedOut).toEqual([waiting._id]);
  });

  it('is not sent once more by a clock that makes its second try older than it is', async () => {
    const waiting = await paidWhileDry(world.household());
    world.grid.fault = faultsOf({ sell: ['late'] });
    world.grid.lateMs = 70_000;
    world.grid.deposit.availableFen = 100_000;
    const sells = () => world.grid.calls.filter((call) => call === 'sell').length;
    const before = sells();
    await said();
    for (let seconds = 0; seconds < 240 && sells() === before; seconds += 1) await world.pass(1000);
    await world.services.mover.move(await world.now(waiting), ({ sale }) => ({
      set: { sale: { ...sale, sentAt: new Date((sale.sentAt?.getTime() ?? 0) - 460_000) } },
      events: [{ name: 'sale.unknown', by: 'grid' }],
    }));
    // By that clock it was due at once.
    for (let look = 0; look < 2; look += 1) await world.services.sales.resolveSale(await world.now(waiting));
    await world.pass(world.grid.lateMs + 900_000, 1000);
    expect(sells() - before).toBe(1);
    expect(await world.now(waiting)).toMatchObject({ state: 'sold', attention: null });
    expect(world.grid.carriedOut).toEqual([waiting._id]);
  });

  it('is undone where its burial is not heard and it was sold after all', async () => {
    const waiting = await paidWhileDry(world.household());
    world.grid.fault = faultsOf({ reverse: ['lost-answer'] });
    await world.pass(3 * HOUR, 60_000);
    expect((await world.now(waiting)).state).toBe('refunded');
    expect(world.grid.carriedOut).toEqual([]);
    expect(world.wechat.refunds.size).toBe(1);
  });
});
