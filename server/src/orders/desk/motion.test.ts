import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import type { OrderState } from '@bianmin/purchase/api/order';
import { testConfig } from '../../testing/config.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { duesOf } from '../model/due.ts';
import { motionsOf, overdueOf } from './motion.ts';
import type { Order, Refund } from '../model/order.ts';
import { policyOf } from '../model/policy.ts';
import { deriveState, fundingRefundOf } from '../model/state.ts';

const policy = policyOf(testConfig());
const later = (ms: number) => new Date(SAMPLE_TIME.getTime() + ms);

/** States in which no person has to begin anything: an order must not rest in them. */
const MOVING: readonly OrderState[] = ['created', 'paying', 'paid', 'grid-silent', 'crediting', 'refunding'];

const time = fc.integer({ min: 0, max: 10 * 86_400_000 }).map(later);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const payments = fc.array(
  fc.record({
    status: fc.constantFrom('created', 'pending', 'succeeded', 'closed', 'unknown'),
    codeUrl: fc.constantFrom(null, 'code'),
    expiresAt: time,
    lookAgainAt: maybe(time),
  }),
  { maxLength: 3 },
);
const refund = fc.record({
  status: fc.constantFrom('requested', 'approved', 'sent', 'done', 'rejected', 'abnormal', 'unknown'),
  reason: fc.constantFrom('not-sold', 'compensation'),
  at: time,
  sent: fc.boolean(),
});

/** Any order that the facts' own types allow, also ones that no move leads to. */
const orders: fc.Arbitrary<Order> = fc
  .record({
    kind: fc.constantFrom('card', 'remote'),
    payments,
    sale: fc.constantFrom('none', 'sent', 'sold', 'rejected', 'unknown'),
    firstSentAt: maybe(time),
    reversal: fc.constantFrom('none', 'sent', 'reversed', 'refused', 'unknown'),
    write: fc.constantFrom('none', 'released', 'written', 'failed'),
    credit: fc.constantFrom('none', 'sent', 'credited', 'failed', 'unknown'),
    fallback: maybe(fc.constantFrom('card', 'refund')),
    refunds: fc.array(refund, { maxLength: 2 }),
    closure: fc.constantFrom('open', 'asked', 'closed'),
    attention: fc.constantFrom(null, 'late-sale', 'payment-mismatch', 'grid-disagrees'),
  })
  .map((facts) => {
    const paid = facts.payments.findIndex(({ status }) => status === 'succeeded');
    const all = facts.payments.map(({ lookAgainAt, ...each }, n) =>
      samplePayment({
        ...each,
        ...(lookAgainAt === undefined ? {} : { lookAgainAt }),
        no: `260301100000000001p${n + 1}`,
        funds: n === paid,
      }),
    );
    const sentAt = facts.firstSentAt ?? SAMPLE_TIME;
    const order = sampleOrder({
      ...{ kind: facts.kind, payments: all, attention: facts.attention },
      sale: {
        status: facts.sale,
        ...(facts.firstSentAt === undefined ? {} : { firstSentAt: facts.firstSentAt, sentAt, tries: 1 }),
      },
      reversal: { status: facts.reversal, sentAt },
      write: { status: facts.write, at: sentAt, confirmed: true },
      credit: { status: facts.credit, firstSentAt: sentAt, sentAt },
      ...(facts.fallback === undefined ? {} : { fallback: facts.fallback }),
      refunds: facts.refunds.map(({ sent, ...each }, n): Refund => ({
        ...each,
        ...{ no: `r${n}`, paymentNo: all[Math.max(0, paid)]?.no ?? 'p', fen: 100 },
        ...(sent ? { sentAt: each.at } : {}),
      })),
      closure: { status: facts.closure },
    });
    return { ...order, state: deriveState(order) };
  });

/** Enough to hold some order in each state. */
const SAMPLE = fc.sample(orders, { numRuns: 6_000, seed: 7 });

describe('an order that moves by itself', () => {
  it('has a time to be looked at exactly while something of it moves', () => {
    fc.assert(
      fc.property(orders, time, (order, now) => {
        const moves = motionsOf(order, policy).length > 0;
        expect(Object.keys(duesOf(order, now, policy)).length > 0).toBe(moves);
      }),
      { numRuns: runs(3_000) },
    );
  });

  it('is told to a person once it has moved for longer than every horizon', () => {
    fc.assert(
      fc.property(orders, (order) => {
        const motions = motionsOf(order, policy);
        expect(overdueOf(order, later(20 * 86_400_000), policy)).toEqual(motions);
        expect(overdueOf(order, new Date(0), policy)).toEqual([]);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it.each(MOVING)('never rests in %s', (state) => {
    const found = SAMPLE.filter((order) => order.state === state);
    expect(found.length).toBeGreaterThan(0);
    for (const order of found.filter(isReachable)) {
      expect(motionsOf(order, policy), JSON.stringify(order)).not.toEqual([]);
    }
  });
});

/** What no move leads to: a choice of refund without its reversal, a remote order whose sale was undone unrefunded. */
function isReachable(order: Order): boolean {
  const undoing = order.reversal.status === 'sent' || order.reversal.status === 'unknown';
  if (order.fallback === 'refund' && !undoing && fundingRefundOf(order) === undefined) return false;
  const byPerson = order.refunds.some(({ status }) => status === 'requested');
  const reversed = order.reversal.status === 'reversed' && order.sale.status === 'sold';
  return !byPerson && !reversed;
}
