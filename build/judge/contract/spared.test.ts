import { expect, it } from 'vitest';
import { spared } from './spared.ts';

it('keeps the run from ending itself', () => {
  const own = ['u1', 't1'];
  const is = (method: string, path: string): boolean => spared({ method, path }, own);
  expect(is('POST', '/v1/admin/logout')).toBe(true);
  expect(is('POST', '/v1/admin/logout/?x=1')).toBe(true);
  expect(is('HEAD', '/v1/payer/stream?lastEventId=3')).toBe(true);
  expect(is('POST', '/v1/admin/users/u1/disable')).toBe(true);
  expect(is('POST', '/v1/admin/terminals/t1/reject')).toBe(true);
  expect(is('GET', '/v1/admin/users/u1/sessions')).toBe(false);
  expect(is('POST', '/v1/admin/users/u2/disable')).toBe(false);
});
