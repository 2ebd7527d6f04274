import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SealedPlan } from '@bianmin/shared/api/order';
import { GridError } from '../../gateways/grid/error.ts';
import { FAKE_CARD_CODE, plainPlan, type FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { staffReversalSent } from '../model/moves/staff.ts';
import type { Order } from '../model/order.ts';
import { provenBy } from '../model/proven.ts';

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

describe('a released plan', () => {
  it('can be opened by its terminal only, and is stored nowhere', async () => {
    const sealed = await release(a);
    expect(sealed).toMatchObject({ lease: 1, leaseMs: 120_000 });
    expect((await a.open(sealed)).orderNo).toBe(sold._id);
    await expect(b.open(sealed)).rejects.toThrow();
    const stored = JSON.stringify(await world.now(sold));
    expect(stored).not.toContain(sealed.sealed);
    expect(stored).not.toContain(FAKE_CARD_CODE);
  });

  it('goes out only after the grid has the return data', async () => {
    await release(a);
    const { calls } = world.grid;
    expect(calls.indexOf('returnData')).toBeGreaterThan(-1);
    expect(calls.indexOf('returnData')).toBeLessThan(calls.indexOf('writePlan'));
    expect((await world.now(sold)).sale.evidenceDigest).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('stays here when the meter proves the credit while the grid makes the plan', async () => {
    const plan = world.grid.writePlan.bind(world.grid);
    world.grid.writePlan = async (orderNo, image) => {
      const proof = { creditedCount: sold.count, now: new Date(world.clock.now()) };
      await world.services.mover.move(await world.now(sold), (order) => provenBy(order, proof));
      return plan(orderNo, image);
    };
    await expect(release(a)).rejects.toMatchObject({ code: 'order.already-written' });
    expect(await world.now(sold)).toMatchObject({ state: 'done', write: { status: 'written' } });
    await expect(release(a)).rejects.toMatchObject({ code: 'order.already-written' });
  });

  it('stays here when the sale is undone while the grid makes the plan, and calls nobody', async () => {
    const plan = world.grid.writePlan.bind(world.grid);
    world.grid.writePlan = async (orderNo, image) => {
      const { mover, sales } = world.services;
      const persons = { requestedBy: 'anna', approvedBy: 'boris', approval: 'a1', now: mover.now() };
      const sent = await mover.move(await world.now(sold), (order) => staffReversalSent(order, persons));
      await sales.reverse(sent.order);
      return plan(orderNo, image);
    };
    await expect(release(a)).rejects.toMatchObject({ code: 'grid.refused' });
    await world.pass(60_000, 10_000);
    expect(await world.now(sold)).toMatchObject({ state: 'refunded', attention: null });
  });

  it.each(['returnData', 'writePlan'])('stays here while the grid is silent to %s', async (operation) => {
    world.grid.fault = faultsOf({ [operation]: ['lost-answer'] });
    await expect(release(a)).rejects.toMatchObject({ code: 'grid.unavailable' });
    expect((await world.now(sold)).write.status).toBe('none');
    expect((await release(a)).lease).toBe(1);
  });

  it('is for one terminal until its lease runs out or it gives up', async () => {
    await world.identify(b, card);
    await release(a);
    world.clock.jump(25_000);
    // 120 s and the grace of 5 s, less what has passed.
    await expect(release(b)).rejects.toMatchObject({ code: 'order.leased-elsewhere', retryAfterS: 100 });
    const told = async (of: FakeTerminal): Promise<number | undefined> =>
      (await world.identify(of, card)).unfinished?.leasedMs;
    expect([await told(b), await told(a)]).toEqual([100_000, undefined]);
    expect((await release(a)).lease).toBe(2);
    await claim(a, 2, 'failed');
    expect((await world.now(sold)).state).toBe('write-failed');
    expect((await release(b)).lease).toBe(3);
    world.clock.jump(126_000);
    expect((await release(a)).lease).toBe(4);
  });

  it('says that an earlier release ended in silence, at whichever terminal the card is next, until it is written', async () => {
    const silence = async (sealed: SealedPlan, terminal: FakeTerminal) =>
      (await terminal.open(sealed)).afterSilence ?? false;
    expect(await silence(await release(a), a)).toBe(false);
    world.clock.jump(126_000);
    await world.identify(b, card);
    expect(await silence(await release(b), b)).toBe(true);
    await claim(b, 2, 'failed');
    expect(await silence(await release(a), a)).toBe(true);
    await claim(a, 3, 'written');
    expect(await silence(await release(a), a)).toBe(false);
    await claim(a, 4, 'failed');
    expect(await silence(await release(a), a)).toBe(false);
  });

  it('is one of two that are asked for at once', async () => {
    const both = await Promise.allSettled([release(a), release(b)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'order.leased-elsewhere' },
    });
  });

  it('is continued by its lease only', async () => {
    const { lease } = await release(a);
    const authorise = async (terminal: FakeTerminal, number: number) =>
      world.services.writes.authorise(await world.now(sold), terminal, {
        lease: number,
        stage: 1,
        gathered: { challenge: 'AA' },
      });
    world.clock.jump(20_000);
    expect((await authorise(a, lease)).leaseMs).toBe(100_000);
    const stale = { code: 'order.lease-stale' };
    await expect(authorise(a, lease + 1)).rejects.toMatchObject(stale);
    await expect(authorise(b, lease)).rejects.toMatchObject(stale);
    world.clock.jump(100_000);
    await expect(authorise(a, lease)).rejects.toMatchObject(stale);
  });

  it('is refused for another card', async () => {
    await expect(release(a, world.household())).rejects.toMatchObject({ code: 'card.changed' });
    expect((await world.now(sold)).write.status).toBe('none');
  });

  it('is good for a card that was in its meter since, if the grid finds it sound', async () => {
    card.write(plainPlan({ orderNo: 'x', serial: card.serial, count: 1, faceFen: 1 }));
    world.meterOf(card).insert(card);
    expect((await release(a)).lease).toBe(1);
  });

  it('is refused for a card that the grid finds damaged', async () => {
    card.write(plainPlan({ orderNo: 'x', serial: card.serial, count: 1, faceFen: 1 }));
    world.grid.identify = () =>
      Promise.reject(new GridError({ code: 'grid.refused', message: 'Damaged.', refusal: 'card-damaged' }));
    await expect(release(a)).rejects.toMatchObject({ code: 'card.damaged' });
    expect((await world.now(sold)).write.status).toBe('none');
  });

  it('is refused before the sale and after the order is over', async () => {
    const other = world.household();
    const open = await world.offer(a, other);
    const releaseOpen = async () =>
      world.services.writes.release(await world.now(open), a, { image: other.read() });
    await expect(releaseOpen()).rejects.toMatchObject({ code: 'order.not-sold' });
    await world.services.orders.cancel(open);
    await expect(releaseOpen()).rejects.toMatchObject({ code: 'order.closed' });
  });

  it('needs a person when the grid says that it never sold', async () => {
    await world.grid.reverse(sold._id);
    await expect(release(a)).rejects.toMatchObject({ code: 'grid.refused' });
    expect((await world.now(sold)).state).toBe('attention');
  });
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
