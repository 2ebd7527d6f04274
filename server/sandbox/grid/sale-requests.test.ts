import { beforeEach, expect, it } from 'vitest';
import { SaleRequests } from './sale-requests.ts';

const SHORT = { result: 'refused', refusal: 'vendor-credit', message: '' } as const;
const SOLD = { result: 'ok', data: {} } as const;
const said = (data: unknown) => ({ result: 'ok', data }) as const;
const ORDER = { orderNo: '260115100000000001' };

let requests: SaleRequests;
beforeEach(() => {
  requests = new SaleRequests();
  requests.heard('sell', ORDER);
});
const count = () => requests.counts.get(ORDER.orderNo);

it('counts who asks to sell, into an account as well', () => {
  requests.heard('payAccount', ORDER);
  requests.heard('reverse', ORDER);
  requests.answered('sell', ORDER, SOLD);
  expect(count()).toBe(2);
});

it('does not count what the deposit did not pay for', () => {
  requests.answered('sell', ORDER, SHORT);
  expect(count()).toBe(0);
});

it('does not count what was lost before the grid said so, and what only travels it does', () => {
  requests.lost('sell', ORDER);
  requests.heard('sell', ORDER);
  requests.answered('queryOriginal', ORDER, said({ status: 'not-found' }));
  requests.answered('queryOriginal', ORDER, said({ status: 'rejected', reason: 'meter-full' }));
  requests.answered('queryOriginal', ORDER, SHORT);
  expect(count()).toBe(2);
  requests.answered('queryOriginal', ORDER, said({ status: 'rejected', reason: 'vendor-credit' }));
  expect(count()).toBe(1);
  requests.answered('queryOriginal', ORDER, said({ status: 'rejected', reason: 'vendor-credit' }));
  expect(count()).toBe(1);
});
