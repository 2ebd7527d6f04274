import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

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

describe('a code that nobody has scanned', () => {
  it('ends when it is long over, with few questions', async () => {
    let questions = 0;
    const { query } = world.alipay;
    world.alipay.query = (no) => {
      questions += 1;
      return query.call(world.alipay, no);
    };
    await world.pass(5 * MINUTE + 30_000, 1_000);
    expect(await world.now(order)).toMatchObject({ closure: { status: 'asked', reason: 'expired' } });
    await world.pass(90_000, 1_000);
    const ended = await world.now(order);
    expect(ended).toMatchObject({ state: 'closed', closure: { reason: 'expired' } });
    expect(ended.payments).toMatchObject([{ status: 'closed' }]);
    expect(questions).toBeLessThanOrEqual(30);
    expect(ended.events.length).toBeLessThanOrEqual(12);
  });

  it('is not closed by a clock that is ahead: paid after all, untold, it is found and sold', async () => {
    await lookedAtAhead();
    expect(await world.now(order)).toMatchObject({ payments: [{ status: 'pending' }] });
    world.clock.jump(2 * MINUTE);
    expect(pays()).toBe(true);
    await world.pass(20 * MINUTE, 10_000);
    expect((await world.now(order)).state).toBe('sold');
  });

  it('is not closed while money of its last moment may be unknown yet', async () => {
    world.clock.jump(5 * MINUTE - 1_000);
    expect(pays()).toBe(true);
    world.alipay.lagMs = () => 20_000;
    await world.pass(2 * MINUTE, 1_000);
    expect((await world.now(order)).state).toBe('sold');
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
