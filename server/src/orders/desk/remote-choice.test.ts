import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { CaseReport } from '../model/case-sink.ts';
import type { Order } from '../model/order.ts';

const PAYER = 'payer:p1';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let cases: CaseReport[];
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
  b = await fakeTerminal('kiosk-b');
});
beforeEach(async () => {
  cases = [];
  world = await OrderWorld.open({
    cases: { open: (report) => Promise.resolve(void cases.push(report)) },
  });
  card = world.household();
});

const balance = () => world.meterOf(card).balanceFen;

/** A remote order whose meter cannot be reached any more. */
async function failed(): Promise<Order> {
  const order = await world.remoteOrder(PAYER, card);
  world.grid.credits.link(card.meterNo, 'dead');
  return world.payFor(order);
}

describe('a credit that failed for good', () => {
  it('waits for the choice, and keeps cards, refunds and other orders out meanwhile', async () => {
    const order = await failed();
    expect(order).toMatchObject({ state: 'credit-failed', dueAt: null });
    expect(world.view(order).choices).toEqual(['card', 'refund']);
    await world.pass(600_000, 30_000);
    expect((await world.now(order)).state).toBe('credit-failed');
    // The holder of the card may have it written; money goes back only where it was paid.
    expect(await world.identify(a, card)).toMatchObject({
      blocked: 'meter.order-open',
      unfinished: { orderNo: order._id, state: 'credit-failed', choices: ['card'] },
    });
    await expect(world.write(a, card, order)).rejects.toMatchObject({ code: 'order.not-for-card' });
    expect(world.wechat.refunds.size).toBe(0);
  });

  it('goes onto the card by choice, on any terminal that holds it', async () => {
    const order = await failed();
    const chosen = await world.services.remote.choose(order, 'card');
    expect(chosen).toMatchObject({ state: 'sold', fallback: 'card' });
    expect(await world.services.remote.choose(chosen, 'card')).toBe(chosen);
    expect((await world.identify(b, card)).unfinished).toMatchObject({ orderNo: order._id, kind: 'remote' });
    const done = await world.write(b, card, order);
    expect(done).toMatchObject({ state: 'done', credit: { status: 'failed' }, watchers: [PAYER, 'kiosk-b'] });
    expect(world.meterOf(card).insert(card)).toBe(5000);
    expect(balance()).toBe(5000);
  });

  it('goes back by choice, once the grid has undone the sale', async () => {
    const order = await failed();
    world.grid.fault = faultsOf({ reverse: ['lost-answer'] });
    const chosen = await world.services.remote.choose(order, 'refund');
    expect(chosen).toMatchObject({ state: 'refunding', refunds: [] });
    expect(world.view(chosen).refund).toEqual({ fen: 5000, status: 'requested', reason: 'not-credited' });
    await expect(world.services.remote.choose(chosen, 'card')).rejects.toMatchObject({
      code: 'order.no-choice',
    });
    await world.pass(120_000, 2_000);
    expect(await world.now(order)).toMatchObject({
      state: 'refunded',
      reversal: { status: 'reversed' },
      saleSlot: null,
      dueAt: null,
    });
    expect([...world.wechat.refunds.keys()]).toEqual([`${order._id}p1r5`]);
    expect(balance()).toBe(0);
    // The count is free again, for the card.
    const next = await world.write(a, card, await world.paid(a, card));
    expect(next).toMatchObject({ state: 'done', count: 2 });
    expect(world.meterOf(card).insert(card)).toBe(5000);
  });

  it('may still go back after the card was chosen, but not once a plan is out', async () => {
    const { remote } = world.services;
    const first = await remote.choose(await failed(), 'card');
    expect(world.view(first).choices).toEqual(['refund']);
    expect((await remote.choose(first, 'refund')).fallback).toBe('refund');
    await world.pass(60_000, 2_000);
    expect((await world.now(first)).state).toBe('refunded');

    card = world.household();
    const second = await remote.choose(await failed(), 'card');
    await world.identify(a, card);
    const order = await world.services.orders.get(a.terminalId, second._id);
    await world.services.writes.release(order, a, { image: card.read() });
    await expect(remote.choose(second, 'refund')).rejects.toMatchObject({ code: 'order.no-choice' });
  });

  it('has one choice when both are made at once', async () => {
    const order = await failed();
    const { remote } = world.services;
    await Promise.allSettled([remote.choose(order, 'refund'), remote.choose(order, 'card')]);
    expect((await world.now(order)).fallback).toBe('refund');
    await world.pass(60_000, 2_000);
    expect((await world.now(order)).state).toBe('refunded');
  });

  it('needs a person when the grid does not undo the sale: no money goes back', async () => {
    const order = await failed();
    world.grid.reverse = () => Promise.resolve({ status: 'refused', reason: 'day-over' });
    const chosen = await world.services.remote.choose(order, 'refund');
    expect(chosen).toMatchObject({ state: 'attention', attention: 'reversal-refused' });
    await world.pass(60_000, 2_000);
    expect(world.wechat.refunds.size).toBe(0);
  });

  it('ends by itself when the meter has it after all, and is a case', async () => {
    const order = await failed();
    world.meterOf(card).count = 2;
    world.meterOf(card).balanceFen += 5000;
    card.noteCredited(2);
    expect(await world.identify(a, card)).toMatchObject({ unfinished: null, blocked: null });
    expect(await world.now(order)).toMatchObject({ state: 'done', credit: { status: 'credited' } });
    expect(cases).toMatchObject([
      { kind: 'claim-contradicted', orderNo: order._id, key: 'credit', facts: { claim: 'credit-failed' } },
    ]);
  });
});
