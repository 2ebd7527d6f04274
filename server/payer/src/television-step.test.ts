import { describe, expect, it } from 'vitest';
import type { PhoneView } from '@bianmin/purchase/api/phone-view';
import { televisionStepOf } from './television-step.ts';

const AMOUNT: PhoneView = {
  screen: 'amount',
  limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000] },
  busyFen: null,
};
const TOKEN = 't'.repeat(22);
const pay = (codeUrl: string | null): PhoneView => ({ screen: 'pay', orderNo: '1', paidFen: 5000, codeUrl });
const DONE: PhoneView = { screen: 'done', orderNo: '1', faceFen: 5000, receiptCode: 'AB12' };

const stepOf = (view: PhoneView | undefined, of: { away?: true; over?: true; sentFen?: number } = {}) =>
  televisionStepOf({ view, away: of.away ?? false, over: of.over ?? false, sentFen: of.sentFen ?? null });

describe('the phone beside a television', () => {
  it('chooses until it has, and then waits for the remote; sent counts as chosen', () => {
    expect(stepOf(AMOUNT)).toMatchObject({ is: 'choose' });
    expect(stepOf(AMOUNT, { sentFen: 5000 })).toEqual({ is: 'sure', faceFen: 5000 });
    expect(stepOf({ ...AMOUNT, chosenFen: 3000 })).toEqual({ is: 'sure', faceFen: 3000 });
    expect(stepOf({ ...AMOUNT, busyFen: 3000 })).toEqual({ is: 'preparing', faceFen: 3000 });
  });

  it('pays on an order’s own page of this site, and is sent nowhere else', () => {
    expect(stepOf(pay(`https://b.example/p/${TOKEN}`))).toEqual({ is: 'pay', token: TOKEN, paidFen: 5000 });
    for (const other of ['weixin://wxpay/x', `https://b.example/p/${TOKEN}/x`, `javascript:1//p/${TOKEN}`])
      expect(stepOf(pay(other))).toEqual({ is: 'code', paidFen: 5000 });
    expect(stepOf(pay(null))).toMatchObject({ is: 'preparing' });
  });

  it('keeps an outcome whatever happens to television and visit, and else says what is so', () => {
    for (const lost of [{}, { away: true }, { over: true }] as const)
      expect(stepOf(DONE, lost)).toMatchObject({ is: 'done', onCard: true, receiptCode: 'AB12' });
    expect(stepOf({ screen: 'expired' }, { over: true })).toEqual({ is: 'closed' });
    expect(stepOf(pay(null), { away: true })).toEqual({ is: 'away', orderNo: '1' });
    expect(stepOf(AMOUNT, { over: true, away: true })).toEqual({ is: 'over', orderNo: null });
    expect(stepOf(undefined)).toEqual({ is: 'wait' });
  });

  it('sends its person to the television for a screen that it does not know, and says whether money was taken', () => {
    expect(stepOf({ screen: 'problem', moneySafe: 'nothing-taken', orderNo: null })).toEqual({
      ...{ is: 'look', nothingTaken: true, orderNo: null },
    });
    expect(stepOf({ screen: 'of-tomorrow', orderNo: '7' })).toEqual({
      ...{ is: 'look', nothingTaken: false, orderNo: '7' },
    });
  });
});
