import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatePayment } from '../../gateways/payment/contract.ts';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

let world: OrderWorld;
let order: Order;
/** Lets go of the answer to the channel's first request for a code. */
let answerFirst: () => void;
let asked: number;
beforeEach(async () => {
  world = await OrderWorld.open();
  order = await world.order(await fakeTerminal('kiosk-a'), world.household());
  asked = 0;
  const create = world.wechat.create.bind(world.wechat);
  const held = new Promise<void>((resolve) => {
    answerFirst = resolve;
  });
  world.wechat.create = async (request: CreatePayment) => {
    asked += 1;
    const first = asked === 1;
    const handle = await create(request);
    if (first) await held;
    return handle;
  };
});

const begin = (of: Order): Promise<Order> => world.services.orders.createPayment(of, 'wechat');

/** The first request has reached the channel, which has not answered yet. */
async function beginSlowly(): Promise<{ slow: Promise<Order> }> {
  const slow = begin(order);
  while (asked === 0) await Promise.resolve();
  return { slow };
}

describe('a code that the channel is slow to give', () => {
  it('is not asked for by the worker while its own request is waiting', async () => {
    const { slow } = await beginSlowly();
    await world.pass(5_000);
    answerFirst();
    const offered = await slow;
    expect(asked).toBe(1);
    expect(world.wechat.pay(offered.payments[0]?.codeUrl ?? '')).toBe(true);
  });

  it('is asked for by the worker once its own request can no longer be waiting', async () => {
    await beginSlowly();
    await world.pass(20_000);
    const { payments } = await world.now(order);
    expect(world.wechat.pay(payments[0]?.codeUrl ?? '')).toBe(true);
  });

  it('stays payable when it was paid before a second request for one reached the channel', async () => {
    const { slow } = await beginSlowly();
    const codeless = await world.now(order);
    answerFirst();
    const offered = await slow;
    world.wechat.pay(offered.payments[0]?.codeUrl ?? '');
    const { payments } = await world.services.payments.requestCode(codeless, `${order._id}p1`);
    expect(payments).toMatchObject([{ status: 'pending', codeUrl: offered.payments[0]?.codeUrl }]);
    await world.pass(60_000, 10_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('keeps its order open when it comes while the order is being closed, and is paid', async () => {
    const { slow } = await beginSlowly();
    const codeless = await world.now(order);
    const query = world.wechat.query.bind(world.wechat);
    // The channel has not heard of it, says its answer; until that is here, it has.
    world.wechat.query = async () => {
      world.wechat.query = query;
      answerFirst();
      const offered = await slow;
      world.wechat.pay(offered.payments[0]?.codeUrl ?? '');
      return { status: 'not-found', at: null };
    };
    const closing = await world.services.orders.cancel(codeless);
    expect(closing).toMatchObject({ closure: { status: 'asked' }, payments: [{ status: 'pending' }] });
    await world.pass(60_000, 10_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('can be paid as it is shown, when it was asked for twice and the older answer comes last', async () => {
    const { slow } = await beginSlowly();
    await begin(await world.now(order));
    answerFirst();
    await slow;
    const { payments } = await world.now(order);
    expect(payments).toHaveLength(1);
    expect(world.wechat.pay(payments[0]?.codeUrl ?? '')).toBe(true);
  });
});
