import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, BORIS, HERE } from '../../testing/staff-world.ts';
import { DiscountWorld } from '../../testing/discount-world.ts';
import { REMEMBERED_MS } from './remembered-rules.ts';

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

describe('a discount', () => {
  it('is taken off what the payer pays; the grid sells the face amount; it is spent once the purchase is done', async () => {
    const id = await w.allowed();
    const card = w.world.household();
    const order = await w.world.order(kiosk, card, 6000);
    expect(order).toMatchObject({
      ...{ faceFen: 6000, discountFen: 600, paidFen: 5400 },
      discount: { rule: id, funder: 'tianshan-office' },
    });
    expect(w.world.view(order)).toMatchObject({
      ...{ faceFen: 6000, discountFen: 600, paidFen: 5400 },
      discount: { names: { 'zh-CN': '敬老优惠' } },
    });
    expect(await w.budgetOf(id)).toEqual({ left: 9400, held: 600, spent: 0 });
    const sold = await w.world.payFor(order);
    expect(sold).toMatchObject({ state: 'sold', payments: [{ amountFen: 5400 }] });
    expect(w.world.grid.sales.get(order._id)).toMatchObject({ faceFen: 6000 });
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 9400, held: 600, spent: 0 });
    await w.world.write(kiosk, card, sold);
    expect(w.world.meterOf(card).insert(card)).toBe(6000);
    expect(await w.settler.settle()).toBe(1);
    expect(await w.settler.settle()).toBe(0);
    expect(await w.budgetOf(id)).toEqual({ left: 9400, held: 0, spent: 600 });
    expect(await w.capsHold()).toBe(0);
  });

  it('of an order that was not paid, or that the grid did not sell, is left again, and only what was paid goes back', async () => {
    const id = await w.allowed();
    const unpaid = await w.world.order(kiosk, w.world.household());
    await w.world.services.orders.cancel(unpaid);
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    const card = w.world.household();
    const order = await w.world.order(kiosk, card);
    // Sold meanwhile over another counter.
    const { meterNo, serial } = card;
    const elsewhere = { orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 };
    await w.world.grid.sell(elsewhere);
    expect(await w.world.payFor(order)).toMatchObject({ state: 'refunded', refunds: [{ fen: 4500 }] });
    expect([...w.world.wechat.refunds.values()]).toMatchObject([{ fen: 4500 }]);
    await w.settler.settle();
    expect(await w.budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await w.capsHold()).toBe(0);
  });

  it('goes to its organisation, its households and its days, the best one first', async () => {
    await w.allowed({ tag: 'elderly', off: { kind: 'fixed', fen: 700 } });
    await w.allowed({ community: '650100', off: { kind: 'percent', percent: 20 } });
    await w.allowed({ from: w.day(1) });
    await w.allowed({ from: w.day(-9), to: w.day(0) });
    const [north, old, neither] = [w.world.household(), w.world.household(), w.world.household()];
    await w.tagged(north, '650100', ['elderly']);
    await w.tagged(old, '653100', ['elderly', 'low-income']);
    const fen = async (card: FakeCard) => (await w.world.order(kiosk, card)).discountFen;
    expect([await fen(north), await fen(old), await fen(neither)]).toEqual([1000, 700, 0]);
  });

  it('of a prefecture reaches the households of its communities, also one that has come to it since', async () => {
    await w.allowed({ community: '650100' });
    const { orgs } = w.access.stores;
    const community = { kind: 'community', names: { 'zh-CN': '社区', en: 'A' }, version: 1 } as const;
    const [_id, parent] = ['c00000000000000a1', '653100'];
    await orgs.insert({ ...community, _id, parent, path: ['province', parent, _id] });
    const [early, late] = [w.world.household(), w.world.household()];
    await w.tagged(early, _id, []);
    await w.tagged(late, _id, []);
    expect((await w.world.order(kiosk, early)).discountFen).toBe(0);
    await orgs.change(_id, 1, { parent: '650100', path: ['province', '650100', _id] });
    expect((await w.world.order(kiosk, late)).discountFen).toBe(500);
  });

  it('that an order did not get is told with it, as it was when it was made', async () => {
    const made = async () => (await w.world.order(kiosk, w.world.household())).events[0]?.data;
    expect(await made()).toMatchObject({ discountFen: 0, noDiscount: 'no-rule' });
    await w.allowed({ tag: 'elderly' });
    w.world.clock.jump(REMEMBERED_MS);
    expect(await made()).toMatchObject({ noDiscount: 'household-unknown' });
    await w.allowed({ budgetFen: 500 });
    w.world.clock.jump(REMEMBERED_MS);
    expect(await made()).not.toHaveProperty('noDiscount');
    expect(await made()).toMatchObject({ noDiscount: 'budget-spent' });
  });

  it('by a typed name, from before organisations were chosen, goes on for households with that name', async () => {
    const id = await w.allowed();
    const card = w.world.household();
    await w.tagged(card, '650100', []);
    await t.db.collection('discountrules').updateOne({}, { $set: { community: 'tianshan-1' } });
    await t.db.collection('households').updateOne({}, { $set: { community: 'tianshan-1' } });
    expect((await w.world.order(kiosk, card)).discount).toMatchObject({ rule: id });
    expect((await w.world.order(kiosk, w.world.household())).discountFen).toBe(0);
  });

  it('is at most the cap of a household in a month of Beijing', async () => {
    const id = await w.allowed({ off: { kind: 'percent', percent: 50 }, capFen: 1_500 });
    const card = w.world.household();
    const fen = async () => {
      const order = await w.world.order(kiosk, card, 2_000);
      await w.world.write(kiosk, card, await w.world.payFor(order));
      w.world.meterOf(card).insert(card);
      return order.discountFen;
    };
    expect([await fen(), await fen(), await fen()]).toEqual([1_000, 500, 0]);
    await w.settler.settle();
    expect(await w.budgetOf(id)).toMatchObject({ held: 0, spent: 1_500 });
    w.world.clock.jump(25 * 86_400_000);
    expect(await fen()).toBe(1_000);
  });

  it('never makes a purchase free: the payer pays ¥1 at least', async () => {
    await w.allowed({ off: { kind: 'fixed', fen: 9_000 }, capFen: 9_000 });
    expect((await w.world.order(kiosk, w.world.household(), 5_000)).paidFen).toBe(100);
    expect(await w.world.order(kiosk, w.world.household(), 100)).toMatchObject({
      discountFen: 0,
      paidFen: 100,
    });
  });

  it('is not given by a rule that is not allowed yet, or that is paused', async () => {
    const id = await w.allowed();
    const pause = async (paused: boolean) => {
      const init = { ruleId: id, paused, reason: 'Looked at again.' };
      const approval = await w.rules.requestPause(init, ANNA, HERE);
      await w.access.approvals.decide({ id: approval._id, checker: BORIS, accept: true, where: HERE });
    };
    const fen = async () => (await w.world.order(kiosk, w.world.household())).discountFen;
    await pause(true);
    expect(await fen()).toBe(0);
    await pause(false);
    w.world.clock.jump(REMEMBERED_MS);
    expect(await fen()).toBe(500);
    const request = { ruleId: (await w.proposed())._id, paused: true, reason: 'Too early.' };
    await expect(w.rules.requestPause(request, ANNA, HERE)).rejects.toMatchObject({
      code: 'discount.not-allowed',
    });
  });

  it('does not come back with late money: that is given back', async () => {
    await w.allowed();
    const card = w.world.household();
    const offered = await w.world.services.orders.createPayment(await w.world.order(kiosk, card), 'wechat');
    await w.world.services.orders.cancel(offered);
    w.world.clock.jump(1_000);
    await w.world.identify(kiosk, card);
    w.world.wechat.payRegardless(`${offered._id}p1`);
    await w.world.notify(`${offered._id}p1`);
    await w.world.work();
    expect((await w.world.now(offered)).state).toBe('refunded');
  });
});

describe('an order that was not made after all', () => {
  it('gives its hold back at once, once', async () => {
    const id = await w.allowed();
    const request = { grid: 'collection-v1', customerNo: '650100000001', faceFen: 5_000 };
    const orderNo = '260101100000000001';
    for (const each of [orderNo, '260101100000000002']) {
      const { given } = await w.discounts.desk.reserve({ ...request, orderNo: each });
      expect(given).toMatchObject({ fen: 500 });
    }
    await w.discounts.desk.release(orderNo, id);
    await w.discounts.desk.release(orderNo, id);
    expect(await w.budgetOf(id)).toEqual({ left: 9_500, held: 500, spent: 0 });
    expect(await w.capsHold()).toBe(500);
  });
});
