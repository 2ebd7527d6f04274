import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SealedPlan } from '@bianmin/purchase/api/order';
import { FAKE_CARD_CODE, type FakeCard } from '../../testing/fake-card.ts';
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

  it('stays here when the sale is undone while the grid makes the plan, and calls no person', async () => {
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
});
