import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { saleSold } from '../../orders/model/moves/sale.ts';
import type { Order } from '../../orders/model/order.ts';
import { ANNA, HERE, staffMember } from '../../testing/staff-world.ts';
import { DecisionDesk } from '../../testing/decision-desk.ts';

let d: DecisionDesk;
beforeAll(async () => {
  d = await DecisionDesk.open();
});
afterAll(() => d.close());
beforeEach(() => d.fresh());

describe('an order that needs a person', () => {
  it('opens a case in the same breath, and only one', async () => {
    const order = await d.w.world.paid(d.kiosk, d.card);
    // The grid forgets a sale that it made.
    await d.w.world.grid.reverse(order._id);
    const release = () => d.w.world.services.writes.release(order, d.kiosk, { image: d.card.read() });
    await expect(release()).rejects.toMatchObject({ code: 'grid.refused' });
    await expect(release()).rejects.toThrow();
    const cases = await d.w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE);
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
    const order = await d.w.world.paid(d.kiosk, d.card);
    const { store } = d.w.world.services.mover;
    const replace = store.replace.bind(store);
    store.replace = () => Promise.reject(new Error('The power went out.'));
    await expect(d.inAttention(order, 'grid-disagrees')).rejects.toThrow('power');
    store.replace = replace;
    expect(await d.w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE)).toHaveLength(1);
    await d.inAttention(await d.w.now(order), 'grid-disagrees');
    expect(await d.w.staff.cases.list({ limit: 10 }, WHOLE_PROVINCE)).toHaveLength(1);
  });
});

describe('a decision', () => {
  it('needs a second person with the permission', async () => {
    const order = await d.inAttention(await d.w.world.paid(d.kiosk, d.card), 'grid-disagrees');
    const approval = await d.ask(order, 'reverse-refund');
    await expect(d.w.allow(approval, ANNA)).rejects.toMatchObject({ code: 'approval.same-person' });
    await expect(
      d.w.allow(approval, staffMember('carl', ['approval:decide', 'order:reverse'])),
    ).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect((await d.w.now(order)).state).toBe('attention');
  });

  it('treat-as-sold holds only on the grid’s word of that moment', async () => {
    const order = await d.inAttention(await d.w.world.paid(d.kiosk, d.card), 'grid-disagrees');
    expect(await d.w.staff.decisions.queryGrid(order._id, ANNA, HERE)).toMatchObject({
      status: 'sold',
      fits: true,
    });
    const sale = d.w.world.grid.sales.get(order._id);
    const approval = await d.ask(order, 'treat-as-sold');
    if (sale !== undefined) sale.status = 'reversed';
    expect(await d.w.allow(approval)).toMatchObject({ status: 'failed', failure: 'order.action-refused' });
    if (sale !== undefined) sale.status = 'sold';
    expect(await d.w.allow(await d.ask(order, 'treat-as-sold'))).toMatchObject({ status: 'done' });
    const after = await d.w.now(order);
    expect(after).toMatchObject({ state: 'sold', attention: null });
    expect(after.events.at(-1)).toMatchObject({
      name: 'order.decided',
      by: 'boris',
      data: { requestedBy: 'anna', was: 'grid-disagrees' },
    });
    await d.w.world.write(d.kiosk, d.card, after);
    expect(d.w.world.meterOf(d.card).insert(d.card)).toBe(5000);
    const [found] = await d.w.staff.cases.list({ limit: 1 }, WHOLE_PROVINCE);
    expect(found?.notes.map((note) => note.text).join(' ')).toMatch(
      /the grid says: sold.*Decided: treat-as-sold/u,
    );
  });

  it('reverse-refund undoes what the grid has, and leaves a tombstone where it has nothing', async () => {
    const order = await d.inAttention(await d.w.world.paid(d.kiosk, d.card), 'sale-mismatch');
    const approval = await d.ask(order, 'reverse-refund');
    expect(await d.w.allow(approval)).toMatchObject({ status: 'done' });
    await d.w.world.pass(5_000);
    expect(await d.w.now(order)).toMatchObject({ state: 'refunded', saleSlot: null, attention: null });
    // Once more, as after a crash: nothing further.
    await d.t.db
      .collection('approvals')
      .updateOne({}, { $set: { status: 'accepted' }, $unset: { runUntil: 1 } });
    expect(await d.w.access.approvals.resume(() => undefined)).toBe(1);
    expect(d.w.world.grid.calls.filter((call) => call === 'reverse')).toHaveLength(1);
  });

  it('reverse-refund that the grid refuses puts the order back before its persons', async () => {
    const order = await d.inAttention(await d.w.world.paid(d.kiosk, d.card), 'sale-mismatch');
    const sale = d.w.world.grid.sales.get(order._id);
    if (sale !== undefined) sale.confirmed = true;
    expect(await d.w.allow(await d.ask(order, 'reverse-refund'))).toMatchObject({
      status: 'failed',
      failure: 'reversal.refused',
    });
    expect(await d.w.now(order)).toMatchObject({ state: 'attention', attention: 'reversal-refused' });
    const kinds = (await d.w.staff.cases.list({ limit: 5 }, WHOLE_PROVINCE)).map((each) => each.kind);
    expect(kinds.toSorted()).toEqual(['reversal-refused', 'sale-mismatch']);
  });

  it('keeps a late sale whose money is still here', async () => {
    const order = await d.w.world.paid(d.kiosk, d.card);
    const { mover } = d.w.world.services;
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
    const original = d.w.world.grid.sales.get(order._id);
    if (original === undefined) throw new Error('Nothing was sold.');
    const late = await mover.move(await d.w.now(order), (current) => saleSold(current, original, now));
    expect(late.order.attention).toBe('late-sale');
    original.confirmed = true;
    await d.w.world.pass(120_000, 5_000);
    expect((await d.w.now(order)).reversal.status).toBe('refused');
    original.confirmed = false;
    expect(await d.w.allow(await d.ask(await d.w.now(order), 'treat-as-sold'))).toMatchObject({
      status: 'done',
    });
    const kept = await d.w.now(order);
    expect(kept).toMatchObject({
      state: 'sold',
      refunds: [{ status: 'rejected' }],
      reversal: { status: 'none' },
    });
    expect(kept.saleSlot).not.toBeNull();
    await d.w.world.write(d.kiosk, d.card, kept);
    expect(d.w.world.meterOf(d.card).insert(d.card)).toBe(5000);
  });

  it('lets the refund of a late sale go once the grid has undone it', async () => {
    const order = await d.w.world.paid(d.kiosk, d.card);
    const { mover } = d.w.world.services;
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
    await d.w.world.pass(60_000, 5_000);
    expect(await d.w.now(order)).toMatchObject({ state: 'attention', refunds: [{ status: 'approved' }] });
    expect(await d.w.allow(await d.ask(await d.w.now(order), 'reverse-refund'))).toMatchObject({
      status: 'done',
    });
    await d.w.world.pass(60_000, 5_000);
    expect(await d.w.now(order)).toMatchObject({ state: 'refunded', attention: null });
  });

  it('resumes after a payment that was not ours, and is refused where the facts do not allow it', async () => {
    const order = await d.inAttention(await d.w.world.paid(d.kiosk, d.card), 'payment-mismatch');
    await expect(d.ask(order, 'treat-as-sold')).rejects.toMatchObject({ code: 'order.action-refused' });
    expect(await d.w.allow(await d.ask(order, 'resume'))).toMatchObject({ status: 'done' });
    const after = await d.w.now(order);
    expect(after).toMatchObject({ state: 'sold', attention: null });
    await expect(d.ask(after, 'resume')).rejects.toMatchObject({ code: 'order.action-refused' });
  });
});
