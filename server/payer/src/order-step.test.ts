import { describe, expect, it } from 'vitest';
import { ORDER_STATES } from '@bianmin/purchase/api/order';
import type { PayerOrder } from '@bianmin/purchase/api/payer';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { chinaTime, digitsOf, grouped } from './format.ts';
import { isOver, stepOf } from './order-step.ts';

const AT = '2026-01-15T02:00:00.000Z';
const NOW = Date.parse(AT) + 1000;

function order(over: Partial<PayerOrder> = {}): PayerOrder {
  return {
    orderNo: '260115100000000001',
    version: 1,
    state: 'paying',
    kind: 'remote',
    entry: 'phone',
    faceFen: 5000,
    discountFen: 0,
    paidFen: 5000,
    createdAt: AT,
    payment: {
      no: 'x',
      channel: 'wechat',
      status: 'pending',
      codeUrl: 'c',
      expiresAt: '2026-01-15T02:05:00.000Z',
    },
    receiptCode: null,
    refund: null,
    credit: { status: 'none', balanceFen: null, creditedAt: null },
    customer: { name: '张*', address: '天山区', customerNo: '****0001' },
    pay: { url: 'http://pay.test/', until: '2026-01-15T02:05:00.000Z' },
    ...over,
  };
}
const credit = (status: 'none' | 'sent' | 'credited' | 'failed' | 'unknown') => ({
  credit: { status, balanceFen: null, creditedAt: null },
});

describe("an order's screen", () => {
  it.each([
    ['created', { payment: null }, 'pay'],
    ['paying', {}, 'pay'],
    ['paying', { pay: null }, 'pay-expired'],
    ['paid', {}, 'going'],
    ['grid-silent', {}, 'going'],
    ['sold', {}, 'going'],
    ['sold', credit('failed'), 'card'],
    ['crediting', credit('sent'), 'going'],
    ['credit-failed', credit('failed'), 'choose'],
    ['writing', credit('failed'), 'card'],
    ['done', credit('credited'), 'credited'],
    ['done', credit('failed'), 'written'],
    ['refunding', {}, 'refunding'],
    ['refunded', {}, 'refunded'],
    ['closed', {}, 'closed'],
    ['write-failed', {}, 'attention'],
    ['attention', {}, 'attention'],
  ] as const)('in state %s (%j) is about %s', (state, over, is) => {
    expect(stepOf(order({ state, ...over }), NOW).is).toBe(is);
  });

  it('knows every state', () => {
    for (const state of ORDER_STATES) expect(stepOf(order({ state }), NOW).is).toBeTypeOf('string');
  });

  it('says that the time to pay is over by the server’s clock', () => {
    expect(stepOf(order(), NOW + 300_000)).toEqual({ is: 'pay-expired' });
  });

  it('says that the money is safe when an answer is overdue', () => {
    expect(stepOf(order({ state: 'paid' }), NOW)).toMatchObject({ silent: false });
    expect(stepOf(order({ state: 'paid' }), NOW + 120_000)).toMatchObject({ silent: true });
    expect(stepOf(order({ state: 'crediting', ...credit('unknown') }), NOW)).toMatchObject({
      silent: true,
      behind: 2,
    });
  });

  it('is over where nothing more happens by itself', () => {
    expect(isOver(stepOf(order({ state: 'closed' }), NOW))).toBe(true);
    expect(isOver(stepOf(order({ state: 'credit-failed' }), NOW))).toBe(false);
  });
});

it('writes money, times and numbers as people read them', () => {
  expect([yuan(5000), yuan(5000, 'short'), yuan(-305), yuan(5)]).toEqual(['50.00', '50', '-3.05', '0.05']);
  expect(chinaTime(AT)).toBe('2026-01-15 10:00');
  expect(grouped('260115100000000001')).toBe('260115 100000 000001');
  expect(digitsOf(' 6501-0000 １００1')).toBe('650100001001');
});
