import { describe, expect, it } from 'vitest';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { timeClass, timePercentile } from './counts.ts';
import { movementsOf } from './movements.ts';
import { at, event, written } from '../../testing/order-events.ts';

describe('what an order counts', () => {
  it('is nothing twice: a card written again, a refund told again', () => {
    const refund = { no: '260301100000000001p1s1', paymentNo: '260301100000000001p1', fen: 300 };
    const order = written(
      '260301100000000001',
      [
        event(4, 'write.reopened', 50_000),
        event(5, 'write.written', 60_000),
        event(6, 'refund.done', 86_400_000, { no: refund.no, fen: 300 }),
        event(7, 'refund.done', 86_500_000, { no: refund.no, fen: 300 }),
      ],
      { refunds: [{ ...refund, status: 'done', reason: 'compensation', at: at(0) }] },
    );
    const moves = movementsOf(order);
    expect(moves.map(({ n, day }) => [n, day])).toEqual([
      [1, '2026-03-01'],
      [2, '2026-03-01'],
      [3, '2026-03-01'],
      [6, '2026-03-02'],
    ]);
    expect(moves[2]?.counts).toEqual({ credited: 1, t2: 1 });
    expect(moves[3]).toMatchObject({ counts: { refunds: 1, refundFen: 300 }, channel: { name: 'wechat' } });
    // From its payment on, its channel has all that the order has.
    expect(moves[1]?.channel?.counts).toMatchObject({ orders: 1, faceFen: 5000, paid: 1, paidFen: 5000 });
  });

  it('is taken away where it is undone', () => {
    const [, , , undone] = movementsOf(written('260301100000000001', [event(4, 'sale.undone', 90_000)]));
    expect(undone?.counts).toEqual({ failed: 1, credited: -1, t2: -1 });
  });

  it('is abandoned only while it stays unpaid', () => {
    const payment = { ...samplePayment(), funds: true };
    const order = sampleOrder({
      payments: [payment],
      events: [
        event(1, 'order.created', 0),
        event(2, 'order.closed', 300_000),
        event(3, 'payment.succeeded', 310_000, { no: payment.no, fen: 5000, funds: true }),
      ],
    });
    expect(movementsOf(order).map(({ counts }) => counts.abandoned)).toEqual([undefined, 1, -1]);
  });

  it('tells a time by its class', () => {
    expect([0, 15_000, 15_001, 1_800_000, 1_800_001].map(timeClass)).toEqual(['t0', 't0', 't1', 't9', 't10']);
    expect(timePercentile({}, 0.5)).toBeNull();
    expect(timePercentile({ t1: 10 }, 0.5)).toEqual({ seconds: 23, open: false });
    expect(timePercentile({ t0: 1, t10: 9 }, 0.5)).toEqual({ seconds: 1800, open: true });
  });
});
