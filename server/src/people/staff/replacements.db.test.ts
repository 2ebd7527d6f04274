import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { ANNA, BORIS, HERE, StaffWorld, staffMember } from '../../testing/staff-world.ts';
import { REPLACEMENT_TTL_MS } from './replacement.ts';

const DIGEST = 'd'.repeat(64);
let t: TestContext;
let w: StaffWorld;
let card: FakeCard;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  card = w.world.household();
});

const ask = () =>
  w.staff.replacements.request(
    { terminalId: w.kiosk.terminalId, customerNo: w.world.customerOf(card), reason: 'The card was lost.' },
    ANNA,
    HERE,
  );

async function allowed(): Promise<string> {
  const { replacement, approval } = await ask();
  expect(await w.allow(approval)).toMatchObject({ status: 'done' });
  return replacement._id;
}

async function written(requestNo: string, blank: FakeCard) {
  const sealed = await w.staff.replacements.release(requestNo, w.kiosk, blank.read());
  const plan = await w.kiosk.open(sealed);
  expect(plan).toMatchObject({ kind: 'replacement', orderNo: requestNo, serial: blank.serial });
  blank.write(plan);
  return w.staff.replacements.claim(requestNo, w.kiosk.terminalId, {
    lease: sealed.lease,
    result: 'written',
    imageDigest: DIGEST,
  });
}

describe('a replacement card', () => {
  it('is written after a second person allowed it; the former card is refused from then on', async () => {
    const requestNo = await allowed();
    const blank = w.blank(card, '1');
    expect(await written(requestNo, blank)).toMatchObject({ status: 'written' });
    await expect(w.world.identify(w.kiosk, card)).rejects.toMatchObject({ code: 'card.replaced' });
    expect((await w.world.identify(w.kiosk, blank)).blocked).toBeNull();
    // And it buys like any card.
    const order = await w.world.paid(w.kiosk, blank);
    await w.world.write(w.kiosk, blank, order);
    expect(w.world.meterOf(card).insert(blank)).toBe(5000);
  });

  it('is not allowed by its maker, nor by a checker who may not replace cards', async () => {
    const { replacement, approval } = await ask();
    await expect(w.allow(approval, ANNA)).rejects.toMatchObject({ code: 'approval.same-person' });
    await expect(
      w.allow(approval, staffMember('carl', ['approval:decide', 'card:rewrite'])),
    ).rejects.toMatchObject({ code: 'auth.forbidden' });
    await expect(
      w.staff.replacements.release(replacement._id, w.kiosk, w.blank(card, '1').read()),
    ).rejects.toMatchObject({ code: 'replacement.not-open' });
    expect(w.world.grid.calls).not.toContain('replaceCard');
    await w.allow(approval, BORIS);
    expect((await w.staff.replacements.list(5, WHOLE_PROVINCE))[0]).toMatchObject({
      status: 'approved',
      approvedBy: { id: 'boris' },
    });
  });

  it('carries what was sold and is not in the meter: the order follows to the new card and is credited once', async () => {
    const kiosk = await fakeTerminal('kiosk-a');
    const order = await w.world.paid(kiosk, card);
    const requestNo = await allowed();
    const blank = w.blank(card, '2');
    await written(requestNo, blank);
    const after = await w.now(order);
    expect(after).toMatchObject({ state: 'done', serial: blank.serial, count: order.count });
    expect(after.events.map((event) => event.name)).toContain('card.replaced');
    await expect(w.world.services.writes.release(after, kiosk, { image: card.read() })).rejects.toMatchObject(
      { code: 'card.changed' },
    );
    await w.world.pass(10_000);
    expect(await w.now(order)).toMatchObject({ write: { status: 'written', confirmed: true } });
    expect(w.world.meterOf(card).insert(blank)).toBe(5000);
    expect(w.world.grid.carriedOut).toEqual([order._id]);
  });

  it('cut in the middle is released again under its number, and the order is no longer to be undone', async () => {
    const order = await w.world.paid(await fakeTerminal('kiosk-a'), card);
    const nonce = await w.read(order._id, card);
    const requestNo = await allowed();
    const blank = w.blank(card, '3');
    const first = await w.staff.replacements.release(requestNo, w.kiosk, blank.read());
    blank.write(await w.kiosk.open(first), 6);
    await w.staff.replacements.claim(requestNo, w.kiosk.terminalId, {
      lease: first.lease,
      result: 'failed',
      reason: 'x',
    });
    expect((await w.now(order)).state).toBe('write-failed');
    await expect(
      w.staff.reversals.request({ orderNo: order._id, nonce, reason: 'Undo it.' }, ANNA, HERE),
    ).rejects.toMatchObject({ code: 'reversal.plan-released' });
    const claim = { lease: first.lease, result: 'written', imageDigest: DIGEST } as const;
    await expect(w.staff.replacements.claim(requestNo, w.kiosk.terminalId, claim)).rejects.toMatchObject({
      code: 'order.lease-stale',
    });
    await written(requestNo, blank);
    expect((await w.now(order)).state).toBe('done');
    expect(w.world.meterOf(card).insert(blank)).toBe(5000);
    expect(w.world.grid.calls.filter((call) => call === 'replaceCard')).toHaveLength(2);
  });

  it('is one card’s, one terminal’s, once, and for a shift', async () => {
    const requestNo = await allowed();
    const blank = w.blank(card, '4');
    const other = await fakeTerminal('kiosk-b');
    await expect(w.staff.replacements.release(requestNo, other, blank.read())).rejects.toMatchObject({
      code: 'replacement.not-open',
    });
    w.world.grid.fault = (operation) => (operation === 'replaceCard' ? 'lost-answer' : 'none');
    await expect(w.staff.replacements.release(requestNo, w.kiosk, blank.read())).rejects.toMatchObject({
      code: 'grid.unavailable',
    });
    w.world.grid.fault = () => 'none';
    await expect(
      w.staff.replacements.release(requestNo, w.kiosk, w.blank(card, '5').read()),
    ).rejects.toMatchObject({ code: 'replacement.other-card' });
    const done = await written(requestNo, blank);
    const claim = { lease: done.lease ?? 0, result: 'written', imageDigest: DIGEST } as const;
    expect(await w.staff.replacements.claim(requestNo, w.kiosk.terminalId, claim)).toEqual(done);
    await expect(w.staff.replacements.release(requestNo, w.kiosk, blank.read())).rejects.toMatchObject({
      code: 'replacement.not-open',
    });
    const late = await ask();
    w.world.clock.jump(REPLACEMENT_TTL_MS);
    expect(await w.allow(late.approval)).toMatchObject({ status: 'failed', failure: 'replacement.not-open' });
  });

  it('waits for an order that cannot follow: unpaid, or under way from afar', async () => {
    const requestNo = await allowed();
    const blank = w.blank(card, '6');
    const order = await w.world.offer(await fakeTerminal('kiosk-a'), card);
    await expect(w.staff.replacements.release(requestNo, w.kiosk, blank.read())).rejects.toMatchObject({
      code: 'meter.order-open',
      orderNo: order._id,
    });
    await w.world.services.orders.cancel(await w.now(order));
    w.world.grid.credits.link(card.meterNo, 'offline');
    const remote = await w.world.remotePaid('payer:1', card);
    expect((await w.now(remote)).state).toBe('crediting');
    await expect(w.staff.replacements.release(requestNo, w.kiosk, blank.read())).rejects.toMatchObject({
      code: 'meter.order-open',
      orderNo: remote._id,
    });
    expect(w.world.grid.calls).not.toContain('replaceCard');
  });

  it('is not begun, nor gone on with, once two cards refused the key of the grid, until one is written', async () => {
    const { services } = w.world;
    const begun = await allowed();
    const first = w.blank(card, '7');
    const { lease } = await w.staff.replacements.release(begun, w.kiosk, first.read());
    const refused = { result: 'failed', reason: 'meter-card.code-wrong', triesLeft: 2 } as const;

    // One is a replacement card itself, the other a household's.
    const other = w.world.household();
    const request = {
      terminalId: w.kiosk.terminalId,
      customerNo: w.world.customerOf(other),
      reason: 'Lost.',
    };
    const asked = await w.staff.replacements.request(request, ANNA, HERE);
    await w.allow(asked.approval);
    const blank = w.blank(other, '8');
    const made = await w.staff.replacements.release(asked.replacement._id, w.kiosk, blank.read());
    const claimed = await w.staff.replacements.claim(asked.replacement._id, w.kiosk.terminalId, {
      ...{ lease: made.lease, imageDigest: blank.digest() },
      ...refused,
    });
    expect(claimed).toMatchObject({ status: 'failed', triesLeft: 2 });
    const kiosk = await fakeTerminal('kiosk-a');
    const [one, another] = [w.world.household(), w.world.household()];
    const order = await w.world.paid(kiosk, one);
    const waiting = await w.world.paid(kiosk, another);
    const plan = await services.writes.release(order, kiosk, { image: one.read() });
    await services.writes.claim(await w.now(order), kiosk.terminalId, { lease: plan.lease, ...refused });
    expect(await services.keys.refusedNow()).toMatchObject([{ chip: 'SLE4442' }]);

    const calls = w.world.grid.calls.length;
    const stopped = { code: 'grid.key-refused' };
    const stage = { lease, stage: 1, gathered: {} };
    await expect(w.staff.replacements.authorise(begun, w.kiosk, stage)).rejects.toMatchObject(stopped);
    await expect(w.staff.replacements.release(begun, w.kiosk, first.read())).rejects.toMatchObject(stopped);
    const rewrite = { orderNo: waiting._id, terminalId: w.kiosk.terminalId, image: another.read() };
    const rewritten = (lastTry: boolean) =>
      w.staff.rewrites.release({ ...rewrite, lastTry, reason: 'Its key was wrong.' }, ANNA, HERE);
    await expect(rewritten(false)).rejects.toMatchObject(stopped);
    expect(w.world.grid.calls.slice(calls)).toEqual([]);

    w.world.clock.jump(1);
    const { lease: last } = await rewritten(true);
    const image = { imageDigest: another.digest() };
    await services.writes.claim(await w.now(waiting), w.kiosk.terminalId, {
      ...{ lease: last, result: 'written', ...image },
    });
    w.world.clock.jump(1);
    expect(await services.keys.refusedNow()).toEqual([]);
    await w.staff.replacements.authorise(begun, w.kiosk, stage);
    expect(await written(begun, first)).toMatchObject({ status: 'written' });
  });

  it('keeps no customer number in the clear', async () => {
    await ask();
    const [stored] = await t.db.collection('replacements').find().toArray();
    const [approval] = await t.db.collection('approvals').find().toArray();
    const entries = await t.db.collection('audit').find().toArray();
    expect(JSON.stringify([stored, approval, entries])).not.toContain(w.world.customerOf(card));
  });
});
