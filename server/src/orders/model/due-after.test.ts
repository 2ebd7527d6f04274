import { describe, expect, it } from 'vitest';
import { at } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { POLICY } from '../../testing/order-steps.ts';
import { dueOf, duesAfter, duesOf, duesPutOff, withDues } from './due.ts';
import type { Dues, Order, Refund } from './order.ts';

const NOW = at(0);
/** A time that no rule gives: only what was kept has it. */
const KEPT = at(77);
const OLD = at(-600_000);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const refund: Refund = {
  ...{ no: 'r1', paymentNo: 'p9', fen: 1, status: 'sent', reason: 'late-payment', at: OLD, sentAt: OLD },
};
const paid = (over: Partial<Order>): Order =>
  sampleOrder({ payments: [funding], sale: { status: 'sold' }, dueAt: KEPT, ...over });

describe('the time of one part of an order', () => {
  it('is the order’s where it keeps one for all', () => {
    expect(dueOf({ dueAt: KEPT }, 'sale')).toBe(KEPT);
    expect(dueOf({ dueAt: null }, 'sale')).toBeNull();
  });

  it('is its own where there are several, and none where it has none', () => {
    const order = { dueAt: NOW, dues: { sale: KEPT, r1: NOW } };
    expect(dueOf(order, 'sale')).toBe(KEPT);
    expect(dueOf(order, 'confirm')).toBeNull();
  });
});

describe('an order with its times', () => {
  const had = sampleOrder({ dueAt: OLD, dues: { old: OLD } });
  const { dues: _, ...bare } = had;

  it.each<[string, Dues, object]>([
    ['none at rest', {}, { dueAt: null }],
    ['one where one part moves', { sale: KEPT }, { dueAt: KEPT }],
    [
      'the earliest of several, and each',
      { sale: KEPT, r1: NOW },
      { dueAt: NOW, dues: { sale: KEPT, r1: NOW } },
    ],
  ])('has %s', (_name, dues, times) => {
    expect(withDues(had, dues)).toEqual({ ...bare, ...times });
  });
});

describe('the times after a move', () => {
  const after = (before: Order, now: Partial<Order>): Dues =>
    duesAfter(before, { ...before, ...now }, NOW, POLICY);

  const parts: [string, Order, Partial<Order>][] = [
    ['sale', paid({ sale: { status: 'unknown', sentAt: OLD } }), { sale: { status: 'unknown' } }],
    ['reversal', paid({ reversal: { status: 'unknown', sentAt: OLD } }), { reversal: { status: 'unknown' } }],
    [
      'credit',
      paid({ kind: 'remote', credit: { status: 'unknown', sentAt: OLD } }),
      { credit: { status: 'unknown' } },
    ],
    ['confirm', paid({ write: { status: 'written', at: OLD } }), { write: { status: 'written' } }],
    ['r1', paid({ refunds: [refund] }), { refunds: [{ ...refund, status: 'unknown' }] }],
    [
      'p2',
      paid({ payments: [funding, samplePayment({ no: 'p2' })] }),
      { payments: [funding, samplePayment({ no: 'p2', status: 'unknown' })] },
    ],
  ];

  it.each(parts)('keep that of a part that it did not touch: %s', (part, before) => {
    expect(after(before, { watchers: ['T2'] })).toEqual({ [part]: KEPT });
  });

  it('keep each its own: a refund that moves touches no other, and no payment', () => {
    const other = { ...refund, no: 'r2' };
    const live = samplePayment({ no: 'p2' });
    const dues = { r1: KEPT, r2: KEPT, p2: KEPT };
    const before = paid({ payments: [funding, live], refunds: [refund, other], dues });
    const now = after(before, { refunds: [{ ...refund, status: 'unknown' }, other] });
    expect(now).toEqual({ ...dues, r1: duesOf(before, NOW, POLICY)['r1'] });
  });

  it.each(parts)('are new for a part that it touched: %s', (part, before, touched) => {
    const fresh = duesOf({ ...before, ...touched }, NOW, POLICY);
    expect(Object.keys(fresh)).toEqual([part]);
    expect(after(before, touched)).toEqual(fresh);
  });

  it('are new for a part that had none', () => {
    const before = paid({ sale: { status: 'unknown', sentAt: OLD }, attention: 'grid-disagrees' });
    const now = { attention: null };
    expect(after(before, now)).toEqual(duesOf({ ...before, ...now }, NOW, POLICY));
    const without = paid({ refunds: [refund], dues: { other: KEPT } });
    expect(after(without, { watchers: ['T2'] })).toEqual(duesOf(without, NOW, POLICY));
  });

  it('are new for the end of an order that cannot be paid', () => {
    const before = sampleOrder({ createdAt: OLD, dueAt: KEPT });
    expect(after(before, { watchers: ['T2'] })).toEqual({ closing: at(-300_000) });
  });

  it.each<[string, Partial<Order>]>([
    ['is to be closed', { closure: { status: 'asked' } }],
    ['is paid by another', { payments: [samplePayment({ no: 'p2' }), funding] }],
  ])('are new for a payment whose order %s', (_, now) => {
    const [live] = now.payments ?? [samplePayment({ no: 'p2' })];
    const before = sampleOrder({ payments: live === undefined ? [] : [live], dueAt: KEPT });
    expect(after(before, { sale: { status: 'sold' }, ...now })).toEqual({ p2: at(POLICY.minBackoffMs) });
  });
});

describe('the times when some parts have been looked at in vain', () => {
  const order = paid({ refunds: [refund, { ...refund, no: 'r2' }], dues: { r1: KEPT, r2: KEPT } });
  const fresh = duesOf(order, NOW, POLICY);

  it('are new for those, and no others', () => {
    expect(fresh['r2']).toEqual(at(300_000));
    const policy = { now: NOW, policy: POLICY };
    expect(duesPutOff(order, (part) => part === 'r2', policy)).toEqual({ r1: KEPT, r2: fresh['r2'] });
  });

  it('are new for one that had none', () => {
    const bare = { ...order, dues: { r1: KEPT } };
    expect(duesPutOff(bare, () => false, { now: NOW, policy: POLICY })).toEqual({
      ...{ r1: KEPT, r2: fresh['r2'] },
    });
  });
});
