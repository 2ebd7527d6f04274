import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { NO_FAULTS } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';
import { overdueOf } from './motion.ts';

const MINUTE = 60_000;
/** As a server that was started by the time of its neighbour's zone, nearly. */
const AHEAD_MS = 10 * MINUTE;

let terminal: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let order: Order;
beforeAll(async () => {
  terminal = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  order = await world.offer(terminal, card, 'alipay');
});

/** Alipay knows of a code's payment only when a phone has scanned it. */
const pays = (): boolean => world.alipay.pay(order.payments[0]?.codeUrl ?? '');

/** Looked at by a server whose clock is ahead, while Alipay's is right. */
async function lookedAtAhead(): Promise<void> {
  const { query } = world.alipay;
  const right = new Date(world.clock.now());
  world.alipay.query = async (no) => {
    const said = await query.call(world.alipay, no);
    return said.status === 'not-found' ? { ...said, at: right } : said;
  };
  world.clock.jump(AHEAD_MS);
  await world.services.advancer.advance(order._id);
  world.clock.jump(-AHEAD_MS);
  world.alipay.query = query;
}

describe('a code that was never scanned', () => {
  it('ends with its time, its meter is free, and its channel is asked once more', async () => {
    let questions = 0;
    const { query } = world.alipay;
    world.alipay.query = (no) => {
      questions += 1;
      return query.call(world.alipay, no);
    };
    await world.pass(5 * MINUTE + 5_000, 1_000);
    const before = questions;
    expect(await world.now(order)).toMatchObject({ state: 'closed', closure: { reason: 'expired' } });
    await expect(world.order(terminal, card)).resolves.toMatchObject({ state: 'created' });
    await world.pass(2 * MINUTE, 1_000);
    expect(questions - before).toBe(1);
    const ended = await world.now(order);
    expect(ended).toMatchObject({ state: 'closed', payments: [{ status: 'closed' }], dueAt: null });
    expect(ended.payments[0]).not.toHaveProperty('lookAgainAt');
    expect(ended.events.map(({ name }) => name).slice(-3)).toEqual([
      ...['payment.closed', 'order.closed', 'payment.last-asked'],
    ]);
  });

  it('ends alone: a code of another wallet that was asked for later lives on', async () => {
    await world.pass(4 * MINUTE + 30_000, 10_000);
    await world.services.orders.createPayment(await world.now(order), 'wechat');
    await world.pass(40_000, 1_000);
    const both = await world.now(order);
    expect(both).toMatchObject({
      closure: { status: 'open' },
      payments: [{ status: 'closed' }, { status: 'pending' }],
    });
    expect(world.wechat.pay(both.payments[1]?.codeUrl ?? '')).toBe(true);
    await world.pass(2 * MINUTE, 1_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('is asked about until its channel’s clock is past it, where ours was ahead: paid after all, untold, it goes back', async () => {
    await lookedAtAhead();
    expect(await world.now(order)).toMatchObject({ state: 'closed', payments: [{ status: 'closed' }] });
    world.clock.jump(2 * MINUTE);
    expect(pays()).toBe(true);
    await world.pass(30 * MINUTE, 10_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', payments: [{ status: 'succeeded' }] });
  });

  it('is closed at its channel where it was scanned after our clock had ended it', async () => {
    await lookedAtAhead();
    world.clock.jump(MINUTE);
    world.alipay.scan(order.payments[0]?.codeUrl ?? '');
    await world.pass(20 * MINUTE, 10_000);
    expect(pays()).toBe(false);
    expect((await world.now(order)).payments[0]).not.toHaveProperty('lookAgainAt');
  });

  it('whose money of the last moment was not known yet is received late, and goes back', async () => {
    world.clock.jump(5 * MINUTE - 1_000);
    expect(pays()).toBe(true);
    world.alipay.lagMs = () => 20_000;
    await world.pass(2 * MINUTE, 1_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', payments: [{ status: 'succeeded' }] });
  });

  it('whose channel does not answer any more is told to a person, and still asked about', async () => {
    await world.pass(5 * MINUTE + 5_000, 1_000);
    world.alipay.fault = () => 'unavailable';
    await world.pass(2 * 60 * MINUTE, MINUTE);
    const silent = await world.now(order);
    expect(silent).toMatchObject({ state: 'closed', payments: [{ status: 'closed' }] });
    expect(overdueOf(silent, new Date(world.clock.now()), world.services.mover.policy)).toMatchObject([
      { fact: 'payment', no: silent.payments[0]?.no },
    ]);
    world.alipay.fault = NO_FAULTS;
    await world.pass(20 * MINUTE, MINUTE);
    expect(await world.now(order)).toMatchObject({ dueAt: null });
  });

  it('is over a day later whatever its channel’s clock says', async () => {
    const { query } = world.alipay;
    const stopped = new Date(world.clock.now());
    world.alipay.query = async (no) => {
      const said = await query.call(world.alipay, no);
      return said.status === 'not-found' ? { ...said, at: stopped } : said;
    };
    await world.pass(25 * 60 * MINUTE, MINUTE);
    const ended = await world.now(order);
    expect(ended).toMatchObject({ state: 'closed', dueAt: null });
    expect(ended.events.length).toBeLessThanOrEqual(8);
  });

  it('is closed by our clock alone where a channel does not tell its own', async () => {
    const { query } = world.alipay;
    world.alipay.query = async (no) => {
      const said = await query.call(world.alipay, no);
      return said.status === 'not-found' ? { ...said, at: null } : said;
    };
    await world.pass(7 * MINUTE, 5_000);
    expect((await world.now(order)).state).toBe('closed');
  });
});
