import { describe, expect, it } from 'vitest';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order } from '../order.ts';
import { isHouseholdChange } from '../household-change.ts';
import { undoneByChange } from './household-change.ts';

const no = '260301100000000001p1';
const sold = (over: Partial<Order> = {}): Order =>
  sampleOrder({
    ...{ state: 'sold', sale: { status: 'sold', creditFen: 5000 }, saleSlot: 'slot' },
    payments: [samplePayment({ no, status: 'succeeded', funds: true })],
    ...over,
  });
const undone = (order: Order) => undoneByChange(order, 'meter-changed', SAMPLE_TIME);

describe('a change of the household', () => {
  it('has the grid undo what is sold and on no card, and says why', () => {
    expect(undone(sold())).toEqual({
      set: { reversal: { status: 'sent', sentAt: SAMPLE_TIME, reason: 'meter-changed' } },
      events: [{ name: 'reversal.sent', by: 'system', data: { reason: 'meter-changed' } }],
    });
    expect(undone(sold({ kind: 'remote', credit: { status: 'failed' } }))).toBeDefined();
  });

  it.each<[string, Partial<Order>]>([
    ['is not sold', { sale: { status: 'sent' } }],
    ['is not sold any more', { sale: { status: 'rejected' } }],
    ['may be on its card', { write: { status: 'released', lease: 1 } }],
    ['was released once', { write: { status: 'none', lease: 1 } }],
    ['is on its card', { write: { status: 'written', lease: 1 } }],
    ['is on its way to the meter', { credit: { status: 'sent' } }],
    ['may be in the meter', { credit: { status: 'unknown' } }],
    ['is in the meter', { credit: { status: 'credited' } }],
    ['is being undone', { reversal: { status: 'sent' } }],
    ['is not undone by the grid', { reversal: { status: 'refused' } }],
    ['waits for a person', { attention: 'sale-mismatch' }],
    [
      'was not undone once, and was decided by persons',
      { events: [{ n: 9, at: SAMPLE_TIME, name: 'reversal.refused', by: 'grid' }] },
    ],
    ['was not paid', { payments: [] }],
    [
      'is given back',
      {
        refunds: [
          {
            no: `${no}r3`,
            paymentNo: no,
            fen: 5000,
            status: 'approved',
            reason: 'not-sold',
            at: SAMPLE_TIME,
          },
        ],
      },
    ],
  ])('leaves what %s', (_, over) => expect(undone(sold(over))).toBeUndefined());

  it('is one of three', () => {
    const all = ['meter-changed', 'holder-changed', 'customer-closed'];
    expect([...all, 'count', undefined].filter(isHouseholdChange)).toEqual(all);
  });
});
