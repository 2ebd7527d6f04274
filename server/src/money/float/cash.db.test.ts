import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, HERE } from '../../testing/staff-world.ts';
import { FloatWorld, PIN, TERMINAL } from '../../testing/float-world.ts';
import { codeOf } from '../../testing/problem-code.ts';

let t: TestContext;
let kiosk: FakeTerminal;
beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal(TERMINAL);
});
afterAll(() => t.close());
let w: FloatWorld;
beforeEach(async () => {
  w = await FloatWorld.open(t);
});

describe('cash at a counter', () => {
  it('buys like any other payment, and the float pays for it', async () => {
    await w.opened();
    const card = w.world.household();
    const sold = await w.take(await w.world.order(kiosk, card));
    expect(sold).toMatchObject({
      state: 'sold',
      payments: [{ channel: 'cash', funds: true, float: 'tianshan-1' }],
    });
    expect([await w.balance(), await w.summed()]).toEqual([95_000, 95_000]);
    expect(w.world.view(sold).payment).toMatchObject({ channel: 'cash', codeUrl: null, status: 'succeeded' });
    expect(await w.float.cash.receipt(sold)).toMatchObject({
      ...{ committee: '天山一社区', staff: 'zhang', takenFen: 5_000, handBackFen: 0 },
    });
    const done = await w.world.write(kiosk, card, sold);
    expect([done.state, done.dueAt, w.world.meterOf(card).insert(card)]).toEqual(['done', null, 5_000]);
    const trail = await w.access.stores.audit.find({ limit: 20 });
    expect(trail.map(({ action }) => action)).toContain('float.take-cash');
    expect(JSON.stringify(await t.db.collection('audit').find().toArray())).not.toContain(PIN);
  });

  it('is credited back to the float when the sale is refused, and the receipt says what to hand back', async () => {
    await w.opened();
    const card = w.world.household();
    const order = await w.world.order(kiosk, card);
    await w.spoil(card);
    await w.take(order);
    await w.world.pass(3_000);
    const refunded = await w.world.now(order);
    expect(refunded).toMatchObject({ state: 'refunded', dueAt: null });
    expect([await w.balance(), await w.summed()]).toEqual([100_000, 100_000]);
    expect(await w.float.cash.receipt(refunded)).toMatchObject({ takenFen: 5_000, handBackFen: 5_000 });
    expect((await w.store.get('tianshan-1'))?.dayFen).toBe(0);
  });

  it('is taken once, however often it is asked for and by how many at once', async () => {
    await w.opened();
    const order = await w.world.order(kiosk, w.world.household());
    await Promise.all(
      [w.take(order), w.take(order), w.take(order)].map((each) => each.catch(() => undefined)),
    );
    expect((await w.take(await w.world.now(order))).state).toBe('sold');
    expect((await w.world.now(order)).payments.filter(({ status }) => status === 'succeeded')).toHaveLength(
      1,
    );
    expect([await w.balance(), await w.summed()]).toEqual([95_000, 95_000]);
  });

  it('never takes a float below zero, nor beyond its day; what was refused can be paid by phone', async () => {
    await w.opened(6_000, 8_000);
    const [first, second] = [
      await w.world.order(kiosk, w.world.household()),
      await w.world.order(kiosk, w.world.household()),
    ];
    await w.take(first);
    expect(await codeOf(w.take(second))).toBe('float.empty');
    const topUp = { fen: 20_000, reference: 'bank-2', reason: 'More came.' };
    await w.decide(
      (await w.float.floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id,
    );
    expect(await codeOf(w.take(await w.world.now(second)))).toBe('float.day-limit');
    expect((await w.world.now(second)).payments.map(({ status }) => status)).toEqual(['closed', 'closed']);
    expect(await w.balance()).toBe(21_000);
    expect((await w.world.payFor(second)).state).toBe('sold');
    w.world.clock.jump(24 * 3_600_000);
    expect((await w.take(await w.world.order(kiosk, w.world.household()))).state).toBe('sold');
    expect([await w.balance(), await w.summed()]).toEqual([16_000, 16_000]);
  });

  it('is given back when a phone had paid as well', async () => {
    await w.opened();
    const order = await w.world.services.orders.createPayment(
      await w.world.order(kiosk, w.world.household()),
      'wechat',
    );
    await w.take(order);
    w.world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await w.world.notify(`${order._id}p1`);
    await w.world.pass(5_000);
    expect(await w.world.now(order)).toMatchObject({
      state: 'sold',
      refunds: [{ reason: 'double-payment' }],
    });
    expect([...w.world.wechat.refunds.values()]).toMatchObject([{ fen: 5_000 }]);
    expect(await w.balance()).toBe(95_000);
  });

  it('is taken only where a committee takes it', async () => {
    await w.opened();
    const order = await w.world.order(kiosk, w.world.household());
    expect(await codeOf(w.take(order, { terminalId: `t${'6'.repeat(30)}` }))).toBe('float.none');
    await w.world.services.orders.cancel(order);
    expect(await codeOf(w.take(await w.world.now(order)))).toBe('order.closed');
  });
});

describe('a process that is killed while cash is taken', () => {
  it.each([
    ['before the payment is stored', 1, 'before'],
    ['after the payment is stored', 1, 'after'],
    ['after the float is debited', 2, 'before'],
    ['after the order has it', 2, 'after'],
  ] as const)('%s: the float and the order agree in the end', async (_, at, when) => {
    await w.opened();
    const order = await w.world.order(kiosk, w.world.household());
    let writes = 0;
    w.dies = () => ((writes += 1) === at ? when : 'no');
    await w.take(order).catch(() => undefined);
    w.dies = () => 'no';
    await w.world.pass(400_000, 5_000);
    const ended = await w.world.now(order);
    const paid = ended.payments.some(({ funds }) => funds === true);
    const back = ended.refunds.length > 0;
    expect(['sold', 'refunded', 'closed']).toContain(ended.state);
    expect(await w.balance()).toBe(paid && !back ? 95_000 : 100_000);
    expect(await w.summed()).toBe(await w.balance());
  });

  it('the number of an attempt that was given up takes nothing any more', async () => {
    await w.opened();
    const order = await w.world.order(kiosk, w.world.household());
    w.dies = () => 'after';
    await w.take(order).catch(() => undefined);
    w.dies = () => 'no';
    await w.world.services.orders.cancel(await w.world.now(order));
    const late = { paymentNo: `${order._id}p1`, orderNo: order._id, fen: 5_000, by: 'zhang' };
    expect(await w.desk.take('tianshan-1', late)).toMatchObject({ kind: 'closed' });
    expect(await w.balance()).toBe(100_000);
  });
});
