import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';

let a: FakeTerminal;
let world: OrderWorld;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
});

describe('a code that ran out', () => {
  const asked = (): string[] => {
    const calls: string[] = [];
    world.wechat.fault = (operation) => {
      calls.push(operation.split('.')[1] ?? operation);
      return 'none';
    };
    return calls;
  };

  it('is closed by asking, closing and asking again', async () => {
    const order = await world.offer(a, world.household());
    world.clock.jump(300_001);
    const calls = asked();
    await world.services.sweeper.sweep();
    expect(calls.slice(-3)).toEqual(['query', 'close', 'query']);
    expect(await world.now(order)).toMatchObject({ state: 'closed', closure: { reason: 'expired' } });
  });

  it('that was paid between asking and closing is not closed but sold', async () => {
    const order = await world.offer(a, world.household());
    world.clock.jump(300_001);
    world.wechat.fault = (operation) => {
      if (operation === 'wechat.close') world.wechat.payRegardless(`${order._id}p1`);
      return 'none';
    };
    await world.services.sweeper.sweep();
    expect(await world.now(order)).toMatchObject({ state: 'sold', closure: { status: 'open' } });
  });

  it('and that its channel closed by itself and does not close again is closed once no money can come', async () => {
    const order = await world.offer(a, world.household());
    world.clock.jump(300_001);
    world.wechat.fault = (operation) => (operation === 'wechat.close' ? 'lost-request' : 'none');
    await world.services.sweeper.sweep();
    expect(await world.now(order)).toMatchObject({ state: 'paying' });
    await world.pass(50_000, 5_000);
    expect((await world.now(order)).state).toBe('paying');
    await world.pass(600_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'closed', payments: [{ status: 'closed' }] });
  });

  it('is not closed while its channel neither closes it nor says that it is closed', async () => {
    const order = await world.offer(a, world.household());
    world.clock.jump(300_001);
    world.wechat.fault = (operation) => (operation === 'wechat.close' ? 'lost-request' : 'none');
    const { query } = world.wechat;
    world.wechat.query = async (no) => {
      const said = await query.call(world.wechat, no);
      return said.status === 'closed' ? { status: 'pending' } : said;
    };
    await world.pass(600_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'paying', payments: [{ status: 'pending' }] });
  });
});
