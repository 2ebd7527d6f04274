import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import { soldAs } from '../../../testing/order-steps.ts';
import type { Order, Refund } from '../order.ts';
import {
  creditDoubted,
  needsAttention,
  saleDenied,
  saleGivenUp,
  saleNotFound,
  saleNotSent,
  saleRejected,
  saleSold,
  saleUnknown,
  saleWithoutCredit,
  slotOf,
  soldEvent,
  startSale,
} from './sale.ts';

const NOW = at(0);
const FIRST = at(-60_000);
const SLOT = 'collection-v1:000000000001:2';
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const paid = (over: Partial<Order> = {}): Order => sampleOrder({ payments: [funding], ...over });
const sent = { status: 'sent', firstSentAt: FIRST, sentAt: FIRST, tries: 2, notFound: 0 } as const;
const OWED: Refund = {
  ...{ no: 'p1r3', paymentNo: 'p1', fen: 5000, status: 'approved', reason: 'not-sold' },
  ...{ requestedBy: 'system', approvedBy: 'system', at: NOW },
};
const OWED_EVENT = {
  ...{ name: 'refund.approved', by: 'system' },
  data: { no: 'p1r3', fen: 5000, reason: 'not-sold' },
};

describe('a sale that is begun', () => {
  it('has the slot of its meter and count, and is written down as sent', () => {
    expect(slotOf(sampleOrder())).toBe(SLOT);
    expect(startSale(paid(), NOW)).toStrictEqual({
      set: { sale: { status: 'sent', firstSentAt: NOW, sentAt: NOW, tries: 1 }, saleSlot: SLOT },
      events: [{ name: 'sale.sent', by: 'system', data: { count: 2, tries: 1 } }],
    });
  });

  it('counts its tries from the first', () => {
    expect(startSale(paid({ sale: { ...sent, status: 'none' } }), NOW)).toStrictEqual({
      set: { sale: { ...sent, sentAt: NOW, tries: 3 }, saleSlot: SLOT },
      events: [{ name: 'sale.sent', by: 'system', data: { count: 2, tries: 3 } }],
    });
  });

  it('is not begun twice, nor without money', () => {
    expect(startSale(paid({ sale: sent }), NOW)).toBeUndefined();
    expect(startSale(sampleOrder(), NOW)).toBeUndefined();
  });
});

describe.each([
  ['did not leave', saleNotSent, 'none', 'sale.not-sent'],
  ['has no answer', saleUnknown, 'unknown', 'sale.unknown'],
] as const)('a sale that %s', (...[, move, status, name]) => {
  it('is written down as it is', () => {
    expect(move(paid({ sale: sent }), 2)).toStrictEqual({
      set: { sale: { ...sent, status } },
      events: [{ name, by: 'grid' }],
    });
  });

  it('stays as it is where another try was sent since, or it was heard of', () => {
    expect(move(paid({ sale: sent }), 1)).toBeUndefined();
    expect(move(paid({ sale: { ...sent, status: 'sold' } }), 2)).toBeUndefined();
  });
});

describe('a later try of which the grid says that our credit was short', () => {
  const waits = { ...sent, status: 'unknown', tries: 2, noCreditAt: NOW } as const;

  it('is looked at once by all who looked at the same time, and then again', () => {
    const first = creditDoubted(paid({ sale: waits }), waits);
    expect(first).toStrictEqual({
      set: { sale: { ...waits, noCreditLooks: 1 } },
      events: [{ name: 'sale.unknown', by: 'grid' }],
    });
    const once = { ...waits, noCreditLooks: 1 };
    expect(creditDoubted(paid({ sale: once }), waits)).toBeUndefined();
    expect(creditDoubted(paid({ sale: once }), once)?.set.sale).toMatchObject({ noCreditLooks: 2 });
  });

  it('stays as it is where another was sent since, it was heard of, or it is being buried', () => {
    expect(creditDoubted(paid({ sale: { ...waits, tries: 3 } }), waits)).toBeUndefined();
    expect(creditDoubted(paid({ sale: { ...waits, status: 'sold' } }), waits)).toBeUndefined();
    expect(creditDoubted(paid({ sale: waits, reversal: { status: 'sent' } }), waits)).toBeUndefined();
  });

  it('is forgotten with the next try', () => {
    const again = startSale(paid({ sale: { ...waits, status: 'none', noCreditLooks: 3 } }), NOW);
    expect(again?.set.sale).not.toHaveProperty('noCreditLooks');
  });
});

describe('a sale that the grid made', () => {
  const told = soldAs(paid(), { arrearsFen: 700 });
  const amounts = { saleNo: 's1', creditFen: 4290, arrearsFen: 700, feeFen: 10 };
  const event = { name: 'sale.sold', by: 'grid', data: { ...amounts, count: 2 } };

  it('is taken down with all its amounts', () => {
    expect(saleSold(paid({ sale: sent }), told, NOW)).toStrictEqual({
      set: { sale: { ...sent, status: 'sold', ...amounts } },
      events: [event],
    });
    expect(soldEvent(told, 2)).toStrictEqual(event);
  });

  it.each([
    ['count', { count: 3 }],
    ['amount', { faceFen: 4000 }],
    ['order', { orderNo: 'another' }],
  ])('is a person’s to look at where its %s is not what was asked for', (_, other) => {
    const sold = { ...told, ...other };
    expect(saleSold(paid({ sale: sent }), sold, NOW)).toStrictEqual({
      set: { sale: { ...sent, status: 'sold', ...amounts }, attention: 'sale-mismatch' },
      events: [{ ...event, data: { ...amounts, count: sold.count } }],
    });
  });

  it('is heard of once', () => {
    expect(saleSold(paid({ sale: { ...sent, status: 'sold' } }), told, NOW)).toBeUndefined();
  });

  it.each([
    ['given up', { ...sent, status: 'rejected' }],
    ['never asked for', { status: 'none' }],
  ] as const)('is late where it was %s: a person’s, and undone', (_, sale) => {
    expect(saleSold(paid({ sale }), told, NOW)).toStrictEqual({
      set: { attention: 'late-sale', reversal: { status: 'sent', sentAt: NOW, reason: 'late-sale' } },
      events: [
        { name: 'order.attention', by: 'system', data: { reason: 'late-sale' } },
        { name: 'reversal.sent', by: 'system' },
      ],
    });
    expect(saleSold(paid({ sale, attention: 'late-sale' }), told, NOW)).toBeUndefined();
  });
});

describe('a sale that the grid will not make', () => {
  const rejected = { set: { sale: { ...sent, status: 'rejected', reason: 'room' }, saleSlot: null } };
  const event = { name: 'sale.rejected', by: 'grid', data: { reason: 'room' } };

  it('frees its slot, and the money is owed', () => {
    expect(saleRejected(paid({ sale: sent, saleSlot: SLOT }), 'room', NOW)).toStrictEqual({
      set: { ...rejected.set, refunds: [OWED] },
      events: [event, OWED_EVENT],
    });
  });

  it('owes no money twice', () => {
    const order = paid({ sale: sent, saleSlot: SLOT, refunds: [OWED] });
    expect(saleRejected(order, 'room', NOW)).toStrictEqual({ ...rejected, events: [event] });
  });

  it.each(['sold', 'rejected'] as const)('is not given up once it is %s', (status) => {
    expect(saleRejected(paid({ sale: { status } }), 'room', NOW)).toBeUndefined();
  });

  it('is not given up where nothing was paid for it', () => {
    expect(saleRejected(sampleOrder({ sale: sent }), 'room', NOW)).toBeUndefined();
  });
});

describe('a sale that the grid does not know', () => {
  it('is asked about once more', () => {
    const { notFound: _, ...sale } = sent;
    expect(saleNotFound(paid({ sale }), NOW)).toStrictEqual({
      set: { sale: { ...sale, status: 'unknown', notFound: 1 } },
      events: [{ name: 'sale.not-found', by: 'grid', data: { notFound: 1 } }],
    });
  });

  it('has its number buried the second time', () => {
    expect(saleNotFound(paid({ sale: { ...sent, status: 'unknown', notFound: 1 } }), NOW)).toStrictEqual({
      set: {
        sale: { ...sent, status: 'unknown', notFound: 2 },
        reversal: { status: 'sent', sentAt: NOW, reason: 'not-found' },
      },
      events: [
        { name: 'sale.not-found', by: 'grid', data: { notFound: 2 } },
        { name: 'reversal.sent', by: 'system' },
      ],
    });
  });

  it('is not buried where it was heard of, or is being undone already', () => {
    expect(saleNotFound(paid({ sale: { ...sent, status: 'sold', notFound: 1 } }), NOW)).toBeUndefined();
    const order = paid({ sale: sent, reversal: { status: 'unknown' } });
    expect(saleNotFound(order, NOW)).toBeUndefined();
  });
});

describe('what a person must decide', () => {
  it('is written down once, for the first reason', () => {
    expect(needsAttention(paid(), 'payment-mismatch')).toStrictEqual({
      set: { attention: 'payment-mismatch' },
      events: [{ name: 'order.attention', by: 'system', data: { reason: 'payment-mismatch' } }],
    });
    expect(needsAttention(paid({ attention: 'late-sale' }), 'payment-mismatch')).toBeUndefined();
  });

  it('is a sale that we hold and the grid denies, unless it is being undone', () => {
    const sold = paid({ sale: { status: 'sold' } });
    expect(saleDenied(sold)).toStrictEqual(needsAttention(sold, 'grid-disagrees'));
    expect(saleDenied(paid({ sale: sent }))).toBeUndefined();
    expect(saleDenied({ ...sold, reversal: { status: 'sent' } })).toBeUndefined();
    expect(saleDenied({ ...sold, reversal: { status: 'unknown' } })).toBeUndefined();
  });
});

describe('a sale for which what we have at the grid does not suffice', () => {
  it.each(['sent', 'unknown'] as const)('is told at its first refusal, however it was: %s', (status) => {
    expect(saleWithoutCredit(paid({ sale: { ...sent, status } }), 2, NOW)).toStrictEqual({
      set: { sale: { ...sent, status: 'none', noCreditAt: NOW } },
      events: [{ name: 'sale.no-credit', by: 'grid' }],
    });
    const again = saleWithoutCredit(paid({ sale: { ...sent, status, noCreditAt: FIRST } }), 2, NOW);
    expect(again?.set.sale?.noCreditAt).toEqual(FIRST);
  });

  it.each<[string, Partial<Order>, number]>([
    ['by another try', { sale: sent }, 1],
    ['that does not wait', { sale: { ...sent, status: 'sold' } }, 2],
    ['that is being undone', { sale: sent, reversal: { status: 'sent' } }, 2],
  ])('is not told %s', (_, over, tries) => {
    expect(saleWithoutCredit(paid(over), tries, NOW)).toBeUndefined();
  });
});

describe('a sale that is given up', () => {
  it('buries its number before anything else', () => {
    expect(saleGivenUp(paid({ sale: { ...sent, status: 'none' } }), NOW)).toStrictEqual({
      set: {
        sale: { ...sent, status: 'unknown' },
        reversal: { status: 'sent', sentAt: NOW, reason: 'vendor-credit' },
      },
      events: [{ name: 'reversal.sent', by: 'system' }],
    });
  });

  it.each<[string, Partial<Order>]>([
    ['is under way', { sale: sent }],
    ['is being undone already', { reversal: { status: 'sent' } }],
    ['was undone', { reversal: { status: 'reversed' } }],
  ])('is none that %s', (_, over) => {
    expect(saleGivenUp(paid(over), NOW)).toBeUndefined();
  });
});
