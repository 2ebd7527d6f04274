import type { AccountRequest } from '../../gateways/grid/accounts.ts';
import type { GridHarness, HarnessAccount } from '../grid-harness.ts';
import { ORDER } from './kit.ts';

export type AccountHarness = Pick<
  GridHarness,
  'gateway' | 'account' | 'convert' | 'card' | 'fault' | 'releaseLate' | 'deposit' | 'standing' | 'close'
>;

/** Money for an account; `more`: another number, sum or bill. */
export function paymentFor(
  { customerNo, meterNo }: HarnessAccount,
  more: Partial<AccountRequest> = {},
): AccountRequest {
  return { orderNo: ORDER, customerNo, meterNo, faceFen: 5000, ...more };
}
