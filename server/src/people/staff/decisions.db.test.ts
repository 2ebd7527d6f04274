import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ORDER_ACTIONS, type Decision } from '@bianmin/shared/api/order-decisions';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { needsAttention, saleSold } from '../../orders/model/moves/sale.ts';
import type { AttentionReason, Order } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { ANNA, HERE, StaffWorld, staffMember } from '../../testing/staff-world.ts';
import { actionsOf } from './actions.ts';

const MINUTE = 60_000;

let t: TestContext;
let w: StaffWorld;
let card: FakeCard;
let kiosk: FakeTerminal;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await Promise.all((await t.db.listCollections()).map(({ name }) => t.db.collection(name).deleteMany({})));
  w = await StaffWorld.open(t);
  card = w.world.household();
  kiosk = await fakeTerminal('kiosk-a');
});

const ask = (order: Order, action: Decision) =>
  w.staff.decisions.request({ orderNo: order._id, action, reason: 'Looked at the bill.' }, ANNA, HERE);

async function inAttention(order: Order, reason: AttentionReason): Promise<Order> {
  return (await w.world.services.mover.move(order, (current) => needsAttention(current, reason))).order;
}

const askedNow = () => {
  const { mover } = w.world.services;
  return { now: mover.now(), policy: mover.policy };
};

const allowedFor = (order: Order) =>
  actionsOf(order, askedNow())
    .filter((action) => action.allowed)
    .map((action) => action.action);

describe('an order that needs a person', () => {
  it('opens a case in the same breath, and only one', async () => {
    const order = await w.world.paid(kiosk, card);
    // The grid forgets a sale that it made.
    await w.world.grid.reverse(order._id);
    const release = () => w.world.services.writes.release(order, kiosk, { image: card.read() });
    await expect(release()).rejects.toMatchObject({ code: 'grid.refused' });
    await expect(release()).rejects.toThrow();
    const cases = await w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE);
    expect(cases).toMatchObject([
      {
        kind: 'grid-disagrees',
        orderNo: order._id,
        status: 'open',
        owner: null,
        facts: { sale: 'sold', faceFen: 5000 },
      },
    ]);
  });

  it('is told of before it is stored: a store that fails then leaves a case too many, never one too few', async () => {
    const order = await w.world.paid(kiosk, card);
    const { store } = w.world.services.mover;
    const replace = store.replace.bind(store);
    store.replace = () => Promise.reject(new Error('The power went out.'));
    await expect(inAttention(order, 'grid-disagrees')).rejects.toThrow('power');
    store.replace = replace;
    expect(await w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE)).toHaveLength(1);
    await inAttention(await w.now(order), 'grid-disagrees');
    expect(await w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE)).toHaveLength(1);
  });
});

describe('actions', () => {
  it('are all named, each with why not', async () => {
    const order = await w.world.paid(kiosk, card);
    const { actions, state, attention } = await w.staff.decisions.actions(order._id, ANNA);
    expect({ state, attention }).toEqual({ state: 'sold', attention: null });
    expect(actions.map((each) => each.action)).toEqual([...ORDER_ACTIONS]);
    for (const each of actions) expect(each.why === null).toBe(each.allowed);
    expect(allowedFor(order)).toEqual(['query-channel', 'query-grid', 'rewrite', 'reverse', 'note']);
    await expect(w.staff.decisions.actions('1'.repeat(18), ANNA)).rejects.toMatchObject({
      code: 'order.not-found',
    });
  });

  const paid = { payments: [samplePayment({ status: 'succeeded', funds: true, transactionId: '4' })] };
  const sold = { ...paid, sale: { status: 'sold', firstSentAt: new Date(0), sentAt: new Date(0) } } as const;
  const refund = {
    no: 'r',
    paymentNo: samplePayment().no,
    fen: 5000,
    reason: 'not-sold',
    at: new Date(0),
  } as const;
  it.each<[string, Partial<Order>, string[]]>([
    [
      'grid-disagrees, nothing released',
      { ...sold, attention: 'grid-disagrees' },
      ['query-grid', 'treat-as-sold', 'reverse-refund', 'note'],
    ],
    [
      'grid-disagrees, released',
      { ...sold, attention: 'grid-disagrees', write: { status: 'written', lease: 1 } },
      ['query-grid', 'treat-as-sold', 'note'],
    ],
    [
      'sale-mismatch',
      { ...sold, attention: 'sale-mismatch' },
      ['query-grid', 'treat-as-sold', 'reverse-refund', 'note'],
    ],
    [
      'being undone',
      { ...sold, attention: 'sale-mismatch', reversal: { status: 'unknown' } },
      ['query-grid', 'note'],
    ],
    [
      'late-sale, undone, refund waits',
      {
        ...sold,
        sale: { ...sold.sale, status: 'rejected' },
        attention: 'late-sale',
        reversal: { status: 'reversed' },
        refunds: [{ ...refund, status: 'approved' }],
      },
      ['query-grid', 'reverse-refund', 'note'],
    ],
    [
      'late-sale, not undone, refund waits',
      {
        ...sold,
        sale: { ...sold.sale, status: 'rejected' },
        attention: 'late-sale',
        reversal: { status: 'refused' },
        refunds: [{ ...refund, status: 'approved' }],
      },
      ['query-grid', 'treat-as-sold', 'note'],
    ],
    [
      'late-sale, not undone, money gone',
      {
        ...sold,
        sale: { ...sold.sale, status: 'rejected' },
        attention: 'late-sale',
        reversal: { status: 'refused' },
        refunds: [{ ...refund, status: 'done' }],
      },
      ['query-grid', 'note'],
    ],
    [
      'credit may be on its way',
      { ...sold, kind: 'remote', attention: 'credit-mismatch', credit: { status: 'unknown' } },
      ['query-grid', 'treat-as-sold', 'note'],
    ],
    ['payment-mismatch', { ...paid, attention: 'payment-mismatch' }, ['resume', 'note']],
    [
      'refund-abnormal',
      { ...sold, refunds: [{ ...refund, status: 'abnormal' }] },
      ['query-grid', 'refund-elsewhere', 'note'],
    ],
  ])('of %s', (_, over, allowed) => {
    // Their channel may be asked about each of them, since each has a payment.
    expect(allowedFor(sampleOrder(over))).toEqual(['query-channel', ...allowed]);
  });
});

describe('a decision', () => {
  it('needs a second person with the permission', async () => {
    const order = await inAttention(await w.world.paid(kiosk, card), 'grid-disagrees');
    const approval = await ask(order, 'reverse-refund');
    await expect(w.allow(approval, ANNA)).rejects.toMatchObject({ code: 'approval.same-person' });
    await expect(
      w.allow(approval, staffMember('carl', ['approval:decide', 'order:reverse'])),
    ).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect((await w.now(order)).state).toBe('attention');
  });

  it('treat-as-sold holds only on the grid’s word of that moment', async () => {
    const order = await inAttention(await w.world.paid(kiosk, card), 'grid-disagrees');
    expect(await w.staff.decisions.queryGrid(order._id, ANNA, HERE)).toMatchObject({
      status: 'sold',
      fits: true,
    });
    const sale = w.world.grid.sales.get(order._id);
    const approval = await ask(order, 'treat-as-sold');
    if (sale !== undefined) sale.status = 'reversed';
    expect(await w.allow(approval)).toMatchObject({ status: 'failed', failure: 'order.action-refused' });
    if (sale !== undefined) sale.status = 'sold';
    expect(await w.allow(await ask(order, 'treat-as-sold'))).toMatchObject({ status: 'done' });
    const after = await w.now(order);
    expect(after).toMatchObject({ state: 'sold', attention: null });
    expect(after.events.at(-1)).toMatchObject({
      name: 'order.decided',
      by: 'boris',
      data: { requestedBy: 'anna', was: 'grid-disagrees' },
    });
    await w.world.write(kiosk, card, after);
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
    const [found] = await w.staff.cases.list({ limit: 1 }, WHOLE_PROVINCE);
    expect(found?.notes.map((note) => note.text).join(' ')).toMatch(
      /the grid says: sold.*Decided: treat-as-sold/u,
    );
  });

  it('reverse-refund undoes what the grid has, and leaves a tombstone where it has nothing', async () => {
    const order = await inAttention(await w.world.paid(kiosk, card), 'sale-mismatch');
    const approval = await ask(order, 'reverse-refund');
    expect(await w.allow(approval)).toMatchObject({ status: 'done' });
    await w.world.pass(5_000);
    expect(await w.now(order)).toMatchObject({ state: 'refunded', saleSlot: null, attention: null });
    // Once more, as after a crash: nothing further.
    await t.db
      .collection('approvals')
      .updateOne({}, { $set: { status: 'accepted' }, $unset: { runUntil: 1 } });
    expect(await w.access.approvals.resume(() => undefined)).toBe(1);
    expect(w.world.grid.calls.filter((call) => call === 'reverse')).toHaveLength(1);
  });

  it('reverse-refund that the grid refuses puts the order back before its persons', async () => {
    const order = await inAttention(await w.world.paid(kiosk, card), 'sale-mismatch');
    const sale = w.world.grid.sales.get(order._id);
    if (sale !== undefined) sale.confirmed = true;
    expect(await w.allow(await ask(order, 'reverse-refund'))).toMatchObject({
      status: 'failed',
      failure: 'reversal.refused',
    });
    expect(await w.now(order)).toMatchObject({ state: 'attention', attention: 'reversal-refused' });
    const kinds = (await w.staff.cases.list({ limit: 5 }, WHOLE_PROVINCE)).map((each) => each.kind);
    expect(kinds.toSorted()).toEqual(['reversal-refused', 'sale-mismatch']);
  });

  it('keeps a late sale whose money is still here', async () => {
    const order = await w.world.paid(kiosk, card);
    const { mover } = w.world.services;
    const lost: Order = { ...order, version: order.version };
    const now = mover.now();
    // Given up with its refund owed, then heard of after all.
    const [payment] = order.payments;
    const refund = {
      no: `${payment?.no ?? ''}r3`,
      paymentNo: payment?.no ?? '',
      fen: 5000,
      status: 'approved',
      reason: 'not-sold',
      at: now,
    } as const;
    await mover.move(lost, (current) => ({
      set: { sale: { ...current.sale, status: 'rejected' }, saleSlot: null, refunds: [refund] },
      events: [{ name: 'sale.rejected', by: 'test' }],
    }));
    const original = w.world.grid.sales.get(order._id);
    if (original === undefined) throw new Error('Nothing was sold.');
    const late = await mover.move(await w.now(order), (current) => saleSold(current, original, now));
    expect(late.order.attention).toBe('late-sale');
    original.confirmed = true;
    await w.world.pass(120_000, 5_000);
    expect((await w.now(order)).reversal.status).toBe('refused');
    original.confirmed = false;
    expect(await w.allow(await ask(await w.now(order), 'treat-as-sold'))).toMatchObject({ status: 'done' });
    const kept = await w.now(order);
    expect(kept).toMatchObject({
      state: 'sold',
      refunds: [{ status: 'rejected' }],
      reversal: { status: 'none' },
    });
    expect(kept.saleSlot).not.toBeNull();
    await w.world.write(kiosk, card, kept);
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
  });

  it('lets the refund of a late sale go once the grid has undone it', async () => {
    const order = await w.world.paid(kiosk, card);
    const { mover } = w.world.services;
    const [payment] = order.payments;
    const paymentNo = payment?.no ?? '';
    const refund = {
      no: `${paymentNo}r3`,
      paymentNo,
      fen: 5000,
      status: 'approved',
      reason: 'not-sold',
    } as const;
    await mover.move(order, (current) => ({
      set: {
        sale: { ...current.sale, status: 'rejected' },
        saleSlot: null,
        refunds: [{ ...refund, at: mover.now() }],
        attention: 'late-sale',
        reversal: { status: 'reversed' },
      },
      events: [{ name: 'order.attention', by: 'test' }],
    }));
    await w.world.pass(60_000, 5_000);
    expect(await w.now(order)).toMatchObject({ state: 'attention', refunds: [{ status: 'approved' }] });
    expect(await w.allow(await ask(await w.now(order), 'reverse-refund'))).toMatchObject({ status: 'done' });
    await w.world.pass(60_000, 5_000);
    expect(await w.now(order)).toMatchObject({ state: 'refunded', attention: null });
  });

  describe('refund-elsewhere', () => {
    /** Its channel said that it could not give the money back. */
    async function abnormal(): Promise<{ order: Order; refundNo: string }> {
      w.world.wechat.bend = () => 'abnormal';
      w.world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
      const paid = await w.world.paid(kiosk, card);
      for (let n = 0; n < 100 && (await w.now(paid)).state !== 'attention'; n += 1) await w.world.pass(5_000);
      const order = await w.now(paid);
      w.world.wechat.bend = () => 'none';
      return { order, refundNo: order.refunds[0]?.no ?? '' };
    }

    it('ends what a channel could not give back', async () => {
      const { order, refundNo } = await abnormal();
      expect(order.refunds).toMatchObject([{ status: 'abnormal' }]);
      expect(await w.staff.cases.list({ limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
        { kind: 'refund-abnormal', key: refundNo },
      ]);
      w.world.clock.jump(10 * MINUTE);
      expect(await w.allow(await ask(order, 'refund-elsewhere'))).toMatchObject({ status: 'done' });
      expect(await w.now(order)).toMatchObject({
        state: 'refunded',
        refunds: [{ status: 'done', approvedBy: 'boris' }],
      });
    });

    it('waits while what was sent may still be on its way', async () => {
      const { order } = await abnormal();
      const at = order.refunds[0]?.sentAt?.getTime() ?? 0;
      const allowed = (): boolean => allowedFor(order).includes('refund-elsewhere');
      expect(allowed()).toBe(false);
      await expect(ask(order, 'refund-elsewhere')).rejects.toMatchObject({ code: 'order.action-refused' });
      w.world.clock.jump(at + 10 * MINUTE - 1 - w.world.clock.now());
      expect(allowed()).toBe(false);
      w.world.clock.jump(1);
      expect(allowed()).toBe(true);
    });

    it.each([
      ['has given it back after all', 'done'],
      ['works on it after all', 'sent'],
    ] as const)('is not done where the channel %s', async (_, status) => {
      const { order, refundNo } = await abnormal();
      w.world.clock.jump(10 * MINUTE);
      const asked = await ask(order, 'refund-elsewhere');
      const known = w.world.wechat.refunds.get(refundNo);
      if (known !== undefined) known.status = status;
      expect(await w.allow(asked)).toMatchObject({ status: 'failed', failure: 'order.action-refused' });
      const after = await w.now(order);
      expect(after).toMatchObject({ refunds: [{ status }] });
      expect(after.events.filter(({ name }) => name === 'refund.elsewhere')).toEqual([]);
    });

    it('is done later where the channel does not say now', async () => {
      const { order } = await abnormal();
      w.world.clock.jump(10 * MINUTE);
      const asked = await ask(order, 'refund-elsewhere');
      w.world.wechat.fault = (operation) => (operation === 'wechat.queryRefund' ? 'unavailable' : 'none');
      expect(await w.allow(asked)).toMatchObject({
        status: 'failed',
        failure: 'payment.channel-unavailable',
      });
      expect(await w.now(order)).toMatchObject({ refunds: [{ status: 'abnormal' }] });
      w.world.wechat.fault = () => 'none';
      expect(await w.allow(await ask(order, 'refund-elsewhere'))).toMatchObject({ status: 'done' });
      expect(await w.now(order)).toMatchObject({ state: 'refunded' });
    });
  });

  it('resumes after a payment that was not ours, and is refused where the facts do not allow it', async () => {
    const order = await inAttention(await w.world.paid(kiosk, card), 'payment-mismatch');
    await expect(ask(order, 'treat-as-sold')).rejects.toMatchObject({ code: 'order.action-refused' });
    expect(await w.allow(await ask(order, 'resume'))).toMatchObject({ status: 'done' });
    const after = await w.now(order);
    expect(after).toMatchObject({ state: 'sold', attention: null });
    await expect(ask(after, 'resume')).rejects.toMatchObject({ code: 'order.action-refused' });
  });
});
