import { describe, expect, it } from 'vitest';
import { NO, order, PHASES } from '../testing/home-purchase-states.ts';
import { creditView } from './credit-view.ts';

describe('what a household sees that bought without its card', () => {
  const crediting = { screen: 'crediting', orderNo: NO, paidFen: 5000, receiptCode: null };

  it.each([
    ['paid', 'none', 'grid', false],
    ['grid-silent', 'none', 'grid', true],
    ['sold', 'none', 'meter', false],
    ['crediting', 'sent', 'meter', false],
    ['crediting', 'unknown', 'meter', true],
  ] as const)('%s, credit %s: the %s is asked, slow %s', (state, credit, asks, slow) => {
    const phase = { ...PHASES.crediting, order: order(state, { credit }) };
    expect(creditView(phase)).toEqual({ ...crediting, asks, slow });
  });

  it('is told that it need not wait, and also where the server said nothing of a credit', () => {
    expect(creditView(PHASES.slow)).toEqual({ ...crediting, asks: 'meter', slow: true });
    const { credit: _, choices: __, ...bare } = order('crediting');
    expect(creditView({ ...PHASES.crediting, order: bare })).toMatchObject({ slow: false });
    expect(creditView({ name: 'credited', order: bare })).toMatchObject({ balanceFen: null });
    expect(creditView({ name: 'bring-card', order: bare })).toMatchObject({ mayRefund: false });
  });

  it('sees what it bought and what the meter says is left', () => {
    const credited = order('done', { credit: 'credited' });
    const seen = { orderNo: NO, faceFen: 5000, paidFen: 5000, discountFen: 0, receiptCode: null };
    expect(creditView({ name: 'credited', order: credited })).toEqual({
      screen: 'credited',
      ...{ ...seen, balanceFen: null },
    });
    const credit = { status: 'credited', balanceFen: 7340, creditedAt: null } as const;
    expect(creditView({ name: 'credited', order: { ...credited, credit } })).toMatchObject({
      balanceFen: 7340,
    });
  });

  it('says what becomes of a credit that failed', () => {
    const failed = { screen: 'credit-failed', orderNo: NO, paidFen: 5000, offers: ['card', 'refund'] };
    expect(creditView(PHASES.failed)).toEqual({ ...failed, chosen: null });
    expect(creditView(PHASES.choosing)).toEqual({ ...failed, chosen: 'refund' });
    const bring = { screen: 'bring-card', orderNo: NO, faceFen: 5000 };
    expect(creditView(PHASES.bring)).toEqual({ ...bring, mayRefund: true });
    const only = order('sold', { credit: 'failed', choices: [] });
    expect(creditView({ name: 'bring-card', order: only })).toEqual({ ...bring, mayRefund: false });
  });
});
