import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { applyChange } from '../../orders/model/change.ts';
import { treatedAsSold } from '../../orders/model/moves/staff.ts';
import type { Order, OrderEvent } from '../../orders/model/order.ts';
import { runCampaign } from '../../testing/order-campaign.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { ACCOUNTS, kindOf } from './accounts.ts';
import { postingsOf, postingOfEvent } from './order-postings.ts';
import { imbalanceOf, turnoverOf } from './posting.ts';
import { POLICY, NOW, BY, soldAs, STEPS } from '../../testing/order-steps.ts';

/** What is owed to the payer by the order's facts, without looking at its events. */
function owedToPayer(order: Order): number {
  const received = order.payments
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
  const back = order.refunds.filter(({ status }) => status === 'done').reduce((sum, { fen }) => sum + fen, 0);
  return received - back - (order.sale.status === 'sold' ? order.paidFen : 0);
}

const payerFen = (sums: ReadonlyMap<string, number>): number =>
  (sums.get(ACCOUNTS.held) ?? 0) + (sums.get(ACCOUNTS.refundable) ?? 0);

describe('postings of an order', () => {
  it('balance after every move that the domain makes, and owe the payer what the facts say', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('card' as const, 'remote' as const),
        fc.array(fc.tuple(fc.nat(STEPS.length - 1), fc.nat(11)), { maxLength: 60 }),
        (kind, walk) => {
          let order = sampleOrder({ kind });
          for (const [step, pick] of walk) {
            const change = STEPS[step]?.(order, pick);
            if (change === undefined) continue;
            const before = postingsOf(order);
            order = applyChange(order, change, { now: NOW, policy: POLICY });
            const postings = postingsOf(order);
            // What was posted stays as it was, whatever came later.
            expect(postings.slice(0, before.length)).toEqual(before);
            if (change.events.some(({ name }) => name === 'refund.handed-out'))
              expect(postings).toEqual(before);
            for (const posting of postings) expect(imbalanceOf(posting)).toBe(0);
          }
          const sums = turnoverOf(postingsOf(order));
          for (const account of sums.keys()) expect(kindOf(account), account).toBeDefined();
          expect(sums.get(ACCOUNTS.refundsOurs) ?? 0).toBe(0);
          expect(payerFen(sums) + owedToPayer(order)).toBe(0);
        },
      ),
      {
        numRuns: runs(1500),
        // Closed, sold late, called sold although unpaid, and then paid.
        examples: [['card', [3, 10, 22, 0, 5].map((step): [number, number] => [step, 0])]],
      },
    );
  });

  it.each([11, 12, 13])('owe no payer anything once a campaign is at rest (seed %i)', async (seed) => {
    const { orders } = await runCampaign({ seed, purchases: runs(80) });
    const all = orders.flatMap((order) => {
      const postings = postingsOf(order);
      const sums = turnoverOf(postings);
      expect(payerFen(sums), `${order._id} ${order.state}`).toBe(0);
      expect(sums.get(ACCOUNTS.held) ?? 0).toBe(0);
      return postings;
    });
    const sums = turnoverOf(all);
    const total = [...sums.values()].reduce((sum, fen) => sum + fen, 0);
    expect(total).toBe(0);
    expect(sums.get(ACCOUNTS.suspenseSale) ?? 0).toBe(0);
    expect(all.length).toBeGreaterThan(runs(50));
  });

  it('are nothing for events without money, and the same one by one', () => {
    let order = sampleOrder();
    for (const step of [0, 1, 5]) {
      const change = STEPS[step]?.(order, 0);
      if (change !== undefined) order = applyChange(order, change, { now: NOW, policy: POLICY });
    }
    expect(postingOfEvent(order, 1)).toBeUndefined();
    const [posting] = postingsOf(order);
    expect(posting).toMatchObject({
      source: order._id,
      name: 'payment.succeeded',
      day: '2026-03-01',
      legs: [
        { account: 'channel:wechat', fen: 5000 },
        { account: 'payer:held', fen: -5000 },
      ],
    });
    expect(postingOfEvent(order, posting?.n ?? 0)).toEqual(posting);
  });

  it('put what the grid sold beyond or below the order into suspense until it is settled', () => {
    let order = sampleOrder();
    for (const [step, pick] of [
      [0, 0],
      [1, 0],
      [5, 0],
      [12, 0],
    ] as const) {
      const change = STEPS[step]?.(order, pick);
      if (change !== undefined) order = applyChange(order, change, { now: NOW, policy: POLICY });
    }
    expect(order.attention).toBe('sale-mismatch');
    expect(turnoverOf(postingsOf(order)).get(ACCOUNTS.suspenseSale)).toBe(-1000);
    const settled = treatedAsSold(order, soldAs(order, { arrearsFen: 300 }), BY);
    if (settled === undefined) throw new Error('It cannot be settled.');
    order = applyChange(order, settled, { now: NOW, policy: POLICY });
    const sums = turnoverOf(postingsOf(order));
    expect(sums.get(ACCOUNTS.suspenseSale)).toBe(0);
    expect(sums.get('grid:collection-v1:arrears')).toBe(-300);
  });

  it('are of no channel where the money went back by other means', () => {
    const at = NOW;
    const no = '260301100000000001p1';
    const back = (name: 'refund.done' | 'refund.elsewhere') => {
      const events: OrderEvent[] = [
        { n: 2, at, name: 'payment.succeeded', by: 'channel', data: { no, fen: 5000 } },
        { n: 3, at, name: 'refund.approved', by: 'system', data: { no: `${no}r3`, fen: 5000 } },
        { n: 4, at, name, by: 'u2', data: { no: `${no}r3`, fen: 5000 } },
      ];
      const refund = { no: `${no}r3`, paymentNo: no, fen: 5000, reason: 'not-sold', at } as const;
      const refunds = [{ ...refund, status: 'done' as const }];
      return turnoverOf(
        postingsOf(sampleOrder({ payments: [samplePayment({ no, status: 'succeeded' })], refunds, events })),
      );
    };
    expect(Object.fromEntries(back('refund.done'))).toMatchObject({ 'channel:wechat': 0 });
    expect(Object.fromEntries(back('refund.elsewhere'))).toMatchObject({
      'channel:wechat': 5000,
      [ACCOUNTS.elsewhere]: -5000,
    });
  });

  it('give back at our own expense what the grid keeps, until it undoes the sale', () => {
    const at = NOW;
    const no = '260301100000000001p1';
    const events: OrderEvent[] = [
      { n: 2, at, name: 'payment.succeeded', by: 'channel', data: { no, fen: 5000 } },
      { n: 3, at, name: 'sale.sold', by: 'grid', data: { creditFen: 5000, arrearsFen: 0, feeFen: 0 } },
      { n: 4, at, name: 'refund.approved', by: 'u2', data: { no: `${no}r6`, fen: 300 } },
      { n: 5, at, name: 'refund.done', by: 'channel', data: { no: `${no}r6` } },
    ];
    const refunds = [
      { no: `${no}r6`, paymentNo: no, fen: 300, status: 'done', reason: 'requested', at } as const,
    ];
    const order = sampleOrder({ payments: [samplePayment({ no, status: 'succeeded' })], refunds, events });
    expect(turnoverOf(postingsOf(order)).get(ACCOUNTS.refundsOurs)).toBe(300);
    const undone: OrderEvent = { n: 6, at, name: 'sale.undone', by: 'grid' };
    const rest: OrderEvent = {
      n: 7,
      at,
      name: 'refund.approved',
      by: 'system',
      data: { no: `${no}r5`, fen: 4700 },
    };
    const sums = turnoverOf(postingsOf({ ...order, events: [...events, undone, rest] }));
    expect(Object.fromEntries(sums)).toMatchObject({
      'refunds:ours': 0,
      'payer:held': 0,
      'payer:refundable': -4700,
      'channel:wechat': 4700,
    });
  });
});
