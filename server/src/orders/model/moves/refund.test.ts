import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import { BY } from '../../../testing/order-steps.ts';
import type { Order, Refund, RefundStatus } from '../order.ts';
import {
  cashHandedOut,
  lastSentAt,
  owe,
  refundAccepted,
  refundEnded,
  refundNotSent,
  refundSent,
  refundSentAgain,
  refundTold,
  refundUnknown,
} from './refund.ts';

const NOW = at(0);
const EARLIER = at(-60_000);
const paid = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const one: Refund = {
  ...{ no: 'r1', paymentNo: 'p1', fen: 5000, status: 'sent', reason: 'not-sold' },
  ...{ at: EARLIER, sentAt: EARLIER },
};
const other: Refund = { ...one, no: 'r2', fen: 1, reason: 'compensation' };
const having = (refund: Refund, over: Partial<Order> = {}): Order =>
  sampleOrder({ payments: [paid], refunds: [other, refund], ...over });
const as = (status: RefundStatus): Order => having({ ...one, status });
const ALL: readonly RefundStatus[] = [
  ...(['requested', 'approved', 'sent', 'done', 'rejected', 'abnormal', 'unknown'] as const),
];

describe('money that is owed by rule', () => {
  const owed = {
    ...{ no: 'p1r3', paymentNo: 'p1', fen: 5000, status: 'approved', reason: 'not-sold' },
    ...{ requestedBy: 'system', approvedBy: 'system', at: NOW },
  };
  const approved = (data: object, by = 'system') => ({ name: 'refund.approved', by, data });

  it('is approved at once, without a person', () => {
    expect(owe(sampleOrder({ payments: [paid] }), paid, 'not-sold', NOW)).toStrictEqual({
      set: { refunds: [owed] },
      events: [approved({ no: 'p1r3', fen: 5000, reason: 'not-sold' })],
    });
  });

  it('is on the word of the two who had the sale undone', () => {
    const order = sampleOrder({ payments: [paid], reversal: { status: 'reversed', ...BY } });
    expect(owe(order, paid, 'requested', NOW)).toStrictEqual({
      set: {
        refunds: [{ ...owed, no: 'p1r4', reason: 'requested', requestedBy: 'u1', approvedBy: 'u2' }],
      },
      events: [approved({ no: 'p1r4', fen: 5000, reason: 'requested' }, 'u2')],
    });
    expect(owe(order, paid, 'not-sold', NOW)?.set).toStrictEqual({ refunds: [owed] });
  });

  it('is what compensations have left, beside them', () => {
    const given = { ...other, fen: 2000 };
    expect(
      owe(sampleOrder({ payments: [paid], refunds: [given] }), paid, 'not-sold', NOW)?.set,
    ).toStrictEqual({
      refunds: [given, { ...owed, fen: 3000 }],
    });
  });

  it('is nothing where nothing is left', () => {
    const refunds = [{ ...other, fen: 5000 }];
    expect(owe(sampleOrder({ payments: [paid], refunds }), paid, 'not-sold', NOW)).toBeUndefined();
  });

  it('is owed once, whatever the reason; what was refused, or another payment’s, does not count', () => {
    const of = (refund: Partial<Refund>): Order =>
      sampleOrder({ payments: [paid], refunds: [{ ...one, fen: 1, ...refund }] });
    expect(owe(of({}), paid, 'requested', NOW)).toBeUndefined();
    expect(owe(of({ status: 'rejected' }), paid, 'not-sold', NOW)?.set.refunds).toHaveLength(2);
    expect(owe(of({ paymentNo: 'p2' }), paid, 'not-sold', NOW)?.set.refunds).toHaveLength(2);
  });
});

describe.each([
  ['sent', (order: Order) => refundSent(order, 'r1', NOW), ['approved'], { status: 'sent', sentAt: NOW }],
  ['sent', (order: Order) => refundSentAgain(order, 'r1', NOW), ['sent', 'unknown'], { sentAgainAt: NOW }],
  ['not-sent', (order: Order) => refundNotSent(order, 'r1'), ['sent'], { status: 'approved' }],
  ['unknown', (order: Order) => refundUnknown(order, 'r1'), ['sent', 'abnormal'], { status: 'unknown' }],
  ['accepted', (order: Order) => refundAccepted(order, 'r1'), ['unknown', 'abnormal'], { status: 'sent' }],
  [
    'done',
    (order: Order) => refundEnded(order, 'r1', 'done'),
    ['sent', 'unknown', 'abnormal', 'approved'],
    { status: 'done' },
  ],
  [
    'abnormal',
    (order: Order) => refundEnded(order, 'r1', 'abnormal'),
    ['sent', 'unknown', 'approved'],
    { status: 'abnormal' },
  ],
] as const)('a refund that is %s', (...[name, move, from, to]) => {
  const may: readonly RefundStatus[] = from;

  it.each(ALL.filter((status) => may.includes(status)))('was %s, and no other changes', (status) => {
    expect(move(as(status))).toStrictEqual({
      set: { refunds: [other, { ...one, status, ...to }] },
      events: [{ name: `refund.${name}`, by: 'channel', data: { no: 'r1', fen: 5000 } }],
    });
  });

  it.each(ALL.filter((status) => !may.includes(status)))('was not %s', (status) => {
    expect(move(as(status))).toBeUndefined();
  });

  it('is one of the order’s', () => {
    expect(move(sampleOrder({ payments: [paid] }))).toBeUndefined();
  });
});

describe('when a refund was sent', () => {
  it('is when it was sent last', () => {
    expect(lastSentAt({})).toBeUndefined();
    expect(lastSentAt({ sentAt: EARLIER })).toBe(EARLIER);
    expect(lastSentAt({ sentAt: EARLIER, sentAgainAt: NOW })).toBe(NOW);
  });
});

describe('cash that goes back', () => {
  const cash = { ...paid, channel: 'cash', float: 'tianshan-1' } as const;
  const given = { at: NOW, by: 'u1', staff: '104817', terminalId: 'T1', slip: '000117' };

  it('is owed over the counter once its float has it', () => {
    const refunds = [{ ...other, paymentNo: 'p0' }, one];
    const order = sampleOrder({ payments: [{ ...paid, no: 'p0' }, cash], refunds });
    expect(refundEnded(order, 'r1', 'done')?.set.refunds?.[1]).toStrictEqual({
      ...{ ...one, status: 'done', handOut: { status: 'owed' } },
    });
    expect(refundEnded(order, 'r1', 'abnormal')?.set.refunds?.[1]).toStrictEqual({
      ...one,
      status: 'abnormal',
    });
  });

  it('is handed out once, by staff and on paper', () => {
    const owed: Refund = { ...one, status: 'done', handOut: { status: 'owed' } };
    const order = having(owed, { payments: [cash] });
    const handOut = { status: 'handed-out', ...given } as const;
    expect(cashHandedOut(order, 'r1', given)).toStrictEqual({
      set: { refunds: [other, { ...owed, handOut }] },
      events: [
        {
          ...{ name: 'refund.handed-out', by: 'u1' },
          data: { no: 'r1', fen: 5000, slip: '000117', terminalId: 'T1' },
        },
      ],
    });
    expect(cashHandedOut(having({ ...owed, handOut }), 'r1', given)).toBeUndefined();
  });

  it('is not handed out where none is owed', () => {
    expect(cashHandedOut(having(one), 'r1', given)).toBeUndefined();
    expect(cashHandedOut(having(one), 'r3', given)).toBeUndefined();
  });
});

describe('what a notification says of a refund', () => {
  const told = (status: 'done' | 'abnormal' | 'closed', refundFen?: number) =>
    ({ refundNo: 'r1', status, refundFen }) as const;

  it.each([undefined, 5000])('is that it is done, of the whole sum (%s)', (fen) => {
    const order = as('sent');
    // Also where it was said before the refund was sent last: money that is back is back.
    expect(refundTold(order, told('done', fen), at(-120_000))).toStrictEqual(
      refundEnded(order, 'r1', 'done'),
    );
  });

  it.each([
    ['done, of another sum', told('done', 4999)],
    ['abnormal', told('abnormal', 5000)],
    ['closed', told('closed')],
  ])('is that it failed: %s', (_, report) => {
    const order = as('sent');
    expect(refundTold(order, report, at(-59_999))).toStrictEqual(refundEnded(order, 'r1', 'abnormal'));
  });

  it('is of a time before where it comes no later than the refund was sent last', () => {
    expect(refundTold(as('sent'), told('abnormal'), EARLIER)).toBeUndefined();
    const again = having({ ...one, sentAgainAt: NOW });
    expect(refundTold(again, told('abnormal'), NOW)).toBeUndefined();
    expect(refundTold(again, told('abnormal'), at(1))).toBeDefined();
  });

  it('is nothing where it was never sent, or is not the order’s', () => {
    const { sentAt: _, ...unsent } = one;
    expect(refundTold(having({ ...unsent, status: 'approved' }), told('abnormal'), NOW)).toBeUndefined();
    expect(refundTold(sampleOrder(), told('done'), NOW)).toBeUndefined();
  });
});
