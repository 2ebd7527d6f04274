import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { Order } from '../model/order.ts';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let sold: Order;
beforeAll(async () => {
  [a, b] = [await fakeTerminal('kiosk-a'), await fakeTerminal('kiosk-b')];
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
  sold = await world.paid(a, card);
});

const release = async (terminal: FakeTerminal, from = card) =>
  world.services.writes.release(await world.now(sold), terminal, { image: from.read() });
const claim = async (terminal: FakeTerminal, lease: number, result: 'written' | 'failed' = 'written') =>
  world.services.writes.claim(await world.now(sold), terminal.terminalId, {
    lease,
    result,
    ...(result === 'written' ? { imageDigest: 'c'.repeat(64) } : { reason: 'reader.gone' }),
  });

describe('a card pulled out while it is written', () => {
  it('is offered its write on this or another kiosk, and the meter credits once', async () => {
    for (let cut = 0; cut <= 12; cut += 1) {
      const torn = world.household();
      const order = await world.paid(a, torn);
      const sealed = await world.services.writes.release(order, a, { image: torn.read() });
      torn.write(await a.open(sealed), cut);
      const terminal = cut % 2 === 0 ? a : b;
      world.clock.jump(126_000);
      const answer = await world.identify(terminal, torn);
      expect(answer.blocked, `cut at ${cut}`).toBe('meter.order-open');
      expect(answer.unfinished).toMatchObject({ orderNo: order._id, state: 'writing' });
      await world.write(terminal, torn, order);
      expect(world.meterOf(torn).insert(torn)).toBe(5000);
      expect(world.meterOf(torn).insert(torn)).toBe(0);
    }
  });

  it('whose claim never came is over once the meter shows that it credited it', async () => {
    const sealed = await release(a);
    card.write(await a.open(sealed));
    world.meterOf(card).insert(card);
    const answer = await world.identify(b, card);
    expect(answer).toMatchObject({ blocked: null, unfinished: null });
    expect((await world.now(sold)).state).toBe('done');
    expect((await claim(a, sealed.lease)).state).toBe('done');
    await world.pass(5_000);
    expect(world.grid.sales.get(sold._id)?.confirmed).toBe(true);
  });

  it('moves no money by itself, however long it stays away', async () => {
    await release(a);
    await world.pass(86_400_000, 3_600_000);
    expect(await world.now(sold)).toMatchObject({ state: 'writing', refunds: [], dueAt: null });
    expect(world.grid.calls).not.toContain('reverse');
  });
});

describe('a claim', () => {
  it('may be repeated, and tells the grid once', async () => {
    const { lease } = await release(a);
    const first = await claim(a, lease);
    expect(first.state).toBe('done');
    expect((await claim(a, lease)).version).toBe(first.version);
    expect(world.grid.calls.filter((operation) => operation === 'confirmWrite')).toHaveLength(1);
  });

  it('of a stale lease, of another terminal, or against what was claimed is refused', async () => {
    await release(a);
    const { lease } = await release(a);
    const stale = { code: 'order.lease-stale' };
    await expect(claim(a, lease - 1)).rejects.toMatchObject(stale);
    await expect(claim(b, lease)).rejects.toMatchObject(stale);
    await claim(a, lease);
    await expect(claim(a, lease, 'failed')).rejects.toMatchObject(stale);
    expect((await world.now(sold)).state).toBe('done');
  });

  it('is acknowledged although the grid is silent, and delivered to it later', async () => {
    const { lease } = await release(a);
    world.grid.fault = faultsOf({ confirmWrite: ['lost-request', 'lost-request', 'lost-answer'] });
    expect(await claim(a, lease)).toMatchObject({ state: 'done', write: { confirmed: false } });
    await world.pass(60_000);
    expect(await world.now(sold)).toMatchObject({ write: { confirmed: true }, dueAt: null });
    expect(world.grid.sales.get(sold._id)?.confirmed).toBe(true);
  });

  it('of a card that comes back with the old count opens the write again', async () => {
    const old = card.clone();
    const { lease } = await release(a);
    await claim(a, lease);
    const answer = await world.identify(b, old);
    expect(answer.unfinished).toMatchObject({ orderNo: sold._id, state: 'done' });
    await world.write(b, old, sold);
    expect(world.meterOf(old).insert(old)).toBe(5000);
    await expect(release(b, old)).rejects.toMatchObject({ code: 'order.already-written' });
  });

  it('of a card that carries the sale keeps it closed', async () => {
    await world.write(a, card, sold);
    expect((await world.identify(a, card)).unfinished).toBeNull();
    await expect(release(a)).rejects.toMatchObject({ code: 'order.already-written' });
  });
});
