import { describe, expect, it } from 'vitest';
import { NO, order, PHASES as CARD } from '../testing/card-purchase-states.ts';
import { PHASES as HOME } from '../testing/home-purchase-states.ts';
import type { Phase } from './state.ts';
import { payingView } from './paying-view.ts';

const amounts = { orderNo: NO, faceFen: 5000, paidFen: 5000, discountFen: 0 };
const CODE_ENDS = Date.parse('2026-01-15T02:05:00Z');
const waiting = { screen: 'pay', ...amounts, channel: 'wechat', codeUrl: null, expiresAt: null };

describe('a code on the screen', () => {
  it('is shown with its end by our own clock', () => {
    const shown = { ...waiting, codeUrl: 'weixin://x', expiresAt: CODE_ENDS };
    expect(payingView(CARD.pay)).toEqual(shown);
    expect(payingView({ ...CARD.pay, skewMs: 500 })).toMatchObject({ expiresAt: CODE_ENDS + 500 });
    expect(payingView(HOME.pay)).toEqual({ ...shown, remote: true });
    const quote = { creditFen: 4000, arrearsFen: 1000, feeFen: 0, energyWh: 80_000 };
    expect(payingView({ ...CARD.pay, quote })).toEqual({ ...shown, quote });
  });

  it('is not there before the channel gave it', () => {
    const { payment: _, ...rest } = order('created');
    expect(payingView({ ...CARD.pay, order: { ...rest, payment: null } })).toEqual(waiting);
  });

  it('is not shown where it is the older one of another channel', () => {
    expect(payingView({ ...CARD.pay, channel: 'alipay' })).toEqual({ ...waiting, channel: 'alipay' });
  });

  it('is whichever the server shows, where every wallet will do', () => {
    expect(payingView({ ...CARD.pay, channel: 'any' })).toMatchObject({
      ...{ channel: 'wechat', codeUrl: 'weixin://x' },
    });
    const { payment, ...rest } = order('paying');
    const cash =
      payment === null ? null : { ...payment, channel: 'cash' as const, codeUrl: null, expiresAt: null };
    const taken = { ...CARD.pay, channel: 'any', order: { ...rest, payment: cash } } as Extract<
      Phase,
      { name: 'pay' }
    >;
    expect(payingView(taken)).toEqual({ ...waiting, channel: 'any' });
  });

  it('is off the screen while it is being closed, and afterwards', () => {
    expect(payingView(CARD.closing)).toEqual({ ...waiting, closing: true });
    expect(payingView(CARD.leaving)).toEqual({ screen: 'pulled', orderNo: NO, paid: false });
    expect(payingView(CARD.expired)).toEqual({ screen: 'expired', orderNo: NO });
  });
});
