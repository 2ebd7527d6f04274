import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, HERE } from '../../testing/staff-world.ts';
import { FloatWorld, TERMINAL } from '../../testing/float-world.ts';
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

describe('what staff are told before they take it', () => {
  it('is the amount, what the float holds and what is left of its day; the ticket stands for the PIN', async () => {
    await w.opened(100_000, 12_000);
    await w.take(await w.world.order(kiosk, w.world.household()));
    const order = await w.world.order(kiosk, w.world.household());
    const told = await w.offer(order);
    expect(told).toMatchObject({
      ...{ committee: '天山一社区', staff: 'zhang', takeFen: 5_000, balanceFen: 95_000, leftTodayFen: 7_000 },
    });
    expect([await w.balance(), (await w.world.now(order)).payments]).toEqual([95_000, []]);
    const sold = await w.takeWith(order, told.ticket);
    expect(sold.state).toBe('sold');
    expect((await w.takeWith(await w.world.now(order), told.ticket)).version).toBe(sold.version);
    expect(await w.balance()).toBe(90_000);
    w.world.clock.jump(24 * 3_600_000);
    expect(await w.offer(await w.world.order(kiosk, w.world.household()))).toMatchObject({
      leftTodayFen: 12_000,
    });
  });

  it('is refused where taking it would be', async () => {
    await w.opened(6_000, 8_000);
    const order = await w.world.order(kiosk, w.world.household());
    expect(await codeOf(w.offer(order, { pin: '000000' }))).toBe('float.bad-pin');
    expect(await codeOf(w.offer(order, { terminalId: `t${'6'.repeat(30)}` }))).toBe('float.none');
    await w.take(await w.world.order(kiosk, w.world.household()));
    expect(await codeOf(w.offer(order))).toBe('float.empty');
    const topUp = { fen: 20_000, reference: 'bank-2', reason: 'More came.' };
    await w.decide(
      (await w.float.floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id,
    );
    expect(await codeOf(w.offer(order))).toBe('float.day-limit');
    await w.world.payFor(order);
    expect(await codeOf(w.offer(await w.world.now(order)))).toBe('order.already-paid');
  });

  it('is good for one order at one terminal, by staff who may still take cash', async () => {
    await w.opened();
    const [order, other] = [
      await w.world.order(kiosk, w.world.household()),
      await w.world.order(kiosk, w.world.household()),
    ];
    const { ticket } = await w.offer(order);
    expect(await codeOf(w.takeWith(other, ticket))).toBe('float.offer-stale');
    expect(await codeOf(w.takeWith(order, ticket, `t${'6'.repeat(30)}`))).toBe('float.offer-stale');
    expect(await codeOf(w.takeWith(order, 'no-ticket'))).toBe('float.offer-stale');
    await w.access.stores.users.putRole({ _id: 'role-zhang', permissions: [] });
    expect(await codeOf(w.takeWith(order, ticket))).toBe('auth.forbidden');
    await w.access.stores.users.putRole({ _id: 'role-zhang', permissions: ['float:use'] });
    await w.access.stores.users.edit('zhang', 0, { status: 'disabled' });
    expect(await codeOf(w.takeWith(order, ticket))).toBe('float.offer-stale');
    await w.access.stores.users.edit('zhang', 1, { status: 'active' });
    await t.redis.flushdb();
    expect(await codeOf(w.takeWith(order, ticket))).toBe('float.offer-stale');
    expect(await w.balance()).toBe(100_000);
  });

  it('is nothing while the float is frozen, which a ticket from before does not change', async () => {
    await w.opened();
    const order = await w.world.order(kiosk, w.world.household());
    const { ticket } = await w.offer(order);
    await w.set({ frozen: true });
    expect(await codeOf(w.offer(order))).toBe('float.frozen');
    expect(await codeOf(w.takeWith(order, ticket))).toBe('float.frozen');
    expect(await w.balance()).toBe(100_000);
    await w.set();
    expect((await w.takeWith(await w.world.now(order), ticket)).state).toBe('sold');
  });
});
