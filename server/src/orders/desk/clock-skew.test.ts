import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { clockSet } from '../model/moves/clock.ts';
import { longestWaitMs } from '../model/policy.ts';

/** A server that starts by the time of its zone as if it were UTC. */
const AHEAD_MS = 8 * 3_600_000;

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let longestMs: number;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
  b = await fakeTerminal('kiosk-b');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  longestMs = longestWaitMs(world.services.mover.policy);
});

/** Done by a server whose clock is ahead; then its clock is right again. */
async function ahead<T>(work: () => Promise<T>): Promise<T> {
  world.clock.jump(AHEAD_MS);
  try {
    return await work();
  } finally {
    world.clock.jump(-AHEAD_MS);
  }
}

/** Twice the longest wait: to see that it is put off, and that it stays so. */
const pass = () => world.pass(longestMs + 20_000, 10_000);

describe('orders that a clock ahead put off', () => {
  it('go on when they have been seen so for longer than any order waits: a sale without an answer', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-answer'] });
    const order = await ahead(() => world.paid(a, card));
    expect(order.sale.status).toBe('unknown');
    await world.pass(60_000, 10_000);
    expect((await world.now(order)).sale.status).toBe('unknown');
    await pass();
    const sold = await world.now(order);
    expect(sold).toMatchObject({ state: 'sold' });
    expect(sold.events.map(({ name }) => name)).toContain('order.clock-set');
    await world.write(a, card, sold);
    expect(world.meterOf(card).insert(card)).toBe(5000);
  });

  it('and money that is owed', async () => {
    const order = await world.offer(a, card);
    await world.services.orders.cancel(order);
    world.wechat.fault = faultsOf({ 'wechat.refund': ['lost-request'] });
    await ahead(async () => {
      world.wechat.payRegardless(`${order._id}p1`);
      await world.notify(`${order._id}p1`);
      await world.work();
    });
    expect(await world.now(order)).toMatchObject({ state: 'refunding', refunds: [{ status: 'unknown' }] });
    await world.pass(60_000, 10_000);
    expect((await world.now(order)).state).toBe('refunding');
    await pass();
    expect((await world.now(order)).state).toBe('refunded');
  });

  it('end where they cannot be paid, and block no other order', async () => {
    const order = await ahead(() => world.order(a, card));
    await expect(world.order(b, card)).rejects.toMatchObject({ code: 'meter.order-open' });
    await pass();
    expect(await world.now(order)).toMatchObject({ state: 'closed', closure: { reason: 'expired' } });
    expect((await world.payFor(await world.order(b, card))).state).toBe('sold');
  });

  it('close a code that would be good for hours, on the channel’s evidence', async () => {
    const order = await ahead(() => world.offer(a, card));
    await pass();
    expect(await world.now(order)).toMatchObject({ state: 'closed', payments: [{ status: 'closed' }] });
  });

  it('are left alone where they only seem put off, to one whose clock is behind, and others look after them', async () => {
    const order = await world.offer(a, card);
    world.clock.jump(-AHEAD_MS);
    const { clockSkew, mover } = world.services;
    expect(await clockSkew.sweep()).toBe(1);
    world.clock.jump(longestMs - 1);
    // A process whose clock is right moves it.
    await mover.move(await world.now(order), () => ({
      set: {},
      events: [{ name: 'payment.pending', by: 'channel' }],
    }));
    world.clock.jump(2);
    expect(await clockSkew.sweep()).toBe(1);
    expect((await world.now(order)).events.map(({ name }) => name)).not.toContain('order.clock-set');
  });

  it('have nothing set where all times have come', async () => {
    const sold = await world.paid(a, card);
    expect(clockSet(sold, new Date(world.clock.now() + longestMs))).toBeUndefined();
  });
});

describe('what grid and channels say', () => {
  it('stays, however far ahead', async () => {
    const sold = await ahead(() => world.paid(a, card));
    const set = clockSet(sold, new Date(world.clock.now()))?.set;
    expect(set?.payments?.[0]).toMatchObject({
      paidAt: sold.payments[0]?.paidAt,
      expiresAt: new Date(world.clock.now()),
    });
  });
});
