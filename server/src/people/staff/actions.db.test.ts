import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ORDER_ACTIONS } from '@bianmin/purchase/api/order-decisions';
import type { Order } from '../../orders/model/order.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { ANNA } from '../../testing/staff-world.ts';
import { DecisionDesk } from '../../testing/decision-desk.ts';

let d: DecisionDesk;
beforeAll(async () => {
  d = await DecisionDesk.open();
});
afterAll(() => d.close());
beforeEach(() => d.fresh());

describe('actions', () => {
  it('are all named, each with why not', async () => {
    const order = await d.w.world.paid(d.kiosk, d.card);
    const { actions, state, attention } = await d.w.staff.decisions.actions(order._id, ANNA);
    expect({ state, attention }).toEqual({ state: 'sold', attention: null });
    expect(actions.map((each) => each.action)).toEqual([...ORDER_ACTIONS]);
    for (const each of actions) expect(each.why === null).toBe(each.allowed);
    expect(d.allowedFor(order)).toEqual(['query-channel', 'query-grid', 'rewrite', 'reverse', 'note']);
    await expect(d.w.staff.decisions.actions('1'.repeat(18), ANNA)).rejects.toMatchObject({
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
    expect(d.allowedFor(sampleOrder(over))).toEqual(['query-channel', ...allowed]);
  });
});
