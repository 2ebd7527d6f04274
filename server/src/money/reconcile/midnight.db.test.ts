import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refund } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { DAY, NEXT, rig, ordered, rowOf, lineOf } from '../../testing/reconciled-orders.ts';

export let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

describe('a day, three ways', () => {
  it('holds what was booked on the other side of midnight for one day', async () => {
    const { store, papers, found, days } = await rig(t);
    const late = ordered(1, `${DAY}T23:59:50`);
    const gone = ordered(2, `${DAY}T23:59:55`);
    const early = ordered(3, `${NEXT}T00:00:02`);
    for (const order of [late, gone, early]) await store.insert(order);
    // The channel has one late and one early; the grid cut its day before it sold the late ones.
    papers.rows.set(DAY, [rowOf(early), rowOf(gone)]);
    papers.rows.set(NEXT, [rowOf(late)]);
    papers.lines.set(DAY, []);
    papers.lines.set(NEXT, [lineOf(late), lineOf(early)]);
    expect(await found(DAY)).toEqual([]);
    expect((await days.get(DAY))?.carried.length).toBe(4);
    expect(await found(NEXT)).toEqual(['ORDER_ONLY 2']);
    expect(await found(NEXT)).toEqual(['ORDER_ONLY 2']);
    await found(DAY);
    expect((await days.get(NEXT))?.stale).toBe(true);
  });

  it('runs a month at once, with no difference at its midnights', async () => {
    const { store, papers, found, days, clock } = await rig(t);
    clock.jump(40 * 86_400_000);
    const month = Array.from({ length: 31 }, (_, index) => `2026-03-${String(index + 1).padStart(2, '0')}`);
    for (const [index, day] of month.entries()) {
      const order = ordered(1, `${day}T23:59:59`);
      await store.insert(order);
      papers.rows.set(day, [rowOf(order)]);
      const booked = month[index + 1] ?? day;
      papers.lines.set(booked, [...(papers.lines.get(booked) ?? []), lineOf(order)]);
    }
    papers.rows.set('2026-03-17', []);
    expect(await found('2026-03-01', '2026-03-31')).toEqual(['ORDER_ONLY 1']);
    expect(
      (await days.list('2026-03-01', '2026-03-31')).filter(({ counts }) => counts['ORDER_ONLY']),
    ).toMatchObject([{ _id: '2026-03-17', state: 'done' }]);
  });

  it('knows a refund that its channel booked a day later, and a sale that the grid undid', async () => {
    const { store, papers, found } = await rig(t);
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const order = ordered(1, `${DAY}T12:00:00`);
    const refund = {
      ...{ no: `${order._id}p1r5`, paymentNo: `${order._id}p1`, fen: 5000, status: 'done' as const },
      ...{ reason: 'not-credited' as const, at, sentAt: at },
    } as const satisfies Partial<Refund>;
    await store.insert({
      ...order,
      state: 'refunded',
      sale: { ...order.sale, status: 'rejected' },
      reversal: { status: 'reversed' },
      saleSlot: null,
      refunds: [refund],
      events: [{ n: 1, at, name: 'sale.undone', by: 'grid' }],
    });
    papers.rows.set(DAY, [rowOf(order)]);
    papers.lines.set(DAY, [lineOf(order), lineOf(order, 'reversed')]);
    papers.rows.set(NEXT, [
      rowOf(order, { kind: 'refund', refundNo: refund.no, status: 'done', feeMilliFen: 0 }),
    ]);
    expect(await found(DAY)).toEqual([]);
    expect(await found(NEXT)).toEqual([]);
  });
});
