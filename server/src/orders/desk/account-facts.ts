import type { RemoteCustomer } from '@bianmin/purchase/api/remote';
import type { AccountFacts, DueBill } from '../../gateways/grid/accounts.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderBill } from '../model/order.ts';

/** Whether the grid keeps this customer's balance: then nothing is sold to a card or a meter. */
export function hasAccount({ delivery }: Pick<AccountFacts, 'delivery'>): boolean {
  return delivery === 'account';
}

/** What a screen is told of it. */
export function accountFactsOf(
  customer: AccountFacts,
): Pick<RemoteCustomer, 'delivery' | 'supply' | 'bills'> {
  const { supply, bills = [] } = customer;
  return {
    ...(hasAccount(customer) ? { delivery: 'account' } : {}),
    ...(supply === undefined ? {} : { supply }),
    ...(bills.length === 0 ? {} : { bills: bills.map((bill) => ({ ...bill })) }),
  };
}

/** The customer's bill, as an order pays it. Throws `bill.not-due`, and `order.amount-out-of-range` for another sum. */
export function billToPay(
  { bills = [] }: AccountFacts,
  { billNo, faceFen }: { readonly billNo: string; readonly faceFen: number },
): OrderBill {
  const bill = bills.find((each) => each.billNo === billNo);
  if (bill === undefined) {
    throw new ProblemError({
      code: 'bill.not-due',
      message: 'There is nothing to pay of this bill any more. Look at the household again.',
    });
  }
  if (!isPayable(bill, faceFen)) {
    throw new ProblemError({
      code: 'order.amount-out-of-range',
      message: bill.partly
        ? `Pay whole yuan, or all of the ${bill.dueFen} fen that are due.`
        : `This bill is paid as a whole: ${bill.dueFen} fen.`,
      errors: [{ pointer: '/body/faceFen', detail: 'is not what can be paid of this bill' }],
    });
  }
  return { no: bill.billNo, period: bill.period, whole: !bill.partly };
}

function isPayable({ dueFen, partly }: DueBill, faceFen: number): boolean {
  if (faceFen === dueFen) return true;
  return partly && faceFen > 0 && faceFen < dueFen && faceFen % 100 === 0;
}
