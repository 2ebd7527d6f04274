import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GridError } from '../../gateways/grid/error.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

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

/** A door that a call waits at until it is opened. */
function door(): { readonly passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/** All that can happen without anybody else has happened. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

/** One order with a code of each of two wallets, both paid; neither has been heard of. */
async function paidTwice(): Promise<Order> {
  const order = await world.services.orders.createPayment(await world.offer(a, card), 'alipay');
  const [first, second] = order.payments;
  expect(world.wechat.pay(first?.codeUrl ?? '')).toBe(true);
  expect(world.alipay.pay(second?.codeUrl ?? '')).toBe(true);
  return order;
}

const sells = () => world.grid.calls.filter((operation) => operation === 'sell').length;

describe('an order that two wallets paid', () => {
  it('is sold once and the second payment given back', async () => {
    const order = await paidTwice();
    await world.notify(order.payments[1]?.no ?? '', 'alipay');
    await world.notify(order.payments[0]?.no ?? '');
    await world.work();
    await world.pass(60_000);
    const sold = await world.now(order);
    expect(sold.state).toBe('sold');
    expect(sells()).toBe(1);
    expect(sold.refunds).toMatchObject([{ reason: 'double-payment', status: 'done' }]);
    expect(world.wechat.refunds.size + world.alipay.refunds.size).toBe(1);
  });

  it.each([
    ['grid.unavailable', 'sold'],
    ['grid.unknown', 'sold'],
    ['grid.refused', 'sold'],
  ] as const)(
    'is sold by who funded it: a slow question about the other wallet sends nothing (%s would be the answer)',
    async (code, state) => {
      const order = await paidTwice();
      const [question, answer] = [door(), door()];
      const query = world.wechat.query.bind(world.wechat);
      world.wechat.query = async (no) => {
        await question.passed;
        return query(no);
      };
      const sell = world.grid.sell.bind(world.grid);
      let asked = 0;
      world.grid.sell = async (request) => {
        asked += 1;
        if (asked > 1) throw new GridError({ code, message: 'The second sender hears something else.' });
        const sold = await sell(request);
        await answer.passed;
        return sold;
      };
      // Read before anybody had paid, as far as this reader knows.
      const slow = world.services.advancer.advance(order._id);
      await quiet();
      await world.notify(order.payments[1]?.no ?? '', 'alipay');
      const quick = world.services.advancer.advance(order._id);
      await quiet();
      question.open();
      await quiet();
      answer.open();
      await Promise.all([slow, quick]);
      await world.pass(120_000);
      const ended = await world.now(order);
      expect(asked).toBe(1);
      expect(ended).toMatchObject({ state, attention: null });
      expect(ended.refunds.map(({ reason }) => reason)).toEqual(['double-payment']);
    },
  );

  it('has its second payment back while the grid is away, and asks the grid at its own pace', async () => {
    world.grid.fault = (operation) => (operation === 'sell' ? 'unavailable' : 'none');
    const order = await paidTwice();
    await world.notify(order.payments[0]?.no ?? '');
    await world.notify(order.payments[1]?.no ?? '', 'alipay');
    await world.work();
    await world.pass(60_000);
    expect((await world.now(order)).refunds).toMatchObject([{ reason: 'double-payment', status: 'done' }]);
    await world.pass(28 * 60_000, 5_000);
    expect((await world.now(order)).state).toBe('grid-silent');
    expect(sells()).toBeLessThan(60);
    world.grid.fault = () => 'none';
    await world.pass(300_000, 5_000);
    const sold = await world.now(order);
    expect(sold.state).toBe('sold');
    expect(sold.events.length).toBeLessThanOrEqual(200);
  });

  it('is sold while the channel of the second payment gives nothing back', async () => {
    world.alipay.fault = (operation) => (operation === 'alipay.refund' ? 'unavailable' : 'none');
    world.grid.fault = faultsOf({ sell: ['unavailable', 'unavailable'] });
    const order = await paidTwice();
    await world.notify(order.payments[0]?.no ?? '');
    await world.notify(order.payments[1]?.no ?? '', 'alipay');
    await world.work();
    await world.pass(60_000);
    expect((await world.now(order)).state).toBe('sold');
    await world.pass(72 * 3_600_000, 60_000);
    const { events } = await world.now(order);
    expect(events.length).toBeLessThanOrEqual(200);
    // It waits for longer than anything else, and is not taken for one that a wrong clock has put off.
    expect(events.map(({ name }) => name)).not.toContain('order.clock-set');
    world.alipay.fault = () => 'none';
    await world.pass(3_600_000, 60_000);
    expect((await world.now(order)).refunds).toMatchObject([{ reason: 'double-payment', status: 'done' }]);
  });
});
