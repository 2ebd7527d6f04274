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

describe('an answer that was given before the sale was undone', () => {
  it.each(['sell', 'queryOriginal'] as const)(
    'calls no person, however late it is heard: %s',
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
