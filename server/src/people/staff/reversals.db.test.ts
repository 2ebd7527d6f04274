import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { fundingRefundOf } from '../../orders/model/state.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { ANNA, HERE, StaffWorld, staffMember } from '../../testing/staff-world.ts';
import { READING_GOOD_MS } from './readings.ts';
import { againstCard, againstReversing } from './reversal-checks.ts';

let t: TestContext;
let w: StaffWorld;
let card: FakeCard;
let order: Order;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  card = w.world.household();
  order = await w.world.paid(await fakeTerminal('kiosk-a'), card);
  expect(order.state).toBe('sold');
});

const ask = (nonce: string, by = ANNA) =>
  w.staff.reversals.request({ orderNo: order._id, nonce, reason: 'Bought for the wrong flat.' }, by, HERE);

describe('a reversal by staff', () => {
  it('undoes the sale and gives the money back, on two persons and a card read now', async () => {
    const approval = await ask(await w.read(order._id, card));
    expect(approval).toMatchObject({ kind: 'order.reverse', status: 'open' });
    expect((await w.now(order)).reversal.status).toBe('none');
    expect(await w.allow(approval)).toMatchObject({ status: 'done' });
    await w.world.pass(5_000);
    const after = await w.now(order);
    expect(after).toMatchObject({ state: 'refunded', sale: { status: 'rejected' }, saleSlot: null });
    expect(after.reversal).toMatchObject({ status: 'reversed', requestedBy: 'anna', approvedBy: 'boris' });
    expect(fundingRefundOf(after)).toMatchObject({
      status: 'done',
      reason: 'requested',
      requestedBy: 'anna',
      approvedBy: 'boris',
      fen: 5000,
    });
    expect(w.world.grid.sales.get(order._id)?.status).toBe('reversed');
    // The meter's count is free again: the household buys and is credited once.
    const again = await w.world.paid(await fakeTerminal('kiosk-a'), card);
    await w.world.write(await fakeTerminal('kiosk-a'), card, again);
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
  });

  it('is not allowed by the person who asked, nor without the permission', async () => {
    const approval = await ask(await w.read(order._id, card));
    await expect(w.allow(approval, ANNA)).rejects.toMatchObject({ code: 'approval.same-person' });
    await expect(
      w.allow(approval, staffMember('carl', ['approval:decide', 'order:decide'])),
    ).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect((await w.now(order)).reversal.status).toBe('none');
    expect(w.world.grid.calls).not.toContain('reverse');
  });

  it('is carried out once, however often the approval runs', async () => {
    const approval = await ask(await w.read(order._id, card));
    w.world.grid.fault = (operation) => (operation === 'reverse' ? 'lost-answer' : 'none');
    await w.allow(approval);
    expect((await w.now(order)).reversal.status).toBe('unknown');
    w.world.grid.fault = () => 'none';
    // As after a crash before the approval was ended.
    await t.db
      .collection('approvals')
      .updateOne({}, { $set: { status: 'accepted' }, $unset: { runUntil: 1 } });
    expect(await w.access.approvals.resume(() => undefined)).toBe(1);
    expect(w.world.grid.calls.filter((call) => call === 'reverse')).toHaveLength(1);
    await w.world.pass(120_000, 5_000);
    expect((await w.now(order)).state).toBe('refunded');
  });

  it('holds the write back while the grid has not answered', async () => {
    const approval = await ask(await w.read(order._id, card));
    w.world.grid.fault = (operation) => (operation === 'reverse' ? 'lost-request' : 'none');
    await w.allow(approval);
    w.world.grid.fault = () => 'none';
    const current = await w.now(order);
    await expect(
      w.world.services.writes.release(current, w.kiosk, { image: card.read() }),
    ).rejects.toMatchObject({ code: 'order.not-sold' });
  });

  it('that the grid refuses leaves the order as it was: its card is written', async () => {
    const approval = await ask(await w.read(order._id, card));
    const sale = w.world.grid.sales.get(order._id);
    if (sale !== undefined) sale.confirmed = true;
    expect(await w.allow(approval)).toMatchObject({ status: 'failed', failure: 'reversal.refused' });
    if (sale !== undefined) sale.confirmed = false;
    expect(await w.now(order)).toMatchObject({ state: 'sold', attention: null });
    await w.world.identify(w.kiosk, card);
    expect((await w.world.write(w.kiosk, card, await w.now(order))).state).toBe('done');
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
  });

  it('is refused once a plan was released, whatever became of it', async () => {
    const nonce = await w.read(order._id, card);
    const approval = await ask(nonce);
    await w.world.services.writes.release(await w.now(order), w.kiosk, { image: card.read() });
    await expect(ask(nonce)).rejects.toMatchObject({ code: 'reversal.plan-released' });
    expect(await w.allow(approval)).toMatchObject({ status: 'failed', failure: 'reversal.plan-released' });
    expect(w.world.grid.calls).not.toContain('reverse');
  });

  it('needs a reading, of this order, of now, by the terminal that was asked', async () => {
    const { terminalId } = w.kiosk;
    const { _id: nonce } = await w.staff.readings.request({ orderNo: order._id, terminalId }, ANNA, HERE);
    await expect(ask(nonce)).rejects.toMatchObject({ code: 'reading.missing' });
    await expect(w.staff.readings.take(nonce, 'another', card.read())).rejects.toMatchObject({
      code: 'reading.stale',
    });
    await w.staff.readings.take(nonce, terminalId, card.read());
    await w.staff.readings.take(nonce, terminalId, card.read());
    const other = w.world.household();
    await expect(w.staff.readings.take(nonce, terminalId, other.read())).rejects.toMatchObject({
      code: 'reading.stale',
    });
    await expect(w.staff.readings.good(nonce, '260301100000000009')).rejects.toMatchObject({
      code: 'reading.stale',
    });
    const approval = await ask(nonce);
    w.world.clock.jump(READING_GOOD_MS + 1);
    expect(await w.allow(approval)).toMatchObject({ status: 'failed', failure: 'reading.stale' });
    const late = await w.staff.readings.request({ orderNo: order._id, terminalId }, ANNA, HERE);
    w.world.clock.jump(121_000);
    await expect(w.staff.readings.take(late._id, terminalId, card.read())).rejects.toMatchObject({
      code: 'reading.stale',
    });
  });

  it('says of every card why not', () => {
    const good = {
      at: new Date(),
      serial: order.serial,
      imageDigest: order.imageDigest,
      sameHousehold: true,
      cardCount: 1,
      soldCount: 2,
      creditedCount: 1,
    };
    const codes = (
      [
        [{}, undefined],
        [{ serial: 'F'.repeat(16) }, 'reversal.other-card'],
        [{ sameHousehold: false }, 'reversal.other-card'],
        [{ creditedCount: 2 }, 'reversal.credited'],
        [{ soldCount: 3 }, 'reversal.later-sale'],
        [{ cardCount: 2 }, 'reversal.counters-differ'],
        [{ imageDigest: 'f'.repeat(64) }, 'reversal.card-inserted'],
      ] as const
    ).map(([over, code]) => [againstCard(order, { ...good, ...over })?.code, code]);
    for (const [found, code] of codes) expect(found).toBe(code);
  });

  it('says of every order why not, and goes by the day in Beijing', () => {
    const sold: Order = { ...order, sale: { ...order.sale, sentAt: new Date('2026-03-01T15:30:00Z') } };
    const at = (iso: string) => againstReversing(sold, new Date(iso))?.code;
    expect(at('2026-03-01T15:59:59Z')).toBeUndefined();
    expect(at('2026-03-01T16:00:00Z')).toBe('reversal.day-over');
    const now = new Date('2026-03-01T15:31:00Z');
    const of = (over: Partial<Order>) => againstReversing({ ...sold, ...over }, now)?.code;
    expect(of({ sale: { status: 'unknown' } })).toBe('reversal.not-sold');
    expect(of({ reversal: { status: 'unknown' } })).toBe('reversal.not-sold');
    expect(of({ reversal: { status: 'refused' } })).toBeUndefined();
    expect(of({ write: { status: 'failed', lease: 1 } })).toBe('reversal.plan-released');
    expect(of({ credit: { status: 'unknown' } })).toBe('reversal.credited');
    const [payment] = order.payments;
    const refund = {
      no: 'r',
      paymentNo: payment?.no ?? '',
      fen: 1,
      status: 'approved',
      reason: 'not-sold',
      at: now,
    } as const;
    expect(of({ refunds: [refund] })).toBe('reversal.refunded');
  });
});
