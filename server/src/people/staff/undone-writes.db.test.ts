import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { isInMeter } from '../../orders/model/moves/meter.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { ANNA, HERE, StaffWorld } from '../../testing/staff-world.ts';
import { againstCard, againstReversing } from './reversal-checks.ts';

let t: TestContext;
let w: StaffWorld;
let card: FakeCard;
let order: Order;
let kiosk: FakeTerminal;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  w.world.grid.cancelsWritten = true;
  kiosk = await fakeTerminal('kiosk-a');
  card = w.world.household();
  order = await w.world.write(kiosk, card, await w.world.paid(kiosk, card));
});

const ask = async () =>
  w.staff.reversals.request(
    { orderNo: order._id, nonce: await w.read(order._id, card), reason: 'Bought for the wrong flat.' },
    ...([ANNA, HERE] as const),
  );
const allowed = async () => {
  expect(await w.allow(await ask())).toMatchObject({ status: 'done' });
  return w.now(order);
};
const release = async (terminal = w.kiosk, of = card) =>
  w.world.services.undos.release(await w.now(order), terminal, of.read());
const claim = async (lease: number, terminal = w.kiosk, result: 'written' | 'failed' = 'written') =>
  w.world.services.writes.claim(await w.now(order), terminal.terminalId, {
    ...{ lease, result },
    ...(result === 'written' ? { imageDigest: card.digest() } : { reason: 'meter-card.locked' }),
  });
/** Allowed, taken off the card, and claimed. */
async function takenOff(): Promise<Order> {
  await allowed();
  const sealed = await release();
  card.write(await w.kiosk.open(sealed));
  return claim(sealed.lease);
}
const given = () => [...w.world.wechat.refunds.values()].map(({ fen }) => fen);

describe('a sale on its card, undone by two persons with the card', () => {
  it('is taken off, undone by the grid, and refunded; its meter has nothing', async () => {
    const before = await allowed();
    expect(before).toMatchObject({
      state: 'done',
      undo: { status: 'allowed' },
      reversal: { status: 'none' },
    });
    await w.world.pass(60_000, 10_000);
    expect(given()).toEqual([]);
    const sealed = await release();
    const plan = await w.kiosk.open(sealed);
    expect(plan).toMatchObject({ kind: 'undo', orderNo: order._id });
    card.write(plan);
    expect(card.fields).toMatchObject({ count: order.count - 1, amountFen: 0 });
    await claim(sealed.lease);
    await w.world.pass(5_000);
    const after = await w.now(order);
    expect(after).toMatchObject({ state: 'refunded', sale: { status: 'rejected' }, undo: { status: 'off' } });
    expect(after.refunds).toMatchObject([
      { reason: 'requested', status: 'done', fen: 5000, requestedBy: 'anna', approvedBy: 'boris' },
    ]);
    expect(w.world.grid.calls).not.toContain('reverse');
    expect(w.world.grid.sales.get(order._id)?.status).toBe('reversed');
    expect(w.world.meterOf(card).insert(card)).toBe(0);
    expect(given()).toEqual([5000]);
    expect(after.events.map(({ name }) => name).slice(-9)).toEqual([
      ...(['undo.allowed', 'undo.released', 'undo.off', 'reversal.sent', 'reversal.reversed'] as const),
      ...(['sale.undone', 'refund.approved', 'refund.sent', 'refund.done'] as const),
    ]);
  });

  it('is claimed once, however often, and by its own terminal alone', async () => {
    await allowed();
    const sealed = await release();
    card.write(await w.kiosk.open(sealed));
    expect(await codeOf(claim(sealed.lease, kiosk))).toBe('order.lease-stale');
    await claim(sealed.lease);
    await claim(sealed.lease);
    expect(w.world.grid.calls.filter((call) => call === 'confirmCancel')).toHaveLength(1);
    expect(await codeOf(claim(sealed.lease, w.kiosk, 'failed'))).toBe('order.lease-stale');
  });

  it('is carried out once, however often the approval runs', async () => {
    await allowed();
    await t.db
      .collection('approvals')
      .updateOne({}, { $set: { status: 'accepted' }, $unset: { runUntil: 1 } });
    expect(await w.access.approvals.resume(() => undefined)).toBe(1);
    expect((await w.now(order)).events.filter(({ name }) => name === 'undo.allowed')).toHaveLength(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'that was cut after %i bytes is taken off at the next try',
    async (bytes) => {
      await allowed();
      card.write(await w.kiosk.open(await release()), bytes);
      await w.world.pass(1_000);
      expect(given()).toEqual([]);
      const sealed = await release();
      card.write(await w.kiosk.open(sealed));
      await claim(sealed.lease);
      await w.world.pass(5_000);
      expect(await w.now(order)).toMatchObject({ state: 'refunded' });
      expect(w.world.meterOf(card).insert(card)).toBe(0);
    },
  );

  it.each([0, 3, 4, 6])('that was cut after %i bytes may be put on again instead', async (bytes) => {
    await allowed();
    card.write(await w.kiosk.open(await release()), bytes);
    w.world.clock.jump(600_000);
    const { unfinished } = await w.world.identify(kiosk, card);
    if (bytes > 3) {
      expect(unfinished?.orderNo).toBe(order._id);
      await w.world.write(kiosk, card, order);
      expect(await w.now(order)).toMatchObject({ undo: { status: 'dropped' }, state: 'done' });
      expect(await codeOf(release())).toBe('reversal.not-sold');
    }
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
    await w.world.pass(5_000);
    expect(given()).toEqual([]);
  });

  it('that could not be taken off may be begun again', async () => {
    await allowed();
    const { lease } = await release();
    await claim(lease, w.kiosk, 'failed');
    await claim(lease, w.kiosk, 'failed');
    expect(await w.now(order)).toMatchObject({ undo: { status: 'allowed' }, state: 'done' });
    expect((await release()).lease).toBe(lease + 1);
  });

  it('whose undoing got no answer is asked about', async () => {
    w.world.grid.fault = (operation) => (operation === 'confirmCancel' ? 'lost-answer' : 'none');
    expect(await takenOff()).toMatchObject({ reversal: { status: 'unknown' } });
    w.world.grid.fault = () => 'none';
    await w.world.pass(120_000, 5_000);
    expect(await w.now(order)).toMatchObject({ state: 'refunded' });
    expect(given()).toEqual([5000]);
  });

  it('whose undoing never arrived is sent again by its own message', async () => {
    w.world.grid.fault = (operation) => (operation === 'confirmCancel' ? 'lost-request' : 'none');
    w.world.grid.lateMs = 100_000_000;
    await takenOff();
    w.world.grid.fault = () => 'none';
    await w.world.pass(300_000, 5_000);
    expect(await w.now(order)).toMatchObject({ state: 'refunded' });
    expect(w.world.grid.calls).not.toContain('reverse');
  });

  it('that the grid does not undo stands: nothing goes back, and its card is written again', async () => {
    await allowed();
    const sealed = await release();
    card.write(await w.kiosk.open(sealed));
    w.world.clock.jump(86_400_000);
    expect(await claim(sealed.lease)).toMatchObject({
      ...{ state: 'write-failed', reversal: { status: 'refused', reason: 'day-cut' } },
    });
    expect((await w.world.identify(kiosk, card)).unfinished?.orderNo).toBe(order._id);
    await w.world.write(kiosk, card, order);
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
    await w.world.pass(5_000);
    expect(given()).toEqual([]);
  });
});

describe('what may not be taken off a card', () => {
  it('is what the grid offers no way for: its own counter', async () => {
    w.world.grid.cancelsWritten = false;
    const asked = await ask().catch((error: unknown) => error);
    expect(asked).toMatchObject({ code: 'reversal.plan-released' });
    expect(String(asked)).toMatch(/counter/u);
  });

  it('is what two persons did not allow', async () => {
    expect(await codeOf(release())).toBe('reversal.not-sold');
    expect(w.world.grid.calls).not.toContain('cancelPlan');
  });

  it('is what its meter has, as soon as anybody hears of it', async () => {
    await allowed();
    w.world.meterOf(card).insert(card);
    expect(await codeOf(release())).toBe('reversal.credited');
    expect(isInMeter(await w.now(order))).toBe(true);
    expect(await codeOf(release())).toBe('reversal.credited');
    expect(await codeOf(ask())).toBe('reversal.credited');
  });

  it('is what a copy of its card brought to the meter', async () => {
    await allowed();
    const copy = card.clone();
    w.world.meterOf(card).insert(copy);
    await w.world.identify(kiosk, copy);
    expect(await codeOf(release())).toBe('reversal.credited');
  });

  it('is on another card, or of another day, or written by another terminal meanwhile', async () => {
    await allowed();
    expect(await codeOf(release(w.kiosk, w.world.household()))).toBe('reversal.other-card');
    await release();
    expect(await codeOf(release(kiosk))).toBe('order.leased-elsewhere');
    expect(
      await codeOf(w.world.services.writes.release(await w.now(order), kiosk, { image: card.read() })),
    ).toBe('order.leased-elsewhere');
    w.world.clock.jump(86_400_000);
    expect(await codeOf(release())).toBe('reversal.day-over');
    expect(await codeOf(ask())).toBe('reversal.day-over');
  });

  it('says of its card why not', () => {
    const good = {
      ...{ at: new Date(), serial: order.serial, imageDigest: order.write.imageDigest ?? '' },
      ...{ sameHousehold: true, cardCount: order.count, soldCount: order.count, creditedCount: 1 },
    };
    const of = (over: object, on = order) => againstCard(on, { ...good, ...over })?.code;
    expect(of({})).toBeUndefined();
    expect(of({ cardCount: order.count - 1 })).toBe('reversal.counters-differ');
    expect(of({ imageDigest: order.imageDigest })).toBe('reversal.card-inserted');
    expect(of({ creditedCount: order.count })).toBe('reversal.credited');
    const begun: Order = {
      ...order,
      undo: {
        ...{ status: 'allowed', at: new Date(), requestedBy: 'a', approvedBy: 'b', approval: 'c' },
        lease: 3,
      },
    };
    expect(of({ cardCount: order.count - 1, imageDigest: 'torn' }, begun)).toBeUndefined();
  });

  it('says of its order why not', () => {
    const now = w.world.services.mover.now();
    const of = (over: Partial<Order>, offered = true) =>
      againstReversing({ ...order, ...over }, now, offered);
    expect(of({})).toBeUndefined();
    expect(of({ meter: { status: 'credited', at: now } })).toMatchObject({ code: 'reversal.credited' });
    expect(of({ write: { status: 'released', lease: 1 } })).toMatchObject({ code: 'reversal.plan-released' });
    expect(of({}, false)?.why).toMatch(/counter/u);
    const old = { ...order.sale, sentAt: new Date(now.getTime() - 86_400_000) };
    expect(of({ sale: old })?.why).toMatch(/counter/u);
  });
});

describe('the count of a sale that was taken off its card', () => {
  const blocked = async () => {
    const { blocked: why, undone } = await w.world.identify(kiosk, card);
    return [why, undone];
  };
  const undone = async () => {
    await takenOff();
    await w.world.pass(5_000);
  };

  it('is not sold again before its meter was heard of since: a copy may bear it', async () => {
    const copy = card.clone();
    await undone();
    expect(await blocked()).toEqual(['meter.previous-not-inserted', true]);
    expect(await codeOf(w.world.order(kiosk, card))).toBe('meter.previous-not-inserted');
    w.world.meterOf(card).insert(copy);
    await w.world.identify(kiosk, copy);
    expect(await codeOf(w.world.order(kiosk, card))).toBe('meter.previous-not-inserted');
  });

  it('is free once the meter wrote back, by its own clock, that it does not have it', async () => {
    await undone();
    w.world.meterOf(card).insert(card);
    expect(await blocked()).toEqual([null, undefined]);
    const again = await w.world.write(kiosk, card, await w.world.paid(kiosk, card));
    expect(again).toMatchObject({ state: 'done', count: order.count });
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
    expect((await w.now(order)).events.at(-1)?.name).toBe('undo.freed');
  });

  it('stays held by what the meter had said before', async () => {
    w.world.meterOf(card).said = { at: '2026-02-28T00:00:00Z', balanceFen: 10 };
    await undone();
    const image = card.read();
    await w.world.identify(kiosk, card);
    expect(card.read()).toEqual(image);
    expect(await blocked()).toEqual(['meter.previous-not-inserted', true]);
  });

  it('is a case where a copy brought it all the same', async () => {
    const copy = card.clone();
    await undone();
    w.world.meterOf(card).insert(copy);
    await w.world.services.cards.identify(kiosk.terminalId, { image: copy.read(), entry: 'kiosk' });
    const cases = await w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE);
    expect(cases).toMatchObject([
      { kind: 'credited-not-written', orderNo: order._id, facts: { claim: 'taken-off' } },
    ]);
  });
});

describe('a plan that slept', () => {
  it('is refused by the server’s word, though both clocks of its machine say nothing', async () => {
    const other = w.world.household();
    const paid = await w.world.paid(kiosk, other);
    const { writes, mover } = w.world.services;
    const slept = await writes.release(paid, kiosk, { image: other.read() });
    const left = async () => writes.leftOf(await w.now(paid), kiosk.terminalId, slept.lease);
    expect(await codeOf(left())).toBe('none');
    expect(await left()).toBe(mover.policy.leaseMs);
    expect(await codeOf(mover.again(paid).then((now) => writes.leftOf(now, 'another', slept.lease)))).toBe(
      'order.lease-stale',
    );
    w.world.clock.jump(600_000);
    const again = await writes.release(await w.now(paid), w.kiosk, { image: other.read() });
    other.write(await w.kiosk.open(again));
    const claimed = { lease: again.lease, result: 'written', imageDigest: other.digest() } as const;
    await writes.claim(await w.now(paid), w.kiosk.terminalId, claimed);
    [order, card] = [await w.now(paid), other];
    await takenOff();
    await w.world.pass(5_000);
    expect(await w.now(paid)).toMatchObject({ state: 'refunded' });
    expect(await codeOf(left())).toBe('order.lease-stale');
  });

  it('is told of by the lease of the plan that takes a sale off, too', async () => {
    await allowed();
    const { lease } = await release();
    const { writes, mover } = w.world.services;
    const left = async () => writes.leftOf(await w.now(order), w.kiosk.terminalId, lease);
    expect(await left()).toBe(mover.policy.leaseMs);
    w.world.clock.jump(mover.policy.leaseMs);
    expect(await codeOf(left())).toBe('order.lease-stale');
  });
});
