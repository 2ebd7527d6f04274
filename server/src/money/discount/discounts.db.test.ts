import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DiscountRuleRequest } from '@bianmin/shared/api/discount';
import type { Order } from '../../orders/model/order.ts';
import { holdsOfTheirOwn } from '../../upkeep/migrations/0004-holds-of-their-own.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { crashing, Killed } from '../../testing/crashing-store.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, BORIS, HERE } from '../../testing/staff-world.ts';
import { BudgetStore, type Hold } from './budget-store.ts';
import { CapStore, type Cap } from './cap-store.ts';
import { DiscountDesk, householdKey } from './desk.ts';
import { DiscountRuleStore } from './rule-store.ts';
import type { DiscountRules } from './rules.ts';
import { createDiscounts, type DiscountServices } from '../../wiring/discounts.ts';
import type { HoldSettler } from './settler.ts';

let t: TestContext;
let kiosk: FakeTerminal;
let world: OrderWorld;
let access: TestAccess;
let discounts: DiscountServices;
let rules: DiscountRules;
let settler: HoldSettler;
let caps: CapStore;
let dies: () => 'no' | 'before' | 'after';
beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
  t.db.deleteModel(/.*/u);
  dies = () => 'no';
  const desk: { is?: DiscountServices['desk'] } = {};
  world = await OrderWorld.open({
    store: crashing(new MemoryOrderStore(), () => dies()),
    discounts: {
      reserve: (request) => desk.is?.reserve(request) ?? Promise.resolve(undefined),
      release: (orderNo, rule) => desk.is?.release(orderNo, rule) ?? Promise.resolve(),
    },
  });
  const { clock, log } = world;
  discounts = await createDiscounts({
    db: t.db,
    clock,
    log,
    config: testConfig(),
    grid: { grid: 'collection-v1' },
  });
  desk.is = discounts.desk;
  access = await openAccess(t, clock);
  rules = discounts.rules(access);
  settler = discounts.settler(world.services.store);
  caps = new CapStore(t.db);
});

const day = (offset: number) => new Date(world.clock.now() + offset * 86_400_000).toISOString();

async function allowed(over: Partial<DiscountRuleRequest> = {}): Promise<string> {
  const { rule, approval } = await rules.propose(
    {
      names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
      ...{ community: null, tag: null, from: day(-1), to: day(30), funder: 'tianshan-office' },
      ...{
        off: { kind: 'percent', percent: 10 },
        capFen: 1_000,
        budgetFen: 10_000,
        reason: 'Decided in March.',
      },
      ...over,
    },
    ANNA,
    HERE,
  );
  await access.approvals.decide({ id: approval._id, checker: BORIS, accept: true, where: HERE });
  return rule._id;
}

async function tagged(card: FakeCard, community: string, tags: string[]): Promise<void> {
  const households = [{ customerNo: world.customerOf(card), community, tags }];
  const approval = await rules.requestHouseholds({ households, reason: 'The list of May.' }, ANNA, HERE);
  expect(JSON.stringify(approval)).not.toContain(world.customerOf(card));
  await access.approvals.decide({ id: approval._id, checker: BORIS, accept: true, where: HERE });
}

async function budgetOf(id: string): Promise<{ left: number; held: number; spent: number }> {
  const budget = (await rules.list()).find(({ rule }) => rule._id === id)?.budget;
  return { left: budget?.leftFen ?? 0, held: budget?.heldFen ?? 0, spent: budget?.spentFen ?? 0 };
}

const heldIn = ({ holds }: Cap): number => holds.reduce((sum, { fen }) => sum + fen, 0);

/** What is held in all caps is what is held in all budgets. */
async function capsHold(): Promise<number> {
  const all = await t.db.collection('discountcaps').find({}).toArray();
  return all.reduce((sum, cap) => sum + heldIn(cap as unknown as Cap), 0);
}

describe('a discount', () => {
  it('is taken off what the payer pays; the grid sells the face amount; it is spent once the purchase is done', async () => {
    const id = await allowed();
    const card = world.household();
    const order = await world.order(kiosk, card, 6000);
    expect(order).toMatchObject({
      ...{ faceFen: 6000, discountFen: 600, paidFen: 5400 },
      discount: { rule: id, funder: 'tianshan-office' },
    });
    expect(world.view(order)).toMatchObject({
      ...{ faceFen: 6000, discountFen: 600, paidFen: 5400 },
      discount: { names: { 'zh-CN': '敬老优惠' } },
    });
    expect(await budgetOf(id)).toEqual({ left: 9400, held: 600, spent: 0 });
    const sold = await world.payFor(order);
    expect(sold).toMatchObject({ state: 'sold', payments: [{ amountFen: 5400 }] });
    expect(world.grid.sales.get(order._id)).toMatchObject({ faceFen: 6000 });
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 9400, held: 600, spent: 0 });
    await world.write(kiosk, card, sold);
    expect(world.meterOf(card).insert(card)).toBe(6000);
    expect(await settler.settle()).toBe(1);
    expect(await settler.settle()).toBe(0);
    expect(await budgetOf(id)).toEqual({ left: 9400, held: 0, spent: 600 });
    expect(await capsHold()).toBe(0);
  });

  it('of an order that nobody paid, or that the grid did not sell, is left again, and only what was paid goes back', async () => {
    const id = await allowed();
    const unpaid = await world.order(kiosk, world.household());
    await world.services.orders.cancel(unpaid);
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    const card = world.household();
    const order = await world.order(kiosk, card);
    // Sold meanwhile over somebody else's counter.
    const { meterNo, serial } = card;
    const elsewhere = { orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 };
    await world.grid.sell(elsewhere);
    expect(await world.payFor(order)).toMatchObject({ state: 'refunded', refunds: [{ fen: 4500 }] });
    expect([...world.wechat.refunds.values()]).toMatchObject([{ fen: 4500 }]);
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await capsHold()).toBe(0);
  });

  it('goes to its community, its households and its days, the best one first', async () => {
    await allowed({ tag: 'elderly', off: { kind: 'fixed', fen: 700 } });
    await allowed({ community: 'north', off: { kind: 'percent', percent: 20 } });
    await allowed({ from: day(1) });
    await allowed({ from: day(-9), to: day(0) });
    const [north, old, neither] = [world.household(), world.household(), world.household()];
    await tagged(north, 'north', ['elderly']);
    await tagged(old, 'south', ['elderly', 'low-income']);
    const fen = async (card: FakeCard) => (await world.order(kiosk, card)).discountFen;
    expect([await fen(north), await fen(old), await fen(neither)]).toEqual([1000, 700, 0]);
  });

  it('is at most the cap of a household in a month of Beijing', async () => {
    const id = await allowed({ off: { kind: 'percent', percent: 50 }, capFen: 1_500 });
    const card = world.household();
    const fen = async () => {
      const order = await world.order(kiosk, card, 2_000);
      await world.write(kiosk, card, await world.payFor(order));
      world.meterOf(card).insert(card);
      return order.discountFen;
    };
    expect([await fen(), await fen(), await fen()]).toEqual([1_000, 500, 0]);
    await settler.settle();
    expect(await budgetOf(id)).toMatchObject({ held: 0, spent: 1_500 });
    world.clock.jump(25 * 86_400_000);
    expect(await fen()).toBe(1_000);
  });

  it('never makes a purchase free: the payer pays ¥1 at least', async () => {
    await allowed({ off: { kind: 'fixed', fen: 9_000 }, capFen: 9_000 });
    expect((await world.order(kiosk, world.household(), 5_000)).paidFen).toBe(100);
    expect(await world.order(kiosk, world.household(), 100)).toMatchObject({ discountFen: 0, paidFen: 100 });
  });

  it('is not given by a rule that nobody has allowed, or that is paused', async () => {
    const id = await allowed();
    const pause = async (paused: boolean) => {
      const init = { ruleId: id, paused, reason: 'Looked at again.' };
      const approval = await rules.requestPause(init, ANNA, HERE);
      await access.approvals.decide({ id: approval._id, checker: BORIS, accept: true, where: HERE });
    };
    const fen = async () => (await world.order(kiosk, world.household())).discountFen;
    await pause(true);
    expect(await fen()).toBe(0);
    await pause(false);
    expect(await fen()).toBe(500);
    const request = { ruleId: (await proposed())._id, paused: true, reason: 'Too early.' };
    await expect(rules.requestPause(request, ANNA, HERE)).rejects.toMatchObject({
      code: 'discount.not-allowed',
    });
  });

  it('does not come back with late money: that is given back', async () => {
    await allowed();
    const card = world.household();
    const offered = await world.services.orders.createPayment(await world.order(kiosk, card), 'wechat');
    await world.services.orders.cancel(offered);
    world.clock.jump(1_000);
    await world.identify(kiosk, card);
    world.wechat.payRegardless(`${offered._id}p1`);
    await world.notify(`${offered._id}p1`);
    await world.work();
    expect((await world.now(offered)).state).toBe('refunded');
  });
});

async function proposed() {
  const made = await rules.propose(
    {
      names: { 'zh-CN': '新', ug: 'n', en: 'n' },
      ...{ community: null, tag: null, from: day(-1), to: day(1), funder: 'x', reason: 'None yet.' },
      ...{ off: { kind: 'percent', percent: 10 }, capFen: 1, budgetFen: 1 },
    },
    ANNA,
    HERE,
  );
  return made.rule;
}

describe('a budget', () => {
  it('is never overspent by orders that are made at the same moment, and loses nothing', async () => {
    const id = await allowed({ off: { kind: 'fixed', fen: 700 }, budgetFen: 3_000 });
    const made = await Promise.all(Array.from({ length: 12 }, () => world.order(kiosk, world.household())));
    const given = made.reduce((sum, { discountFen }) => sum + discountFen, 0);
    const { left, held, spent } = await budgetOf(id);
    expect(given).toBeLessThanOrEqual(3_000);
    expect([held, left + held + spent, await capsHold()]).toEqual([given, 3_000, given]);
    for (const order of made) await world.services.orders.cancel(order);
    await Promise.all([settler.settle(), settler.settle()]);
    expect(await budgetOf(id)).toEqual({ left: 3_000, held: 0, spent: 0 });
  });

  it('of a household is not exceeded by its own orders at the same moment', async () => {
    await allowed({ off: { kind: 'fixed', fen: 700 }, capFen: 1_000 });
    const request = { grid: 'collection-v1', customerNo: '650100000001', faceFen: 5_000 };
    const given = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        discounts.desk.reserve({ ...request, orderNo: `26010110000000000${n}` }),
      ),
    );
    expect(given.reduce((sum, each) => sum + (each?.fen ?? 0), 0)).toBeLessThanOrEqual(1_000);
  });
});

describe('a process that is killed', () => {
  it.each(['before', 'after'] as const)(
    '%s it stored the order: what is held ends by itself',
    async (when) => {
      const id = await allowed();
      const card = world.household();
      dies = () => when;
      await expect(world.order(kiosk, card)).rejects.toThrow(Killed);
      dies = () => 'no';
      expect(await budgetOf(id)).toMatchObject({ held: 500 });
      await settler.settle();
      expect(await budgetOf(id)).toMatchObject({ held: 500 });
      await world.pass(16 * 60_000, 60_000);
      await settler.settle();
      // Not stored: nobody will ask for it. Stored: it ended unpaid.
      expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
      expect(await capsHold()).toBe(0);
    },
  );

  it('between budget and cap, at holding and at settling: nothing is lost, nothing is counted twice', async () => {
    const id = await allowed();
    const budgets = new BudgetStore(t.db, world.clock);
    const at = new Date(world.clock.now());
    await budgets.reserve(id, {
      _id: 'h1',
      orderNo: '260101100000000001',
      fen: 300,
      at,
      capId: 'never made',
    });
    world.clock.jump(16 * 60_000);
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    const order: Order = await world.order(kiosk, world.household());
    await world.services.orders.cancel(order);
    const [hold] = await budgets.holdsOf(order._id, id);
    if (hold === undefined) throw new Error('It holds something.');
    // It got as far as the cap.
    await caps.settle(hold.capId, hold, 'left');
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await caps.get(hold.capId)).toMatchObject({ leftFen: 1_000, spentFen: 0, holds: [] });
  });
});

describe('a process that stands still', () => {
  it('between budget and cap until the budget has its sum again: it gives nothing and holds nothing', async () => {
    const id = await allowed();
    const capsOfTheStanding: CapStore = Object.assign(new CapStore(t.db), {
      async reserve(...call: Parameters<CapStore['reserve']>): Promise<boolean> {
        world.clock.jump(16 * 60_000);
        await settler.settle();
        expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
        return caps.reserve(...call);
      },
    });
    const { clock, log } = world;
    const desk = new DiscountDesk({
      ...{ rules: new DiscountRuleStore(t.db), budgets: new BudgetStore(t.db, clock) },
      ...{ caps: capsOfTheStanding, key: householdKey(Buffer.from('any')), clock, log },
    });
    const request = { grid: 'collection-v1', customerNo: '650100000001', faceFen: 5_000 };
    expect(await desk.reserve({ ...request, orderNo: '260101100000000001' })).toBeUndefined();
    expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await capsHold()).toBe(0);
  });
});

describe('an order that was not made after all', () => {
  it('gives its hold back at once, once', async () => {
    const id = await allowed();
    const request = { grid: 'collection-v1', customerNo: '650100000001', faceFen: 5_000 };
    const orderNo = '260101100000000001';
    expect(await discounts.desk.reserve({ ...request, orderNo })).toMatchObject({ fen: 500 });
    expect(await discounts.desk.reserve({ ...request, orderNo: '260101100000000002' })).toMatchObject({
      fen: 500,
    });
    await discounts.desk.release(orderNo, id);
    await discounts.desk.release(orderNo, id);
    expect(await budgetOf(id)).toEqual({ left: 9_500, held: 500, spent: 0 });
    expect(await capsHold()).toBe(500);
  });
});

describe('holds of the version before', () => {
  it('are taken over with their sums, and end like any other', async () => {
    const id = await allowed();
    const order = await world.order(kiosk, world.household());
    const budgets = t.db.collection<{ _id: string; holds?: object[] }>('discountbudgets');
    // As it would hold one more, in a budget that was made by it.
    const at = new Date(world.clock.now());
    const old = { orderNo: '260101100000000001', fen: 300, at, capId: 'gone' };
    await budgets.updateOne({ _id: id }, { $push: { holds: old }, $inc: { leftFen: -300 } });
    await budgets.insertOne({ _id: 'old', ...{ leftFen: 700, spentFen: 0 }, holds: [old] });
    await settler.settle();
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 9_200, held: 800, spent: 0 });
    await world.services.orders.cancel(order);
    world.clock.jump(16 * 60_000);
    expect(await settler.settle()).toBe(3);
    expect(await budgetOf(id)).toEqual({ left: 10_000, held: 0, spent: 0 });
    expect(await budgets.findOne({ _id: 'old' })).toMatchObject({ leftFen: 1_000, heldFen: 0, spentFen: 0 });
  });

  it('are what is left of those of this one where one goes back', async () => {
    const id = await allowed();
    const orders = await Promise.all([1, 2, 3].map(() => world.order(kiosk, world.household())));
    await new BudgetStore(t.db, world.clock).holdsOf(orders[1]?._id ?? fail(), id);
    await world.order(kiosk, world.household());
    await world.services.orders.cancel(orders[0] ?? fail());
    await settler.settle();
    const run = { db: t.db, saved: undefined, save: () => Promise.resolve() };
    for (let twice = 0; twice < 2; twice += 1) await holdsOfTheirOwn.down(run);
    const back = await t.db
      .collection<{ _id: string; holds?: Hold[] }>('discountbudgets')
      .findOne({ _id: id });
    expect(back?.holds?.map(({ fen }) => fen)).toEqual([500, 500, 500]);
    expect(back).not.toHaveProperty('heldFen');
    await settler.settle();
    expect(await budgetOf(id)).toEqual({ left: 8_500, held: 1_500, spent: 0 });
  });
});

function fail(): never {
  throw new Error('There are three.');
}
