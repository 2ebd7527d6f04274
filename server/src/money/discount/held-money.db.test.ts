import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { Killed } from '../../testing/crashing-store.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { BudgetStore } from './budget-store.ts';
import { CapStore } from './cap-store.ts';
import { DiscountDesk, householdKey } from './desk.ts';
import { DiscountRuleStore } from './rule-store.ts';
import { DiscountWorld } from '../../testing/discount-world.ts';

let t: TestContext;
let kiosk: FakeTerminal;
beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());
let w: DiscountWorld;
beforeEach(async () => {
  w = await DiscountWorld.open(t);
});

describe('a budget', () => {
  it('is never overspent by orders that are made at the same moment, and loses nothing', async () => {
    const id = await w.allowed({ off: { kind: 'fixed', fen: 700 }, budgetFen: 3_000 });
    const made = await Promise.all(
      Array.from({ length: 12 }, () => w.world.order(kiosk, w.world.household())),
    );
    const given = made.reduce((sum, { discountFen }) => sum + discountFen, 0);
    const { left, held, spent } = await w.budgetOf(id);
    expect(given).toBeLessThanOrEqual(3_000);
    expect([held, left + held + spent, await w.capsHold()]).toEqual([given, 3_000, given]);
    for (const order of made) await w.world.services.orders.cancel(order);
    await Promise.all([w.settler.settle(), w.settler.settle()]);
    expect(await w.budgetOf(id)).toEqual({ left: 3_000, held: 0, spent: 0 });
  });

  it('of a household is not exceeded by its own orders at the same moment', async () => {
    await w.allowed({ off: { kind: 'fixed', fen: 700 }, capFen: 1_000 });
    const request = { grid: 'collection-v1', customerNo: '650100000001', faceFen: 5_000 };
    const given = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        w.discounts.desk.reserve({ ...request, orderNo: `26010110000000000${n}` }),
      ),
    );
    expect(given.reduce((sum, each) => sum + (each.given?.fen ?? 0), 0)).toBeLessThanOrEqual(1_000);
  });
});

describe('a process that is killed', () => {
  it.each(['before', 'after'] as const)(
    '%s it stored the order: what is held ends by itself',
    async (when) => {
      const id = await w.allowed();
      const card = w.world.household();
      w.dies = () => when;
      await expect(w.world.order(kiosk, card)).rejects.toThrow(Killed);
      w.dies = () => 'no';
      expect(await w.budgetOf(id)).toMatchObject({ held: 500 });
      await w.settler.settle();
      expect(await w.budgetOf(id)).toMatchObject({ held: 500 });
      await w.world.pass(61 * 60_000, 60_000);
      await w.settler.settle();
      // Not stored: no process will ask for it. Stored: it ended unpaid.
      expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
      expect(await w.capsHold()).toBe(0);
    },
  );

  it('between budget and cap, at holding and at settling: nothing is lost, nothing is counted twice', async () => {
    const id = await w.allowed();
    const budgets = new BudgetStore(t.db, w.world.clock);
    const at = new Date(w.world.clock.now());
    await budgets.reserve(id, {
      _id: 'h1',
      orderNo: '260101100000000001',
      fen: 300,
      at,
      capId: 'never made',
    });
    w.world.clock.jump(61 * 60_000);
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    const order: Order = await w.world.order(kiosk, w.world.household());
    await w.world.services.orders.cancel(order);
    const [hold] = await budgets.holdsOf(order._id, id);
    if (hold === undefined) throw new Error('It holds something.');
    // It got as far as the cap.
    await w.caps.settle(hold.capId, hold, 'left');
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await w.caps.get(hold.capId)).toMatchObject({ leftFen: 1_000, spentFen: 0, holds: [] });
  });
});

describe('a process that stands still', () => {
  it('between budget and cap until the budget has its sum again: it gives nothing and holds nothing', async () => {
    const id = await w.allowed();
    const capsOfTheStanding: CapStore = Object.assign(new CapStore(t.db), {
      async reserve(...call: Parameters<CapStore['reserve']>): Promise<boolean> {
        w.world.clock.jump(61 * 60_000);
        await w.settler.settle();
        expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
        return w.caps.reserve(...call);
      },
    });
    const { clock, log } = w.world;
    const desk = new DiscountDesk({
      ...{ rules: new DiscountRuleStore(t.db, w.access.stores.orgs), budgets: new BudgetStore(t.db, clock) },
      ...{ caps: capsOfTheStanding, key: householdKey(Buffer.from('any')), clock, log },
    });
    const request = { grid: 'collection-v1', customerNo: '650100000001', faceFen: 5_000 };
    expect(await desk.reserve({ ...request, orderNo: '260101100000000001' })).toEqual({});
    expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await w.capsHold()).toBe(0);
  });

  it('between a hold and its order until the budget has its sum again: nobody can pay that order', async () => {
    const id = await w.allowed();
    const { orders, store } = w.world.services;
    const insert = store.insert.bind(store);
    store.insert = async (order) => {
      w.world.clock.jump(61 * 60_000);
      await w.settler.settle();
      return insert(order);
    };
    const order = await w.world.order(kiosk, w.world.household());
    expect([order.discountFen, await w.budgetOf(id)]).toEqual([500, { left: 10_000, held: 0, spent: 0 }]);
    await expect(orders.createPayment(order, 'wechat')).rejects.toMatchObject({ code: 'order.closed' });
    await expect(orders.createPayment(order, 'any')).rejects.toMatchObject({ code: 'order.closed' });
  });
});
