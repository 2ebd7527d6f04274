import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { faultsOf } from '../../testing/faults.ts';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
beforeAll(async () => {
  [a, b] = [await fakeTerminal('kiosk-a'), await fakeTerminal('kiosk-b')];
});
beforeEach(async () => {
  world = await OrderWorld.open();
});

describe('a purchase', () => {
  it('ends with the meter crediting exactly what was paid, once', async () => {
    const card = world.household();
    const sold = await world.paid(a, card);
    expect(sold.state).toBe('sold');
    expect(world.view(sold).receiptCode).toMatch(/^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/u);
    expect(world.view(sold).sale).toEqual({ creditFen: 5000, arrearsFen: 0, feeFen: 0, count: sold.count });
    const done = await world.write(a, card, sold);
    expect(done.state).toBe('done');
    expect(done.write.confirmed).toBe(true);
    expect(done.dueAt).toBeNull();
    expect(world.meterOf(card).insert(card)).toBe(5000);
    expect(world.meterOf(card).insert(card)).toBe(0);
  });

  it('shows a household masked, and never a name, address or number', async () => {
    const answer = await world.identify(a, world.household());
    expect(answer.customer).toEqual({
      name: '张*',
      address: '天山区**小区3号楼',
      customerNo: '****0001',
    });
    expect(answer).toMatchObject({ blocked: null, unfinished: null });
    expect(answer.limits).toEqual({
      minFen: 100,
      maxFen: 50_000,
      stepFen: 100,
      presetsFen: [5000, 10_000, 20_000],
    });
  });

  it('is one order for one idempotency key, and refuses the key for anything else', async () => {
    const card = world.household();
    const { cardSession } = await world.identify(a, card);
    const request = { idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' } as const;
    const create = (over: object) => world.services.orders.create(a, { ...request, ...over });
    const [one, two] = await Promise.all([create({}), create({})]);
    expect(two._id).toBe(one._id);
    await expect(create({ faceFen: 6000 })).rejects.toMatchObject({ code: 'order.idempotency-mismatch' });
  });

  it.each([0, 50, 150, 60_000])('is refused for %i fen', async (faceFen) => {
    await expect(world.order(a, world.household(), faceFen)).rejects.toMatchObject({
      code: 'order.amount-out-of-range',
    });
  });

  it("needs this terminal's own reading of the card, not older than ten minutes", async () => {
    const { cardSession } = await world.identify(a, world.household());
    const request = { idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' } as const;
    const expired = { code: 'card.session-expired' };
    await expect(world.services.orders.create(b, request)).rejects.toMatchObject(expired);
    world.clock.jump(600_000);
    await expect(world.services.orders.create(a, request)).rejects.toMatchObject(expired);
  });

  it('is refused before any money moves while the last one is not in the meter', async () => {
    const card = world.household();
    const session = await world.identify(a, card);
    await world.write(a, card, await world.paid(a, card));
    expect((await world.identify(a, card)).blocked).toBe('meter.previous-not-inserted');
    await expect(world.order(a, card)).rejects.toMatchObject({ code: 'meter.previous-not-inserted' });
    // Also with a reading from before the sale.
    const request = { idempotencyKey: randomUUID(), ...session, faceFen: 5000, entry: 'kiosk' } as const;
    await expect(world.services.orders.create(a, request)).rejects.toMatchObject({
      code: 'meter.previous-not-inserted',
    });
    world.meterOf(card).insert(card);
    expect((await world.identify(a, card)).blocked).toBeNull();
    expect((await world.paid(a, card)).state).toBe('sold');
  });

  it("is hidden from other terminals, unless they hold the order's card", async () => {
    const card = world.household();
    const sold = await world.paid(a, card);
    const get = () => world.services.orders.get(b.terminalId, sold._id);
    await expect(get()).rejects.toMatchObject({ code: 'order.not-found' });
    await world.identify(b, card);
    expect((await get())._id).toBe(sold._id);
  });
});

describe('two kiosks with one card', () => {
  it('make one order when they begin at the same moment', async () => {
    const card = world.household();
    const both = await Promise.allSettled([world.order(a, card), world.order(b, card.clone())]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'meter.order-open' },
    });
  });

  it('find the card busy while a code is out at the other', async () => {
    const card = world.household();
    const order = await world.offer(a, card);
    const answer = await world.identify(b, card.clone());
    expect(answer).toMatchObject({ blocked: 'meter.order-open', unfinished: null });
    await expect(world.order(b, card)).rejects.toMatchObject({
      code: 'meter.order-open',
      orderNo: order._id,
    });
  });

  it('sell once even if both were paid: the second money goes back', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    await world.services.orders.cancel(first);
    const other = await world.offer(b, card);
    // The first payer's money arrives although the channel had closed it.
    world.wechat.payRegardless(`${first._id}p1`);
    world.wechat.pay(other.payments[0]?.codeUrl ?? '');
    await world.notify(`${first._id}p1`);
    await world.notify(`${other._id}p1`);
    await world.work();
    expect((await world.now(other)).state).toBe('sold');
    const late = await world.now(first);
    expect(late.state).toBe('refunded');
    expect(late.refunds[0]).toMatchObject({ reason: 'late-payment', no: `${first._id}p1r2` });
    expect(world.grid.carriedOut).toEqual([other._id]);
  });

  it('cannot sell one count twice: the order that finds the slot taken is refunded', async () => {
    const card = world.household();
    const first = await world.paid(a, card);
    const stray = { ...(await world.now(first)), _id: '260101000000000009', idempotencyKey: 'stray' };
    const unpaid = { ...stray, payments: [], sale: { status: 'none' }, saleSlot: null, version: 1 } as const;
    await world.services.store.insert({ ...unpaid, state: 'created', dueAt: null });
    const order = await world.services.orders.createPayment(await world.now(stray), 'wechat');
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${stray._id}p1`);
    await world.work();
    const refunded = await world.now(stray);
    expect(refunded).toMatchObject({ state: 'refunded', sale: { status: 'rejected', reason: 'slot-taken' } });
    expect(world.grid.carriedOut).toEqual([first._id]);
  });
});

describe('paying', () => {
  it('gives the same code while it can be paid', async () => {
    const order = await world.offer(a, world.household());
    const again = await world.services.orders.createPayment(order, 'wechat');
    expect(again.payments).toEqual(order.payments);
  });

  it('closes an order whose code ran out, on the evidence of the channel', async () => {
    const order = await world.offer(a, world.household());
    await world.pass(299_000, 13_000);
    expect((await world.now(order)).state).toBe('paying');
    await world.pass(5_000);
    const closed = await world.now(order);
    expect(closed).toMatchObject({ state: 'closed', closure: { reason: 'expired' }, dueAt: null });
    expect(closed.payments[0]).toMatchObject({ status: 'closed', codeUrl: null });
    expect(world.wechat.trades.get(`${order._id}p1`)?.closed).toBe(true);
  });

  it('does not close an expired code while the channel is silent', async () => {
    const order = await world.offer(a, world.household());
    world.wechat.fault = (operation) => (operation === 'wechat.close' ? 'lost-request' : 'none');
    await world.pass(310_000, 5_000);
    expect((await world.now(order)).state).toBe('paying');
    world.wechat.fault = () => 'none';
    await world.pass(60_000, 5_000);
    expect((await world.now(order)).state).toBe('closed');
  });

  it('closes an order that never had a code', async () => {
    const order = await world.order(a, world.household());
    await world.pass(302_000, 2_000);
    expect((await world.now(order)).state).toBe('closed');
  });

  it('goes on when the order was paid in the moment of cancelling', async () => {
    const order = await world.offer(a, world.household());
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    expect((await world.services.orders.cancel(order)).state).toBe('sold');
  });

  it('takes a cancelled order no further, and gives the money back that comes late', async () => {
    const order = await world.offer(a, world.household());
    const closed = await world.services.orders.cancel(order);
    expect(closed.state).toBe('closed');
    await expect(world.services.orders.createPayment(closed, 'wechat')).rejects.toMatchObject({
      code: 'order.closed',
    });
    world.wechat.payRegardless(`${order._id}p1`);
    await world.notify(`${order._id}p1`);
    await world.work();
    expect((await world.now(order)).state).toBe('refunded');
    expect(world.grid.carriedOut).toEqual([]);
  });

  it('needs no notification: the channel is asked', async () => {
    const order = await world.offer(a, world.household());
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.pass(12_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('needs no job: the sweeper is enough', async () => {
    world.trigger.copies = () => 0;
    const order = await world.offer(a, world.household());
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${order._id}p1`);
    await world.pass(302_000, 2_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('gives the money of a second channel back by itself', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    const both = await world.services.orders.createPayment(first, 'alipay');
    world.wechat.pay(both.payments[0]?.codeUrl ?? '');
    world.alipay.pay(both.payments[1]?.codeUrl ?? '');
    await world.notify(`${first._id}p1`);
    await world.pass(5_000);
    const order = await world.now(first);
    expect(order.state).toBe('sold');
    expect(order.refunds).toMatchObject([
      { no: `${first._id}p2r1`, status: 'done', reason: 'double-payment' },
    ]);
    expect(world.alipay.refunds.size).toBe(1);
    expect(world.wechat.refunds.size).toBe(0);
  });

  it('gives the second transaction on one number back, by its own transaction', async () => {
    const order = await world.offer(a, world.household());
    const no = `${order._id}p1`;
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    world.wechat.payRegardless(no);
    await world.notify(no);
    await world.notify(no);
    await world.work();
    const now = await world.now(order);
    expect(now.state).toBe('sold');
    const extra = world.wechat.trades.get(no)?.transactions[1];
    expect([...world.wechat.refunds.values()]).toMatchObject([
      { refundNo: `${no}x1r1`, transactionId: extra?.id, fen: 5000, status: 'done' },
    ]);
  });

  it('asks about a code that it did not get, and asks for it again under the same number', async () => {
    world.wechat.fault = faultsOf({ 'wechat.create': ['lost-answer', 'lost-answer'] });
    const order = await world.offer(a, world.household());
    expect(order.payments).toMatchObject([{ status: 'unknown', codeUrl: null }]);
    await world.pass(3_000);
    expect((await world.now(order)).payments).toMatchObject([{ no: `${order._id}p1`, status: 'pending' }]);
  });

  it('says so when the channel cannot be reached, and lets the payer try again', async () => {
    world.wechat.fault = faultsOf({ 'wechat.create': ['unavailable'] });
    const order = await world.order(a, world.household());
    const pay = async () => world.services.orders.createPayment(await world.now(order), 'wechat');
    await expect(pay()).rejects.toMatchObject({ code: 'payment.channel-unavailable' });
    expect((await pay()).payments.map(({ status }) => status)).toEqual(['closed', 'pending']);
    await expect(world.services.orders.createPayment(order, 'bestpay')).rejects.toMatchObject({
      code: 'payment.channel-unavailable',
    });
  });

  it('lets the next order on the same terminal take the place of one that nobody paid', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    const second = await world.offer(a, card);
    expect(second.state).toBe('paying');
    expect(await world.now(first)).toMatchObject({ state: 'closed', closure: { reason: 'superseded' } });
  });

  it('does not let it while that one was in fact paid', async () => {
    const card = world.household();
    const first = await world.offer(a, card);
    world.wechat.pay(first.payments[0]?.codeUrl ?? '');
    await expect(world.order(a, card)).rejects.toMatchObject({
      code: 'meter.order-open',
      orderNo: first._id,
    });
    expect((await world.now(first)).state).toBe('sold');
  });
});
