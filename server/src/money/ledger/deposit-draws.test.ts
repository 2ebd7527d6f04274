import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { applyChange } from '../../orders/model/change.ts';
import type { OrderEvent } from '../../orders/model/order.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { NOW, POLICY, STEPS } from '../../testing/order-steps.ts';
import { kindOf } from './accounts.ts';
import { drawsOf } from './deposit-draws.ts';
import { postingsOf } from './order-postings.ts';
import { imbalanceOf, turnoverOf } from './posting.ts';

const EVER = new Date(0);
const AT = new Date('2026-03-01T17:00:00Z');
const event = (n: number, name: OrderEvent['name'], data?: OrderEvent['data'], at = AT): OrderEvent => ({
  ...{ n, name, at, by: 'grid' },
  ...(data === undefined ? {} : { data }),
});
const sold = (n: number, parts: { creditFen: number; arrearsFen: number; feeFen: number }, at = AT) =>
  event(n, 'sale.sold', { saleNo: 's1', count: 2, ...parts }, at);
const PARTS = { creditFen: 4000, arrearsFen: 990, feeFen: 10 };

describe('what sales took of our deposit', () => {
  it('is the face value, in a group of its own beside the payer’s money', () => {
    const order = sampleOrder({ events: [event(1, 'sale.sent'), sold(2, PARTS)] });
    expect(drawsOf(order, EVER)).toEqual([
      {
        ...{ source: order._id, n: 2, group: 'deposit', name: 'sale.sold', at: AT, day: '2026-03-02' },
        legs: [
          { account: 'grid:collection-v1:drawn', fen: 5000 },
          { account: 'grid:collection-v1:deposit', fen: -5000 },
        ],
        ...{ terminalId: order.terminalId, meterNo: order.meterNo },
      },
    ]);
  });

  it('comes back when it is undone, once, and is what was last said where it is said anew', () => {
    const undone = event(3, 'sale.undone', { reason: 'requested' });
    const fen = (events: OrderEvent[]) =>
      drawsOf(sampleOrder({ events }), EVER).map(({ n, legs }) => [n, legs[0]?.fen]);
    expect(fen([sold(2, PARTS), undone, event(4, 'sale.undone')])).toEqual([
      [2, 5000],
      [3, -5000],
    ]);
    const last = event(4, 'sale.undone');
    expect(fen([sold(2, PARTS), sold(3, { ...PARTS, creditFen: 3000 }), last])).toEqual([
      [2, 5000],
      [3, -1000],
      [4, -4000],
    ]);
    expect(fen([sold(2, PARTS), sold(5, PARTS)])).toEqual([[2, 5000]]);
    expect(fen([undone, event(1, 'payment.succeeded')])).toEqual([]);
  });

  it('is nothing of a sale from before the books of the deposit began, nor is its undoing', () => {
    const before = new Date(AT.getTime() - 1);
    const events = [sold(2, PARTS, before), event(3, 'sale.undone')];
    expect(drawsOf(sampleOrder({ events }), AT)).toEqual([]);
    expect(drawsOf(sampleOrder({ events: [sold(2, PARTS)] }), AT)).toHaveLength(1);
  });

  it('is what stands at the grid after whatever was done, and changes no other posting', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('card' as const, 'remote' as const),
        fc.array(fc.tuple(fc.nat(STEPS.length - 1), fc.nat(11)), { maxLength: 40 }),
        (kind, walk) => {
          let order = sampleOrder({ kind });
          for (const [step, pick] of walk) {
            const change = STEPS[step]?.(order, pick);
            if (change !== undefined) order = applyChange(order, change, { now: NOW, policy: POLICY });
          }
          const draws = drawsOf(order, EVER);
          for (const posting of draws) expect(imbalanceOf(posting)).toBe(0);
          const { status, creditFen = 0, arrearsFen = 0, feeFen = 0 } = order.sale;
          const stands = status === 'sold' ? creditFen + arrearsFen + feeFen : 0;
          const sums = turnoverOf(draws);
          expect(0 - (sums.get(`grid:${order.grid}:deposit`) ?? 0)).toBe(stands);
          for (const account of sums.keys()) expect(kindOf(account)).toBeDefined();
          const names = new Set(postingsOf(order).map(({ source, n, group }) => `${source}:${n}:${group}`));
          for (const { source, n, group } of draws) expect(names).not.toContain(`${source}:${n}:${group}`);
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
