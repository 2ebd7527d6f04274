import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';

const PAYER = 'payer:p1';
const NEIGHBOUR = 'payer:p2';
const MINUTE = 60_000;

let world: OrderWorld;
let card: FakeCard;
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  world.grid.convert(card.meterNo);
});

const asked = (operation: string) => world.grid.calls.filter((each) => each === operation).length;
const account = () => world.grid.payments.balances.get(card.meterNo);
const buy = (more: { ownerId?: string; faceFen?: number; billNo?: string } = {}) =>
  world.services.remote.create({
    ...{ ownerId: PAYER, orgPath: ['province'], customerNo: world.customerOf(card) },
    ...{ faceFen: 5000, entry: 'phone', idempotencyKey: randomUUID() },
    ...more,
  });

describe('an order into an account', () => {
  it('ends in it, once and at once: no card, no count, no credit of its own', async () => {
    const done = await world.payFor(await buy());
    expect(done).toMatchObject({
      ...{ kind: 'account', state: 'done', count: 0, dueAt: null, write: { status: 'none' } },
      saleSlot: `collection-v1:account:${done._id}`,
      credit: { status: 'credited', balanceFen: 5000, supply: 'on' },
    });
    expect(world.view(done)).toMatchObject({
      kind: 'account',
      meter: { status: 'credited' },
      credit: { status: 'credited', balanceFen: 5000, supply: 'on' },
      choices: [],
    });
    expect(world.view(done).credit).not.toHaveProperty('count');
    expect(account()).toEqual({ balanceFen: 5000, creditedFen: 5000 });
    expect([asked('payAccount'), asked('sell'), asked('writePlan'), asked('remoteCredit')]).toEqual([
      1, 0, 0, 0,
    ]);
  });

  it('is described with what the account has, and nothing in its way', async () => {
    await buy({ ownerId: NEIGHBOUR });
    expect(await world.services.remote.describe(world.customerOf(card), PAYER)).toMatchObject({
      ...{ delivery: 'account', supply: 'on', blocked: null },
      meter: { balanceFen: 0, live: true },
    });
  });

  it('is one of several at a time: a neighbour pays while the household does', async () => {
    const [first, second] = [await buy(), await buy({ ownerId: NEIGHBOUR, faceFen: 3000 })];
    expect((await world.payFor(second)).state).toBe('done');
    expect((await world.payFor(first)).state).toBe('done');
    expect(account()?.creditedFen).toBe(8000);
  });

  it('gives way to another of its owner while it is unpaid', async () => {
    const first = await buy();
    await buy({ faceFen: 3000 });
    expect((await world.now(first)).closure).toMatchObject({ status: 'closed', reason: 'superseded' });
  });

  it('whose grid is silent is asked about and credited once', async () => {
    world.grid.fault = faultsOf({ payAccount: ['lost-answer'] });
    const order = await world.payFor(await buy());
    expect(order.sale.status).toBe('unknown');
    await world.pass(2 * MINUTE);
    expect(await world.now(order)).toMatchObject({ state: 'done', credit: { status: 'credited' } });
    expect([asked('payAccount'), account()?.creditedFen]).toEqual([1, 5000]);
  });

  it('that never reached the grid is buried and its money goes back, once', async () => {
    world.grid.fault = faultsOf({ payAccount: ['lost-request'] });
    const order = await world.payFor(await buy());
    await world.pass(10 * MINUTE, 10_000);
    const ended = await world.now(order);
    expect(ended).toMatchObject({ state: 'refunded', credit: { status: 'none' } });
    expect(ended.refunds).toMatchObject([{ reason: 'not-sold', fen: 5000, status: 'done' }]);
    expect(account()?.creditedFen).toBe(0);
  });

  it('that the grid refuses is given back', async () => {
    const order = await buy();
    world.grid.payments.balances.delete(card.meterNo);
    const ended = await world.payFor(order);
    expect(ended.refunds).toMatchObject([{ reason: 'not-sold' }]);
    expect(ended.sale).toMatchObject({ status: 'rejected', reason: 'no-account' });
  });

  it('takes no amount beyond the limits', async () => {
    await expect(buy({ faceFen: 50_100 })).rejects.toMatchObject({ code: 'order.amount-out-of-range' });
  });

  it('is made by its old card at a kiosk too, and is for no card', async () => {
    const terminal = await fakeTerminal('T1');
    const known = await world.identify(terminal, card);
    expect(known).toMatchObject({ delivery: 'account', supply: 'on', blocked: null, unfinished: null });
    const done = await world.payFor(await world.order(terminal, card));
    expect(done).toMatchObject({ kind: 'account', state: 'done' });
    expect((await world.identify(terminal, card)).unfinished).toBeNull();
  });
});

describe('a month’s bill', () => {
  it('is paid as a whole by one order, and not again', async () => {
    const billNo = world.grid.payments.bill(card.meterNo, 8_640);
    const { bills } = await world.services.remote.describe(world.customerOf(card), PAYER);
    expect(bills).toMatchObject([{ billNo, period: '2026-10', dueFen: 8_640, partly: false }]);
    const done = await world.payFor(await buy({ billNo, faceFen: 8_640 }));
    expect(done).toMatchObject({
      ...{ kind: 'account', state: 'done', bill: { no: billNo, period: '2026-10', whole: true } },
      ...{ saleSlot: `collection-v1:bill:${billNo}`, sale: { creditFen: 0, arrearsFen: 8_640 } },
    });
    expect(world.view(done)).toMatchObject({ bill: { period: '2026-10' } });
    expect(account()?.creditedFen).toBe(0);
    await expect(buy({ billNo, faceFen: 8_640 })).rejects.toMatchObject({ code: 'bill.not-due' });
  });

  it('takes neither less nor more, unless it may be paid in parts', async () => {
    const [whole, partly] = [
      world.grid.payments.bill(card.meterNo, 8_640),
      world.grid.payments.bill(card.meterNo, 8_640, true),
    ];
    const refused = { code: 'order.amount-out-of-range' };
    await expect(buy({ billNo: whole, faceFen: 8_600 })).rejects.toMatchObject(refused);
    for (const faceFen of [8_641, 8_639, 50, 8_700]) {
      await expect(buy({ billNo: partly, faceFen })).rejects.toMatchObject(refused);
    }
    const part = await world.payFor(await buy({ billNo: partly, faceFen: 8_600 }));
    expect(part).toMatchObject({ state: 'done', saleSlot: `collection-v1:account:${part._id}` });
    expect((await world.payFor(await buy({ billNo: partly, faceFen: 40 }))).state).toBe('done');
  });

  it('is not paid by two phones: the second is told, or has its money back', async () => {
    const billNo = world.grid.payments.bill(card.meterNo, 8_640);
    const first = await buy({ billNo, faceFen: 8_640 });
    await expect(buy({ ownerId: NEIGHBOUR, billNo, faceFen: 8_640 })).rejects.toMatchObject({
      ...{ code: 'meter.order-open', orderNo: first._id },
    });
    // Another of the household's own is in nobody's way.
    await buy({ ownerId: NEIGHBOUR });
  });

  it('of a card’s household is paid as well', async () => {
    const other = world.household();
    const billNo = world.grid.payments.bill(other.meterNo, 8_640);
    const terminal = await fakeTerminal('T1');
    const known = await world.identify(terminal, other);
    expect(known).toMatchObject({ bills: [{ billNo }] });
    expect(known).not.toHaveProperty('delivery');
    const order = await world.services.orders.create(terminal, {
      ...{ idempotencyKey: randomUUID(), cardSession: known.cardSession, faceFen: 8_640, entry: 'kiosk' },
      billNo,
    });
    expect(await world.payFor(order)).toMatchObject({ kind: 'account', state: 'done' });
    expect(world.meterOf(other).creditedFen).toBe(0);
  });
});
