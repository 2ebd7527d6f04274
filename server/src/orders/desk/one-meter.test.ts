import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

const PAYER = 'payer:p1';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
  b = await fakeTerminal('kiosk-b');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
});

const asked = (operation: string) => world.grid.calls.filter((each) => each === operation).length;
const balance = () => world.meterOf(card).balanceFen;

describe('one meter, several ways at once: one credit, and no money lost', () => {
  /** What came in less what went back is what the meter has. */
  function balanced(expected: number): void {
    expect(balance()).toBe(expected);
    const refunds = [...world.wechat.refunds.values()].reduce((sum, { fen }) => sum + fen, 0);
    const taken = [...world.wechat.trades.values()]
      .flatMap(({ request, transactions }) => transactions.map(() => request.amountFen))
      .reduce((sum, fen) => sum + fen, 0);
    expect(taken - refunds).toBe(expected);
  }

  it('two terminals with one image: the second is refused', async () => {
    const image = card.clone();
    const order = await world.offer(a, card);
    await expect(world.order(b, image)).rejects.toMatchObject({ code: 'meter.order-open' });
    const sold = await world.payFor(order);
    await world.write(a, card, sold);
    world.meterOf(card).insert(card);
    balanced(5000);
  });

  it('a clone that is written too is refused by the meter', async () => {
    const clone = card.clone();
    const sold = await world.paid(a, card);
    const sealed = await world.services.writes.release(sold, a, { image: card.read() });
    const plan = await a.open(sealed);
    card.write(plan);
    clone.write(plan);
    expect([world.meterOf(card).insert(clone), world.meterOf(card).insert(card)]).toEqual([5000, 0]);
    balanced(5000);
    // The genuine card comes back with what the meter wrote on it: proven, though no terminal claimed it.
    await world.identify(a, card);
    expect((await world.now(sold)).state).toBe('done');
  });

  it('a second purchase on an uninserted card is refused before money moves', async () => {
    await world.write(a, card, await world.paid(a, card));
    await expect(world.order(b, card)).rejects.toMatchObject({ code: 'meter.previous-not-inserted' });
    world.meterOf(card).insert(card);
    balanced(5000);
  });

  it('a remote credit over an uninserted card is refused before money moves', async () => {
    await world.write(a, card, await world.paid(a, card));
    const blocked = 'meter.previous-not-inserted';
    expect((await world.services.remote.describe(world.customerOf(card))).blocked).toBe(blocked);
    await expect(world.remoteOrder(PAYER, card)).rejects.toMatchObject({ code: blocked });
    world.meterOf(card).insert(card);
    balanced(5000);
  });

  it('a card purchase over a credit from afar: the card need not have been in the meter since', async () => {
    await world.remotePaid(PAYER, card);
    const done = await world.write(a, card, await world.paid(a, card));
    expect(done).toMatchObject({ state: 'done', count: 3 });
    expect(world.meterOf(card).insert(card)).toBe(5000);
    balanced(10_000);
  });

  it.each([
    ['terminal and phone', () => [world.order(a, card), world.remoteOrder(PAYER, card)]],
    ['two phones', () => [world.remoteOrder(PAYER, card), world.remoteOrder('payer:p2', card)]],
  ])('%s at the same moment have one order that can be paid', async (_, begin) => {
    const both = await Promise.allSettled(begin());
    const made = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    // Who did not see the other was ended by it, and takes no payment.
    const now = await Promise.all(made.map((order) => world.now(order)));
    expect(now.filter(({ state }) => state !== 'closed')).toHaveLength(1);
    for (const each of both)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'meter.order-open' });
  });

  describe('an order that was begun first and stored last', () => {
    /** Its number and time are drawn; it is stored when the other has long seen that it is alone. */
    async function overtaken(meanwhile: (order: Order) => Promise<Order>) {
      const store = new MemoryOrderStore();
      world = await OrderWorld.open({ store });
      card = world.household();
      const insert = store.insert.bind(store);
      let other: Order | undefined;
      store.insert = async (order) => {
        if (order.terminalId === a.terminalId && other === undefined) {
          world.clock.jump(5);
          other = await meanwhile(await world.order(b, card));
        }
        return insert(order);
      };
      const mine = await world.order(a, card).catch((error: unknown) => error);
      if (other === undefined) throw new Error('Nobody overtook it.');
      return { mine, other: await world.now(other) };
    }

    it('gives way to one that can already be paid', async () => {
      const { mine, other } = await overtaken((order) =>
        world.services.orders.createPayment(order, 'wechat'),
      );
      expect(mine).toMatchObject({ code: 'meter.order-open', orderNo: other._id });
      expect((await world.payFor(other)).state).toBe('sold');
    });

    it('ends one that cannot be paid yet, which takes no payment afterwards', async () => {
      const { mine, other } = await overtaken((order) => Promise.resolve(order));
      expect(other).toMatchObject({ state: 'closed', closure: { reason: 'superseded' } });
      await expect(world.services.orders.createPayment(other, 'wechat')).rejects.toMatchObject({
        code: 'order.closed',
      });
      expect((await world.payFor(mine as Order)).state).toBe('sold');
    });
  });

  it('terminal and phone, both paid: the later money goes back', async () => {
    const closed = await world.offer(a, card);
    await world.services.orders.cancel(closed);
    const remote = await world.remoteOrder(PAYER, card);
    world.wechat.payRegardless(`${closed._id}p1`);
    await world.notify(`${closed._id}p1`);
    expect((await world.payFor(remote)).state).toBe('done');
    await world.pass(60_000, 5_000);
    expect((await world.now(closed)).state).toBe('refunded');
    balanced(5000);
  });

  it('a slot that a card order took: the remote order is refunded and not credited', async () => {
    const remote = await world.remoteOrder(PAYER, card);
    const stray = { ...remote, _id: '260101000000000009', idempotencyKey: 'stray', kind: 'card' as const };
    await world.services.store.insert({ ...stray, terminalId: 'kiosk-a', version: 1 });
    expect((await world.payFor(stray)).state).toBe('sold');
    const late = await world.payFor(remote);
    expect(late).toMatchObject({ state: 'refunded', sale: { reason: 'slot-taken' } });
    expect(asked('remoteCredit')).toBe(0);
  });
});
