import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bindingDetails, payerOrder, payerOrderList, type PayerOrder } from '@bianmin/purchase/api/payer';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { testConfig } from '../../testing/config.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { BindingStore } from './binding-store.ts';
import { DailyLimits } from './daily-limits.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { FakePhone, openResidentWorld, type ResidentWorld } from '../../testing/resident-world.ts';

let world: ResidentWorld;
let phone: FakePhone;
let card: FakeCard;
let bindingId: string;
beforeAll(async () => {
  world = await openResidentWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.jump(2 * 86_400_000);
  phone = await FakePhone.begin(world.url);
  card = world.orders.household();
  bindingId = await bind(phone, card);
});

async function bind(by: FakePhone, of: FakeCard): Promise<string> {
  const customerNo = world.orders.customerOf(of);
  await by.call('POST', 'bindings/code', { customerNo });
  await world.residents.codes.idle();
  const code = world.sent.at(-1)?.code;
  const { body } = await by.call('POST', 'bindings', { customerNo, code });
  return (body as { id: string }).id;
}

async function order(faceFen = 5000, idempotencyKey: string = randomUUID()): Promise<PayerOrder> {
  const { status, body } = await phone.call('POST', 'orders', { bindingId, faceFen, idempotencyKey });
  expect(status, JSON.stringify(body)).toBe(201);
  return payerOrder.parse(body);
}

/** Pays on the order's page, and lets what follows happen. */
async function paid(before: () => void = () => undefined): Promise<string> {
  const { orderNo } = await order();
  const { services, wechat } = world.orders;
  const made = await services.store.get(orderNo);
  if (made === null) throw new Error(`There is no order ${orderNo}.`);
  await services.phonePayments.hand(made, 'wechat', { product: 'browser' });
  const no = `${orderNo}p1`;
  before();
  wechat.payRegardless(no);
  await world.orders.notify(no);
  await world.orders.work();
  return orderNo;
}

async function now(orderNo: string): Promise<PayerOrder> {
  return payerOrder.parse((await phone.call('GET', `orders/${orderNo}`)).body);
}

describe('a meter that is asked from a phone', () => {
  it('has the card’s purchase: the household goes on at once', async () => {
    const kiosk = await fakeTerminal('kiosk-a');
    await world.orders.write(kiosk, card, await world.orders.paid(kiosk, card));
    world.orders.meterOf(card).insert(card);
    const path = `bindings/${bindingId}`;
    const before = bindingDetails.parse((await phone.call('GET', path)).body);
    expect(before.blocked).toBe('meter.previous-not-inserted');
    const { status, body } = await phone.call('POST', `${path}/reading`);
    expect(status).toBe(200);
    expect(bindingDetails.parse(body)).toMatchObject({ blocked: null, meter: { live: true } });
    const stranger = await FakePhone.begin(world.url);
    expect((await stranger.call('POST', `${path}/reading`)).body).toMatchObject({
      code: 'binding.not-found',
    });
  });
});

describe('topping up at home', () => {
  it('goes from the household to the meter, which has it once', async () => {
    const details = bindingDetails.parse((await phone.call('GET', `bindings/${bindingId}`)).body);
    expect(details).toMatchObject({ blocked: null, today: { ordersLeft: 5, fenLeft: 100_000 } });
    const meter = world.orders.meterOf(card);
    const before = meter.balanceFen;
    const orderNo = await paid();
    expect(await now(orderNo)).toMatchObject({
      state: 'done',
      kind: 'remote',
      entry: 'phone',
      credit: { status: 'credited', balanceFen: before + 5000 },
      pay: null,
    });
    expect((await now(orderNo)).receiptCode).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(meter.balanceFen).toBe(before + 5000);
    const list = payerOrderList.parse((await phone.call('GET', 'orders')).body);
    expect(list.orders.map((each) => each.orderNo)).toContain(orderNo);
  });

  it('leads to the order’s own page, only while there is something to pay', async () => {
    const made = await order();
    const url = world.orders.services.links.urlOf(made.orderNo);
    expect(made.pay).toEqual({ url, until: expect.any(String) as string });
    const left = Date.parse(made.pay?.until ?? '') - world.clock.now();
    expect(left).toBeGreaterThan(0);
    world.clock.jump(left);
    expect((await now(made.orderNo)).pay).toBeNull();
    const other = await order();
    const closed = payerOrder.parse((await phone.call('POST', `orders/${other.orderNo}/cancel`)).body);
    expect(closed).toMatchObject({ state: 'closed', pay: null });
  });

  it.each([
    ['card', 'credit-failed' as const],
    ['refund', 'refunded' as const],
  ])('lets the payer choose %s where the meter will not take it', async (choice, _) => {
    const orderNo = await paid(() => {
      world.orders.grid.credits.link(card.meterNo, 'dead');
    });
    const failed = await now(orderNo);
    expect(failed).toMatchObject({
      state: 'credit-failed',
      choices: expect.arrayContaining(['card', 'refund']) as unknown,
    });
    const chosen = await phone.call('POST', `orders/${orderNo}/choice`, { choice });
    expect(chosen.status).toBe(200);
    await world.orders.work();
    await world.orders.pass(5000);
    const then = await now(orderNo);
    if (choice === 'card') expect(then.state).toBe('sold');
    else expect(['refunding', 'refunded']).toContain(then.state);
    const other = choice === 'card' ? 'nonsense' : 'card';
    expect(
      (await phone.call('POST', `orders/${orderNo}/choice`, { choice: other })).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('gives the same order for the same key, and counts it once', async () => {
    const key = randomUUID();
    const first = await order(5000, key);
    expect((await order(5000, key)).orderNo).toBe(first.orderNo);
    const { today } = bindingDetails.parse((await phone.call('GET', `bindings/${bindingId}`)).body);
    expect(today).toEqual({ ordersLeft: 4, fenLeft: 95_000 });
  });

  it('is no other payer’s: neither the order nor the household', async () => {
    const { orderNo } = await order();
    const other = await FakePhone.begin(world.url);
    expect((await other.call('GET', `orders/${orderNo}`)).body).toMatchObject({ code: 'order.not-found' });
    expect((await other.call('POST', `orders/${orderNo}/cancel`)).status).toBe(404);
    const stolen = { bindingId, faceFen: 5000, idempotencyKey: randomUUID() };
    expect((await other.call('POST', 'orders', stolen)).body).toMatchObject({ code: 'binding.not-found' });
  });
});

describe('a day’s limits', () => {
  const refused = async (faceFen: number) =>
    (await phone.call('POST', 'orders', { bindingId, faceFen, idempotencyKey: randomUUID() })).body;

  it('count what was bought and not what was closed unpaid', async () => {
    for (let each = 0; each < 7; each += 1) {
      const { orderNo } = await order();
      await phone.call('POST', `orders/${orderNo}/cancel`);
    }
    for (let each = 0; each < 5; each += 1) await paid();
    expect(await refused(5000)).toMatchObject({ code: 'binding.daily-limit' });
    const { today } = bindingDetails.parse((await phone.call('GET', `bindings/${bindingId}`)).body);
    expect(today.ordersLeft).toBe(0);
    world.clock.jump(86_400_000);
    await order();
  });

  it('hold for requests at the same moment', async () => {
    const store = new BindingStore(world.t.db, 'phones', new NumberSeal(testConfig().DATA_KEYS));
    const { clock, policy } = world;
    const limits = new DailyLimits({ store, find: async () => null, clock, policy });
    const binding = await store.get(bindingId, new Date(clock.now()));
    if (binding === null) throw new Error('There is no binding.');
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () => limits.reserve(binding, randomUUID(), 30_000)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });
});

describe('a household that came to another holder', () => {
  const list = async () => (await phone.call('GET', 'bindings')).body;
  beforeEach(async () => {
    world.orders.grid.holders.set(card.meterNo, 'A');
    // The grid begins to tell holders: the phone's is the one of today.
    await phone.call('GET', `bindings/${bindingId}`);
  });

  it('is taken off the phone that had it, and shows it nothing of the new one', async () => {
    expect((await phone.call('GET', `bindings/${bindingId}`)).status).toBe(200);
    world.orders.grid.holders.set(card.meterNo, 'B');
    const { status, body } = await phone.call('GET', `bindings/${bindingId}`);
    expect([status, body]).toMatchObject([404, { code: 'binding.not-found' }]);
    expect(await list()).toEqual({ bindings: [] });
  });

  it('takes no order from it either', async () => {
    world.orders.grid.holders.set(card.meterNo, 'B');
    const request = { bindingId, faceFen: 5000, idempotencyKey: randomUUID() };
    const { status, body } = await phone.call('POST', 'orders', request);
    expect([status, body]).toMatchObject([404, { code: 'binding.not-found' }]);
  });

  it('stays on a phone that bound it anew, with the digits of its meter', async () => {
    world.orders.grid.holders.set(card.meterNo, 'B');
    await phone.call('GET', `bindings/${bindingId}`);
    // A number gets a text a minute.
    world.clock.jump(61_000);
    await bind(phone, card);
    const customer = { meterTail: card.meterNo.slice(-4) };
    expect(await list()).toMatchObject({ bindings: [{ customer }] });
  });
});
