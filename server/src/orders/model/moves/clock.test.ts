import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order, Refund } from '../order.ts';
import { clockSet } from './clock.ts';

const NOW = at(0);
const PAST = at(-1);
const AHEAD = at(3_600_000);
const refund = (no: string, when: Date): Refund => ({
  ...{ no, paymentNo: 'p1', fen: 1, status: 'sent', reason: 'not-sold' },
  ...{ at: when, sentAt: when, sentAgainAt: when },
});
const times = (when: Date): Partial<Order> => ({
  createdAt: PAST,
  sale: { status: 'sent', firstSentAt: when, sentAt: when, tries: 1 },
  reversal: { status: 'sent', sentAt: when },
  credit: { status: 'sent', firstSentAt: when, sentAt: when },
  write: { status: 'released', lease: 1, leaseUntil: when, at: when },
  payments: [
    samplePayment({ no: 'p1', createdAt: PAST, expiresAt: PAST }),
    samplePayment({ no: 'p2', createdAt: when, expiresAt: when, lookAgainAt: when }),
  ],
  refunds: [refund('r1', PAST), refund('r2', when)],
});
const clock = { name: 'order.clock-set', by: 'system' };

describe('times that a clock ahead has said', () => {
  it('are taken as now, and those that have come stay', () => {
    const { createdAt: _, ...set } = times(NOW);
    expect(clockSet(sampleOrder(times(AHEAD)), NOW)).toStrictEqual({ set, events: [clock] });
  });

  it.each(['sale', 'reversal', 'credit', 'write', 'payments', 'refunds'] as const)(
    'are set where only the %s has one',
    (name) => {
      const order = sampleOrder({ ...times(PAST), [name]: times(AHEAD)[name] });
      expect(clockSet(order, NOW)?.set[name]).toStrictEqual(times(NOW)[name]);
    },
  );

  it('are none where all have come, at the moment itself too', () => {
    expect(clockSet(sampleOrder(times(PAST)), NOW)).toBeUndefined();
    expect(clockSet(sampleOrder({ ...times(NOW), createdAt: NOW }), NOW)).toBeUndefined();
  });

  it('stay where they are not ours: what the grid and the channels say', () => {
    const paid = samplePayment({ status: 'succeeded', createdAt: PAST, expiresAt: PAST, paidAt: AHEAD });
    const credit = { status: 'credited', creditedAt: AHEAD } as const;
    expect(clockSet(sampleOrder({ ...times(PAST), payments: [paid], credit }), NOW)).toBeUndefined();
  });

  it('keep what changes nothing as it is', () => {
    const order = sampleOrder({ ...times(PAST), sale: times(AHEAD).sale ?? { status: 'none' } });
    const set = clockSet(order, NOW)?.set;
    expect(set?.payments).toBe(order.payments);
    expect(set?.write).toBe(order.write);
  });
});

describe('an order that was made by a clock ahead', () => {
  it('ends unpaid, and is not in its meter’s way until then', () => {
    const order = sampleOrder({ createdAt: at(1) });
    expect(clockSet(order, NOW)).toMatchObject({
      set: { closure: { status: 'closed', reason: 'expired' } },
      events: [clock, { name: 'order.closed', by: 'system', data: { reason: 'expired' } }],
    });
  });

  it('goes on where it can be paid, or is', () => {
    const live = sampleOrder({ createdAt: AHEAD, payments: [samplePayment({ expiresAt: PAST })] });
    expect(clockSet(live, NOW)).toBeUndefined();
    const later = { ...live, payments: [samplePayment({ createdAt: AHEAD, expiresAt: AHEAD })] };
    expect(clockSet(later, NOW)).toStrictEqual({
      set: expect.objectContaining({
        payments: [samplePayment({ createdAt: NOW, expiresAt: NOW })],
      }) as unknown,
      events: [clock],
    });
  });
});
