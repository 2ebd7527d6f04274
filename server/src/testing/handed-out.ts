import { caseIdOf } from '../cases/case.ts';
import type { Order, Refund } from '../orders/model/order.ts';
import type { CashCounter } from './cash-counter.ts';

/** The case of cash that waits for its household; null without one. */
export const caseOf = (c: CashCounter, { _id }: Order, { no }: Refund) =>
  c.cases.get(caseIdOf({ kind: 'cash-owed', orderNo: _id, key: no })).catch(() => null);

/** The float's entries for cash that was handed out. */
export const handedOut = async (c: CashCounter) =>
  (await c.entries()).filter(({ kind }) => kind === 'handed-out');

export const slipOf = ({ handOut }: Refund): string | undefined =>
  handOut?.status === 'handed-out' ? handOut.slip : undefined;
