import type { AccountRequest } from '../../../src/gateways/grid/accounts.ts';
import type { GridSale } from '../../../src/gateways/grid/contract.ts';
import type { GridRefusal } from '../../../src/gateways/grid/error.ts';
import { leftOf } from './account.ts';
import type { MonthBill } from './account-record.ts';
import { blank, type BookEntry } from './book-entry.ts';
import type { Books } from './books.ts';
import { feeOf, minimumFen, type Household } from './household.ts';
import { refused, type SellResult } from './sale-rules.ts';

/** Money into an account, or for a month's bill: the same number and content give the same payment, for ever. */
export function payAccount(books: Books, request: AccountRequest): SellResult {
  const { orderNo } = request;
  const earlier = books.sales.get(orderNo);
  const again = earlier && said(earlier, request);
  if (again !== undefined) return again;
  const household = books.household(request.customerNo);
  const reason =
    household === undefined
      ? 'card-unknown'
      : (reasonAgainst(household, request) ?? books.deposit.against(request.faceFen));
  const asked = { request: asSale(request), account: billOf(request) };
  if (household === undefined || reason !== undefined) {
    const refusal = reason ?? 'card-unknown';
    books.sales.put({ ...blank(orderNo, 'rejected'), ...asked, refusal });
    return refused(refusal);
  }
  const sale = saleOf(books, household, request);
  const soldAt = books.days.moment();
  const depositFen = books.deposit.take(request.faceFen);
  books.sales.put({
    ...{ ...blank(orderNo, 'sold'), ...asked },
    ...{ sale, soldAt, creditedAt: soldAt, depositFen },
  });
  return { ok: true, sale };
}

/** Takes a payment back, while the account still has it. A bill's month is then to be paid again. */
export function unpay(books: Books, entry: BookEntry): { status: 'reversed' | 'refused'; reason?: string } {
  const { sale, account } = entry;
  const household = books.household(entry.request?.customerNo ?? '');
  if (household === undefined || sale === undefined || account === undefined)
    return { status: 'refused', reason: 'other' };
  if (account.billNo !== undefined) {
    const bill = billNamed(household, account.billNo);
    if (bill !== undefined) bill.paidFen -= sale.faceFen;
  } else {
    if ((household.account?.balanceFen ?? 0) < sale.creditFen) {
      entry.reversalRefused = 'spent';
      return { status: 'refused', reason: 'spent' };
    }
    credit(books, household, -sale.creditFen);
    household.arrearsFen += sale.arrearsFen;
  }
  books.deposit.giveBack(entry.depositFen ?? 0);
  entry.status = 'reversed';
  entry.reversedAt = books.days.moment();
  return { status: 'reversed' };
}

/** The grid switches the meter by what the account has. */
export function credit(books: Pick<Books, 'switchByAccount'>, household: Household, fen: number): void {
  const { account } = household;
  if (account === undefined) return;
  account.balanceFen += fen;
  account.creditedFen += fen;
  books.switchByAccount(household);
}

function said(earlier: BookEntry, request: AccountRequest): SellResult | undefined {
  if (earlier.request === undefined || earlier.status === 'reversed') return refused('reversed');
  const { customerNo, meterNo, faceFen } = earlier.request;
  const isSame =
    earlier.account !== undefined &&
    earlier.account.billNo === request.billNo &&
    customerNo === request.customerNo &&
    meterNo === request.meterNo &&
    faceFen === request.faceFen;
  if (!isSame) return refused('duplicate');
  if (earlier.refusal === 'vendor-credit') return undefined;
  if (earlier.refusal !== undefined) return refused(earlier.refusal);
  return earlier.sale === undefined ? refused('other') : { ok: true, sale: earlier.sale };
}

function reasonAgainst(household: Household, request: AccountRequest): GridRefusal | undefined {
  const { faceFen, billNo, meterNo } = request;
  if (household.meterNo !== meterNo) return 'card-foreign';
  if (household.closed) return 'customer-closed';
  if (billNo !== undefined) return againstBill(billNamed(household, billNo), faceFen);
  if (household.account === undefined) return 'no-account';
  return faceFen < minimumFen(household) || faceFen > household.maxFen ? 'amount' : undefined;
}

function againstBill(bill: MonthBill | undefined, faceFen: number): GridRefusal | undefined {
  if (bill === undefined || leftOf(bill) <= 0) return 'bill-settled';
  if (bill.partly ? faceFen < 1 || faceFen > leftOf(bill) : faceFen !== leftOf(bill)) return 'amount';
  return undefined;
}

/** A bill is what is owed; of what goes into the account arrears and fee are taken first. */
function saleOf(books: Books, household: Household, request: AccountRequest): GridSale {
  const { orderNo, faceFen, billNo } = request;
  const head = { saleNo: books.sales.nextNo(), orderNo, count: 0, faceFen };
  if (billNo !== undefined) {
    const bill = billNamed(household, billNo);
    if (bill !== undefined) bill.paidFen += faceFen;
    return { ...head, creditFen: 0, arrearsFen: faceFen, feeFen: 0 };
  }
  const { arrearsFen } = household;
  const feeFen = feeOf(household);
  const creditFen = faceFen - arrearsFen - feeFen;
  household.arrearsFen = 0;
  credit(books, household, creditFen);
  return { ...head, creditFen, arrearsFen, feeFen };
}

function billNamed({ bills = [] }: Household, billNo: string): MonthBill | undefined {
  return bills.find((bill) => bill.billNo === billNo);
}

function billOf({ billNo }: AccountRequest): NonNullable<BookEntry['account']> {
  return billNo === undefined ? {} : { billNo };
}

function asSale({ orderNo, customerNo, meterNo, faceFen }: AccountRequest) {
  return { orderNo, customerNo, meterNo, serial: '', faceFen, count: 0 };
}
