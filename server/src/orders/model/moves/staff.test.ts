import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import { BY } from '../../../testing/order-steps.ts';
import type { Order, Refund } from '../order.ts';
import {
  decided,
  followsCard,
  refundedElsewhere,
  staffReversalSent,
  treatedAsSold,
  wasReleased,
} from './staff.ts';

const NOW = at(0);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const sold = (over: Partial<Order> = {}): Order =>
  sampleOrder({ payments: [funding], sale: { status: 'sold', saleNo: 's0', reason: 'old' }, ...over });
const refund: Refund = {
  ...{ no: 'p1r3', paymentNo: 'p1', fen: 5000, status: 'approved', reason: 'not-sold', at: NOW },
};
const decision = (data: object) => ({ name: 'order.decided', by: 'u2', data });

describe('a plan', () => {
  it('counts as released once there was a lease, or a write of any kind', () => {
    expect(wasReleased(sold())).toBe(false);
    expect(wasReleased(sold({ write: { status: 'none', lease: 1 } }))).toBe(true);
    expect(wasReleased(sold({ write: { status: 'failed' } }))).toBe(true);
  });
});

describe('a sale that two persons undo', () => {
  const events = [
    decision({ action: 'reverse', requestedBy: 'u1', approval: 'a1' }),
    { name: 'reversal.sent', by: 'system' },
  ];
  const reversal = { status: 'sent', sentAt: NOW, reason: 'staff', ...BY };

  it.each(['sold', 'unknown', 'sent'] as const)(
    'is written down with both, before it is sent (%s)',
    (status) => {
      expect(staffReversalSent(sold({ sale: { status } }), { ...BY, now: NOW })).toStrictEqual({
        set: { reversal, attention: null },
        events,
      });
    },
  );

  it('keeps what the order was in attention for', () => {
    const order = sold({ attention: 'grid-disagrees', credit: { status: 'failed' } });
    expect(staffReversalSent(order, { ...BY, now: NOW })).toStrictEqual({
      set: { reversal: { ...reversal, was: 'grid-disagrees' }, attention: null },
      events,
    });
  });

  it.each<[string, Partial<Order>]>([
    ['not sent', { sale: { status: 'none' } }],
    ['given up', { sale: { status: 'rejected' } }],
    ['released to a terminal', { write: { status: 'released', lease: 1 } }],
    ['being undone', { reversal: { status: 'unknown' } }],
    ['undone', { reversal: { status: 'reversed' } }],
    ['not paid', { payments: [] }],
    ['given back', { refunds: [refund] }],
    ['on its way to the meter', { credit: { status: 'unknown' } }],
    ['in the meter', { credit: { status: 'credited' } }],
  ])('is not undone where it is %s', (_, over) => {
    expect(staffReversalSent(sold(over), { ...BY, now: NOW })).toBeUndefined();
  });
});

describe('a decision', () => {
  const was = sold({ attention: 'grid-disagrees' });

  it('takes an order out of attention, and says who, and of what', () => {
    expect(decided(was, { ...BY, action: 'resume' })).toStrictEqual({
      set: { attention: null },
      events: [decision({ action: 'resume', was: 'grid-disagrees', requestedBy: 'u1', approval: 'a1' })],
    });
  });

  it('is none where an order waits for none', () => {
    expect(decided(sold(), { ...BY, action: 'resume' }, { saleSlot: 's' })).toBeUndefined();
  });
});

describe('an order that is treated as sold', () => {
  const amounts = { saleNo: 's1', creditFen: 4000, arrearsFen: 900, feeFen: 100 };
  const given: Partial<Order> = { attention: 'late-sale', saleSlot: null };
  const set = {
    sale: { status: 'sold', ...amounts },
    saleSlot: 'collection-v1:000000000001:2',
    attention: null,
  };
  const heard = { name: 'sale.sold', by: 'grid', data: { ...amounts, count: 2 } };
  const said = decision({
    ...{ action: 'treat-as-sold', was: 'late-sale', requestedBy: 'u1', approval: 'a1' },
  });

  it('has its sale and its slot again, by the grid’s amounts', () => {
    const order = sold({ ...given, sale: { status: 'rejected', reason: 'refused' } });
    expect(treatedAsSold(order, amounts, BY)).toStrictEqual({ set, events: [heard, said] });
  });

  it('has no reversal any more, and its card is to be had where a refund was chosen', () => {
    const order = sold({ ...given, reversal: { status: 'refused' }, fallback: 'refund' });
    expect(treatedAsSold(order, amounts, BY)?.set).toStrictEqual({
      ...{ ...set, reversal: { status: 'none' }, fallback: 'card' },
    });
  });

  it('is told to the grid no more where its card is written', () => {
    const order = sold({ ...given, write: { status: 'written', lease: 1, confirmed: false } });
    expect(treatedAsSold(order, amounts, BY)?.set).toStrictEqual({
      ...{ ...set, write: { status: 'written', lease: 1, confirmed: true } },
    });
  });

  it('is not given back: a refund that was not sent yet is refused', () => {
    const other = { ...refund, no: 'p2r1', paymentNo: 'p2' };
    const order = sold({ ...given, refunds: [other, refund] });
    expect(treatedAsSold(order, amounts, BY)).toStrictEqual({
      set: { ...set, refunds: [other, { ...refund, status: 'rejected' }] },
      events: [{ name: 'refund.rejected', by: 'u2', data: { no: 'p1r3', fen: 5000 } }, heard, said],
    });
  });

  it.each<[string, Partial<Order>]>([
    ['it is not paid', { payments: [] }],
    ['its money was sent back', { refunds: [{ ...refund, status: 'sent', sentAt: NOW }] }],
    ['its money was tried to be sent back', { refunds: [{ ...refund, sentAt: NOW }] }],
    ['its money is back', { refunds: [{ ...refund, status: 'done' }] }],
    ['no person has to decide', { attention: null }],
  ])('is none where %s', (_, over) => {
    expect(treatedAsSold(sold({ ...given, ...over }), amounts, BY)).toBeUndefined();
  });
});

describe('money that was given back by other means', () => {
  const abnormal: Refund = { ...refund, status: 'abnormal' };

  it('counts as done for the refunds that failed, of those that are named', () => {
    const refunds = [abnormal, { ...abnormal, no: 'r2' }, { ...refund, no: 'r3' }];
    expect(refundedElsewhere(sold({ refunds }), BY, ['p1r3', 'r3'])).toStrictEqual({
      set: {
        refunds: [{ ...abnormal, status: 'done', requestedBy: 'u1', approvedBy: 'u2' }, ...refunds.slice(1)],
      },
      events: [
        {
          ...{ name: 'refund.elsewhere', by: 'u2' },
          data: { no: 'p1r3', fen: 5000, requestedBy: 'u1', approval: 'a1' },
        },
      ],
    });
  });

  it('is none where none of them failed', () => {
    expect(refundedElsewhere(sold({ refunds: [refund] }), BY, ['p1r3'])).toBeUndefined();
  });
});

describe('an order whose household got another card', () => {
  const other = {
    requestNo: 'c1',
    chip: 'CPU',
    serial: '0000000000000002',
    imageDigest: 'b'.repeat(64),
  } as const;
  const at2 = { ...other, terminalId: 'T2', until: at(120_000) };
  const released = (lease: number) => ({
    ...{ name: 'write.released', by: 'staff' },
    data: { lease, terminalId: 'T2', requestNo: 'c1' },
  });

  it('follows it, and is released to the terminal that has it', () => {
    expect(followsCard(sold({ write: { status: 'failed', lease: 3 } }), at2)).toStrictEqual({
      set: {
        ...{ chip: 'CPU', serial: other.serial, imageDigest: other.imageDigest, watchers: ['T1', 'T2'] },
        write: {
          status: 'released',
          lease: 4,
          terminalId: 'T2',
          leaseUntil: at(120_000),
          releasedDigest: other.imageDigest,
        },
      },
      events: [{ name: 'card.replaced', by: 'staff', data: { requestNo: 'c1' } }, released(4)],
    });
  });

  it('is released once more to the same card and terminal', () => {
    const order = sold({ serial: other.serial, watchers: ['T2'] });
    expect(followsCard(order, at2)).toStrictEqual({
      set: {
        ...{ watchers: ['T2'] },
        write: {
          status: 'released',
          lease: 1,
          terminalId: 'T2',
          leaseUntil: at(120_000),
          releasedDigest: other.imageDigest,
        },
      },
      events: [released(1)],
    });
  });

  it.each<[string, Partial<Order>]>([
    ['it is not sold', { sale: { status: 'unknown' } }],
    ['its sale is being undone', { reversal: { status: 'sent' } }],
  ])('stays as it is where %s', (_, over) => {
    expect(followsCard(sold(over), at2)).toBeUndefined();
  });
});
