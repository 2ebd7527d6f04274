import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { OrderArchive } from '../../orders/store/order-archive.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';

const YEAR_MS = 365 * 86_400_000;
let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

it('a request of years ago that is sent again gets its order of then, and makes none', async () => {
  const seal = new NumberSeal(Buffer.alloc(32, 1));
  const store = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined });
  await store.prepare();
  const world = await OrderWorld.open({ store });
  const terminal = await fakeTerminal('kiosk-a');
  const card = world.household();
  const { cardSession } = await world.identify(terminal, card);
  const request = {
    idempotencyKey: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
    ...{ cardSession, faceFen: 5000, entry: 'kiosk' as const },
  };
  const create = (over: Partial<typeof request> = {}): Promise<Order> =>
    world.services.orders.create(terminal, { ...request, ...over });
  const order = await create();
  await world.services.orders.cancel(order);

  world.clock.jump(4 * YEAR_MS);
  const orders = t.db.collection<OrderDocument>('orders');
  const read = await orders.findOne({ _id: order._id });
  if (read === null) throw new Error('It is there.');
  expect(await new OrderArchive(t.db).take(read, new Date(world.clock.now()))).toBe(true);

  const again = await create();
  expect([again._id, again.state]).toEqual([order._id, 'closed']);
  expect(again.archivedAt).toBeInstanceOf(Date);
  await expect(create({ faceFen: 10_000 })).rejects.toMatchObject({
    code: 'order.idempotency-mismatch',
    orderNo: order._id,
  });
  expect(await orders.countDocuments({})).toBe(0);
});
