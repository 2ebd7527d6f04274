import type { AccountFacts, AccountStanding, DueBill } from '../../../src/gateways/grid/accounts.ts';
import type { MonthBill } from './account-record.ts';
import type { Books } from './books.ts';
import type { Household } from './household.ts';

/** What the grid says of it besides; a household with neither account nor bills has nothing more to be said. */
export function accountFactsOf(books: Pick<Books, 'supplyOf'>, household: Household): AccountFacts {
  const { account, bills, meterNo } = household;
  const supply = account === undefined ? null : books.supplyOf(meterNo);
  return {
    ...(account === undefined ? {} : { delivery: 'account' }),
    ...(supply === null ? {} : { supply }),
    ...(bills === undefined ? {} : { bills: bills.filter(isDue).map(dueOf) }),
  };
}

/** As it is told once money came in. */
export function standingOf(books: Pick<Books, 'supplyOf'>, household: Household): AccountStanding {
  const { account, meterNo } = household;
  if (account === undefined) return { balanceFen: null, supply: null };
  return { balanceFen: account.balanceFen, supply: books.supplyOf(meterNo) };
}

export function leftOf({ totalFen, paidFen }: Pick<MonthBill, 'totalFen' | 'paidFen'>): number {
  return totalFen - paidFen;
}

function isDue(bill: MonthBill): boolean {
  return leftOf(bill) > 0;
}

function dueOf({ billNo, period, dueOn, partly, ...sums }: MonthBill): DueBill {
  return { billNo, period, dueFen: leftOf(sums), dueOn, partly };
}
