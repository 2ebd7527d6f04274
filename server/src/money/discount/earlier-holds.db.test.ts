import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdsOfTheirOwn } from '../../upkeep/migrations/0004-holds-of-their-own.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { BudgetStore, type Hold } from './budget-store.ts';
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

describe('holds of the version before', () => {
  it('are taken over with their sums, and end like any other', async () => {
    const id = await w.allowed();
    const order = await w.world.order(kiosk, w.world.household());
    const budgets = t.db.collection<{ _id: string; holds?: object[] }>('discountbudgets');
    // As it would hold one more, in a budget that was made by it.
    const at = new Date(w.world.clock.now());
    const old = { orderNo: '260101100000000001', fen: 300, at, capId: 'gone' };
    await budgets.updateOne({ _id: id }, { $push: { holds: old }, $inc: { leftFen: -300 } });
    await budgets.insertOne({ _id: 'old', ...{ leftFen: 700, spentFen: 0 }, holds: [old] });
    await w.settler.settle();
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 9_200, held: 800, spent: 0 });
    await w.world.services.orders.cancel(order);
    w.world.clock.jump(61 * 60_000);
    expect(await w.settler.settle()).toBe(3);
    expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await budgets.findOne({ _id: 'old' })).toMatchObject({ leftFen: 1_000, heldFen: 0, spentFen: 0 });
  });

  it('are what is left of those of this one where one goes back', async () => {
    const id = await w.allowed();
    const orders = await Promise.all([1, 2, 3].map(() => w.world.order(kiosk, w.world.household())));
    await new BudgetStore(t.db, w.world.clock).holdsOf(orders[1]?._id ?? fail(), id);
    await w.world.order(kiosk, w.world.household());
    await w.world.services.orders.cancel(orders[0] ?? fail());
    await w.settler.settle();
    const run = { db: t.db, saved: undefined, save: () => Promise.resolve() };
    for (let twice = 0; twice < 2; twice += 1) await holdsOfTheirOwn.down(run);
    const back = await t.db
      .collection<{ _id: string; holds?: Hold[] }>('discountbudgets')
      .findOne({ _id: id });
    expect(back?.holds?.map(({ fen }) => fen)).toEqual([500, 500, 500]);
    expect(back).not.toHaveProperty('heldFen');
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 8_500, held: 1_500, spent: 0 });
  });
});

function fail(): never {
  throw new Error('There are three.');
}
