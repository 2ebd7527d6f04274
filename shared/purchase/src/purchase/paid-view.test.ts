import { describe, expect, it } from 'vitest';
import { household, NO, order, PHASES, ticket } from '../testing/card-purchase-states.ts';
import { boughtOf, paidView } from './paid-view.ts';

const bought = { orderNo: NO, faceFen: 5000, paidFen: 5000, discountFen: 0, receiptCode: null };

describe('what a household sees from its money on', () => {
  it('is its order where one waits for its card', () => {
    expect(paidView(PHASES.resume)).toEqual({ screen: 'resume', household, orderNo: NO, faceFen: 5000 });
  });

  it('is the grid that is asked, and that it says nothing', () => {
    const silent = { screen: 'grid-silent', orderNo: NO, paidFen: 5000, receiptCode: null };
    expect(paidView(PHASES.selling)).toEqual({ screen: 'selling', orderNo: NO, paidFen: 5000 });
    expect(paidView({ ...PHASES.selling, slow: true })).toEqual(silent);
    expect(paidView({ ...PHASES.silent, slow: false })).toEqual(silent);
  });

  it('is how far the write is', () => {
    const writing = { screen: 'writing', orderNo: NO, faceFen: 5000 };
    expect(paidView(PHASES.writing)).toEqual({ ...writing, phase: 'code', progress: 0 });
    const at = { phase: 'write', fraction: 0.5 } as const;
    const half = { ...writing, phase: 'write', progress: 0.5 };
    expect(paidView({ ...PHASES.writing, at })).toEqual(half);
    const trouble = { code: 'server-away', staffCode: 'server.unavailable' } as const;
    // The last attempt's trouble stays until this one gets somewhere.
    expect(paidView({ ...PHASES.writing, trouble })).toEqual({
      ...{ screen: 'problem', ...trouble, orderNo: NO, moneySafe: 'safe-with-order', canRetry: true },
    });
    expect(paidView({ ...PHASES.writing, at, trouble })).toEqual(half);
  });

  it('is what it bought, and whether its card is out', () => {
    expect(paidView(PHASES.done)).toEqual({ screen: 'done', ...bought, resumed: false });
    const out = { ...PHASES.done, slot: null, ticket: { ...ticket('done'), resumed: true } };
    expect(paidView(out)).toEqual({ screen: 'done', ...bought, resumed: true, cardOut: true });
  });

  it('is what the grid sold, where the server said so', () => {
    const sale = { creditFen: 4000 } as NonNullable<ReturnType<typeof order>['sale']>;
    expect(boughtOf({ ...order('done'), sale })).toEqual({ ...bought, sale });
    expect(boughtOf(order('done'))).toEqual(bought);
  });

  it('is which card is wanted', () => {
    expect(paidView(PHASES.pulled)).toEqual({ screen: 'pulled', orderNo: NO, paid: true });
    expect(paidView(PHASES.otherCard)).toEqual({ screen: 'other-card', orderNo: NO });
  });

  it('is what goes back, and whether it has', () => {
    const refund = { fen: 4000, status: 'done', reason: 'staff' } as const;
    const back = { screen: 'refund', orderNo: NO };
    expect(paidView(PHASES.refund)).toEqual({ ...back, fen: 5000, done: false });
    const done = { ...order('refunded'), refund };
    expect(paidView({ ...PHASES.refund, order: done })).toEqual({ ...back, fen: 4000, done: true });
  });
});
