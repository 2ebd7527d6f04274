import { expect, it } from 'vitest';
import { fenOfCase, isFoundMoney, isRefundable } from './refundable.ts';

const base = { orderNo: '261127000000000001', status: 'open' as const };
const paid = { against: 'channel', billStatus: 'paid', billFen: 5000 };

it.each([
  ['money of a bill alone', { ...base, kind: 'CHANNEL_ONLY', facts: paid }, true, true],
  ['a payment that the order says otherwise of', { ...base, kind: 'STATUS_DIFF', facts: paid }, true, true],
  [
    'a refund of a bill alone',
    { ...base, kind: 'CHANNEL_ONLY', facts: { ...paid, billStatus: 'refunded' } },
    false,
    false,
  ],
  ['another amount', { ...base, kind: 'AMOUNT_DIFF', facts: paid }, false, true],
  [
    'one that is resolved',
    { ...base, status: 'resolved' as const, kind: 'AMOUNT_DIFF', facts: paid },
    false,
    false,
  ],
  ['an account', { ...base, orderNo: '2026-11-27', kind: 'ACCOUNT_DIFF', facts: {} }, false, false],
  ['what no reconciliation found', { ...base, kind: 'stuck', facts: {} }, false, false],
])('of %s', (_, about, found, refundable) => {
  expect([isFoundMoney(about), isRefundable(about)]).toEqual([found, refundable]);
});

it('says what is at stake as the bill has it', () => {
  expect(fenOfCase({ facts: { orderFen: 4000, billFen: 5000 } })).toBe(5000);
  expect(fenOfCase({ facts: {} })).toBeNull();
});
