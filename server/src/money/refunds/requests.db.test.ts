import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { caseIdOf } from '../../cases/case.ts';
import type { Refund } from '../../orders/model/order.ts';
import { refundEnded } from '../../orders/model/moves/refund.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, HERE } from '../../testing/staff-world.ts';
import { RefundWorld } from '../../testing/refund-world.ts';
import { codeOf } from '../../testing/problem-code.ts';

let t: TestContext;
let kiosk: FakeTerminal;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());
let w: RefundWorld;
beforeEach(async () => {
  w = await RefundWorld.open(t, kiosk, 'memory');
});

describe('a refund that staff ask for', () => {
  it('waits for another person, is then given by the channel, and the purchase stays done', async () => {
    const order = await w.done();
    const asked = await w.ask(order, 1200);
    expect(asked).toMatchObject({
      status: 'requested',
      fen: 1200,
      requestedBy: 'anna',
      note: 'Charged too much.',
    });
    await w.world.pass(60_000, 10_000);
    expect(w.given()).toEqual([]);
    expect(await codeOf(w.refunds.decide({ refundNo: asked.no, accept: true }, ANNA, HERE))).toBe(
      'approval.same-person',
    );
    expect(await w.allow(asked.no)).toMatchObject({ status: 'approved', approvedBy: 'boris' });
    expect(await codeOf(w.allow(asked.no))).toBe('approval.already-decided');
    await w.world.work();
    const now = await w.world.now(order);
    expect(now).toMatchObject({ state: 'done', dueAt: null, refunds: [{ status: 'done', fen: 1200 }] });
    expect(w.given()).toEqual([1200]);
    expect(now.events.map(({ name }) => name).slice(-4)).toEqual([
      'refund.requested',
      'refund.approved',
      'refund.sent',
      'refund.done',
    ]);
    const trail = await w.access.stores.audit.find({ limit: 10 });
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['refund.request', 'refund.approve']),
    );
  });

  it('waits until the meter has the purchase, which the grid is asked', async () => {
    const order = await w.written();
    expect(await codeOf(w.ask(order, 700))).toBe('refund.value-on-card');
    w.world.grid.calls.length = 0;
    w.world.grid.bought(order.meterNo, order.count);
    expect(await w.ask(order, 700)).toMatchObject({ status: 'requested', fen: 700 });
    expect(w.world.grid.calls).toEqual(['identifyCustomer']);
    expect(await w.world.now(order)).toMatchObject({ meter: { status: 'credited' } });
    await w.ask(order, 800);
    expect(w.world.grid.calls).toEqual(['identifyCustomer']);
  });

  it('of a former version is not allowed while the card may carry it, and can be refused', async () => {
    const order = await w.written();
    const funding = order.payments[0];
    if (funding === undefined) throw new Error('Nothing was paid.');
    const refund: Refund = {
      ...{ no: `${funding.no}s1`, paymentNo: funding.no, fen: 700, key: 'k', requestedBy: 'anna' },
      ...{ status: 'requested', reason: 'compensation', at: w.world.services.mover.now() },
    };
    await w.world.services.mover.move(order, () => ({
      set: { refunds: [refund] },
      events: [{ name: 'refund.requested', by: 'anna' }],
    }));
    expect(await codeOf(w.allow(refund.no))).toBe('refund.value-on-card');
    expect((await w.world.now(order)).refunds).toMatchObject([{ status: 'requested' }]);
    expect(await w.allow(refund.no, false)).toMatchObject({ status: 'rejected' });
    w.world.grid.bought(order.meterNo, order.count);
    expect(await codeOf(w.allow(refund.no))).toBe('approval.already-decided');
  });

  it('is given without a queue, too: the order is due', async () => {
    const order = await w.done();
    w.world.trigger.copies = () => 0;
    await w.allow((await w.ask(order, null)).no);
    await w.world.pass(2_000);
    expect(w.given()).toEqual([5000]);
  });

  it('that is refused gives nothing back and frees its sum', async () => {
    const order = await w.done();
    const first = await w.ask(order, 5000);
    expect(await codeOf(w.ask(order, 1))).toBe('refund.exceeds');
    expect(await w.allow(first.no, false)).toMatchObject({ status: 'rejected', approvedBy: 'boris' });
    const second = await w.ask(order, null);
    expect(second).toMatchObject({ fen: 5000, status: 'requested' });
    expect(second.no).not.toBe(first.no);
    await w.world.pass(10_000);
    expect(w.given()).toEqual([]);
  });

  it('is one for one key, however often it is asked for', async () => {
    const order = await w.done();
    const request = w.body(order, 1000);
    const [one, two] = await Promise.all([
      w.refunds.request(request, ANNA, HERE),
      w.refunds.request(request, ANNA, HERE),
    ]);
    expect(two.refund.no).toBe(one.refund.no);
    expect((await w.world.now(order)).refunds).toHaveLength(1);
  });

  it('names a case of this order, or none', async () => {
    const order = await w.done();
    const other = { kind: 'late-sale', orderNo: '260301100000000009', facts: {} } as const;
    await w.cases.open(other);
    expect(await codeOf(w.ask(order, 100, { caseId: caseIdOf(other) }))).toBe('request.not-found');
    expect(await codeOf(w.ask(order, 100, { caseId: '0'.repeat(32) }))).toBe('request.not-found');
    const own = { kind: 'written-not-credited', orderNo: order._id, facts: {} } as const;
    await w.cases.open(own);
    expect(await w.ask(order, 100, { caseId: caseIdOf(own) })).toMatchObject({ caseId: caseIdOf(own) });
  });

  it('of everything ends the writing: a card that lacks the purchase after all is not written again', async () => {
    const card = w.world.household();
    const order = await w.world.paid(kiosk, card);
    const current = await w.world.services.orders.get(kiosk.terminalId, order._id);
    const { lease } = await w.world.services.writes.release(current, kiosk, { image: card.read() });
    await w.world.services.writes.claim(await w.world.now(order), kiosk.terminalId, {
      lease,
      result: 'written',
      imageDigest: 'b'.repeat(64),
    });
    w.world.grid.bought(order.meterNo, order.count);
    await w.ask(order, null);
    const release = async () =>
      w.world.services.writes.release(await w.world.now(order), kiosk, { image: card.read() });
    expect(await codeOf(release())).toBe('order.closed');
    expect((await w.world.now(order)).state).toBe('done');
  });
});

describe('a refund that its channel cannot make', () => {
  it('is a case, also of an order that is done, and is sent again under its number', async () => {
    const order = await w.done();
    const { no } = await w.ask(order, 800);
    w.world.wechat.fault = () => 'lost-request';
    await w.allow(no);
    await w.world.work();
    await w.world.services.mover.move(await w.world.now(order), (now) => refundEnded(now, no, 'abnormal'));
    expect((await w.world.now(order)).state).toBe('done');
    expect(await w.cases.list({ limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { kind: 'refund-abnormal', orderNo: order._id, key: no, facts: { refundFen: 800 } },
    ]);
    expect(await w.refunds.list({ status: 'abnormal', limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { refund: { no } },
    ]);
    w.world.wechat.fault = () => 'none';
    expect((await w.refunds.retry(no, ANNA, HERE)).refund).toMatchObject({ no, status: 'approved' });
    expect(await codeOf(w.refunds.retry(no, ANNA, HERE))).toBe('refund.not-abnormal');
    await w.world.pass(5_000);
    expect([...w.world.wechat.refunds.keys()]).toEqual([no]);
    expect((await w.world.now(order)).refunds).toMatchObject([{ no, status: 'done' }]);
  });
});

describe('the queue', () => {
  it('shows what is not over, the longest waiting first', async () => {
    const [first, second] = [await w.done(), await w.done()];
    const later = await w.ask(second, 100);
    w.world.clock.jump(60_000);
    const newest = await w.ask(first, 200);
    const list = async (query: object = {}) =>
      (await w.refunds.list({ limit: 10, ...query }, WHOLE_PROVINCE)).map(({ refund }) => refund.no);
    expect(await list()).toEqual([later.no, newest.no]);
    await w.allow(later.no);
    await w.world.work();
    expect(await list()).toEqual([newest.no]);
    expect(await list({ status: 'approved' })).toEqual([]);
  });
});
