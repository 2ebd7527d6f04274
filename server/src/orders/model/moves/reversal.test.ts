import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import { BY } from '../../../testing/order-steps.ts';
import type { Order } from '../order.ts';
import { owe } from './refund.ts';
import { reversalRefused, reversalSentAgain, reversalUnknown, reversed } from './sale.ts';

const NOW = at(0);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const sent = { status: 'sent', sentAt: at(-60_000), reason: 'not-found' } as const;
/** Paid, and its sale is being undone. */
const undoing = (over: Partial<Order> = {}): Order =>
  sampleOrder({
    ...{ payments: [funding], sale: { status: 'unknown' }, saleSlot: 's', reversal: sent },
    ...over,
  });
const OVER = ['none', 'reversed', 'refused'] as const;

describe('a reversal without an answer', () => {
  it('is unknown from then on', () => {
    expect(reversalUnknown(undoing())).toStrictEqual({
      set: { reversal: { ...sent, status: 'unknown' } },
      events: [{ name: 'reversal.unknown', by: 'grid' }],
    });
    expect(reversalUnknown(undoing({ reversal: { ...sent, status: 'reversed' } }))).toBeUndefined();
  });

  it.each(['sent', 'unknown'] as const)('is sent again while it is %s', (status) => {
    expect(reversalSentAgain(undoing({ reversal: { ...sent, status } }), NOW)).toStrictEqual({
      set: { reversal: { ...sent, sentAt: NOW } },
      events: [{ name: 'reversal.sent', by: 'system' }],
    });
  });

  it.each(OVER)('is not sent again where it is %s', (status) => {
    expect(reversalSentAgain(undoing({ reversal: { ...sent, status } }), NOW)).toBeUndefined();
  });
});

describe('a sale that is undone', () => {
  const done = { name: 'reversal.reversed', by: 'grid' };
  const back = (order: Order, reason: 'not-sold' | 'requested' | 'not-credited') =>
    owe(order, funding, reason, NOW);

  it.each([
    ['for its reversal’s reason', sent, 'not-found'],
    ['as reversed where there was none', { status: 'unknown' }, 'reversed'],
  ] as const)('and was never heard of is rejected %s, and the money is owed', (...[, reversal, reason]) => {
    const order = undoing({ reversal });
    expect(reversed(order, NOW)).toStrictEqual({
      set: {
        reversal: { ...reversal, status: 'reversed' },
        ...{ sale: { status: 'rejected', reason }, saleSlot: null },
        refunds: [expect.objectContaining({ no: 'p1r3', fen: 5000, reason: 'not-sold', at: NOW })],
      },
      events: [
        done,
        { name: 'sale.rejected', by: 'grid', data: { reason } },
        ...(back(order, 'not-sold')?.events ?? []),
      ],
    });
  });

  const sale = { status: 'sold', saleNo: 's1' } as const;
  it.each([
    ['not-sold', {}, 'not-found'],
    ['requested', { reversal: { ...sent, reason: 'staff', ...BY } }, 'staff'],
    ['not-credited', { reversal: { ...sent, reason: undefined, ...BY }, fallback: 'refund' }, 'reversed'],
  ] as const)('and stood is owed back as %s', (...[reason, over, why]) => {
    const order = undoing({ sale, ...(over as Partial<Order>) });
    const owed = back(order, reason);
    expect(owed?.set.refunds).toHaveLength(1);
    expect(reversed(order, NOW)).toStrictEqual({
      set: {
        reversal: { ...order.reversal, status: 'reversed' },
        ...{ sale: { ...sale, status: 'rejected', reason: why }, saleSlot: null },
        ...owed?.set,
      },
      events: [done, { name: 'sale.undone', by: 'grid', data: { reason: why } }, ...(owed?.events ?? [])],
    });
  });

  it('owes no money that has gone back already', () => {
    const order = undoing({ sale });
    const given = { ...order, refunds: back(order, 'not-sold')?.set.refunds ?? [] };
    expect(reversed(given, NOW)?.events).toStrictEqual([
      done,
      { name: 'sale.undone', by: 'grid', data: { reason: 'not-found' } },
    ]);
  });

  it('without money changes nothing but its reversal', () => {
    for (const status of ['sold', 'unknown'] as const) {
      expect(reversed(undoing({ payments: [], sale: { status } }), NOW)).toStrictEqual({
        set: { reversal: { ...sent, status: 'reversed' } },
        events: [done],
      });
    }
  });

  it.each(OVER)('is not undone where its reversal is %s', (status) => {
    expect(reversed(undoing({ reversal: { ...sent, status } }), NOW)).toBeUndefined();
  });
});

describe('a reversal that the grid refuses', () => {
  const refused = { name: 'reversal.refused', by: 'grid' };
  const attention = { name: 'order.attention', by: 'system', data: { reason: 'reversal-refused' } };

  it.each(['sent', 'unknown'] as const)('leaves a sale as it stands (%s)', (status) => {
    expect(reversalRefused(undoing({ reversal: { ...sent, status } }), 'in the meter')).toStrictEqual({
      set: { reversal: { ...sent, status: 'refused', reason: 'in the meter' } },
      events: [refused],
    });
  });

  it('keeps its own reason where the grid says none', () => {
    expect(reversalRefused(undoing(), undefined)?.set).toStrictEqual({
      reversal: { ...sent, status: 'refused' },
    });
  });

  it.each([
    ['a payer who waits for the money', { fallback: 'refund' }],
    ['persons who had decided on it', { reversal: { ...sent, was: 'grid-disagrees' } }],
  ] as const)('is a person’s to settle where it is refused to %s', (_, over) => {
    const order = undoing(over);
    expect(reversalRefused(order, undefined)).toStrictEqual({
      set: { reversal: { ...order.reversal, status: 'refused' }, attention: 'reversal-refused' },
      events: [refused, attention],
    });
  });

  it('is no second decision where there is one already', () => {
    const order = undoing({ fallback: 'refund', attention: 'grid-disagrees' });
    expect(reversalRefused(order, undefined)?.events).toStrictEqual([refused]);
  });

  it.each(OVER)('is not refused where it is %s', (status) => {
    expect(reversalRefused(undoing({ reversal: { ...sent, status } }), undefined)).toBeUndefined();
  });
});
