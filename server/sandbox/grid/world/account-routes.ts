import { z } from 'zod';
import { payAccount } from '../platform/account-payments.ts';
import { convert, OPEN_SALES } from '../platform/conversion.ts';
import type { MonthBill } from '../platform/account-record.ts';
import type { AccountView } from './account-meters.ts';
import type { World } from './world.ts';
import { WorldError } from './world-error.ts';

/** What becomes of a sale that waits for its card. */
export const convertBody = z.strictObject({ open: z.enum(OPEN_SALES).default('moved') });

export const billBody = z.strictObject({
  period: z.string().regex(/^\d{4}-\d{2}$/),
  totalFen: z.int().min(1).max(99_999_999),
  dueOn: z.iso.date(),
  partly: z.boolean().default(false),
});

/** Fails with 404; 409 where the household has an account already, or a frame with money is on its way to its meter. */
export function convertHousehold(
  world: World,
  customerNo: string,
  { open }: z.output<typeof convertBody>,
): AccountView {
  const household = world.homes.customer(customerNo);
  if (household.account !== undefined) throw new WorldError(409, 'This household has an account.');
  if (world.sales.openSale(household)?.credit?.status === 'pending') {
    throw new WorldError(409, 'A credit is on its way to this meter.');
  }
  convert(world.books(), household, world.homes.meter(household.meterNo).state, open);
  world.onChange();
  return world.accounts.view(customerNo);
}

/** The payment that came under a number, once more. Fails with 404. */
export function payAgain(world: World, orderNo: string): { readonly ok: boolean } {
  const { request, account } = world.sales.get(orderNo) ?? {};
  if (request === undefined || account === undefined) {
    throw new WorldError(404, `No payment came as ${orderNo}.`);
  }
  const { customerNo, meterNo, faceFen } = request;
  const { ok } = payAccount(world.books(), { orderNo, customerNo, meterNo, faceFen, ...account });
  world.onChange();
  return { ok };
}

/** A month's bill for this customer, whatever it buys otherwise. */
export function addBill(world: World, customerNo: string, asked: z.output<typeof billBody>): MonthBill {
  const household = world.homes.customer(customerNo);
  const bills = household.bills ?? [];
  const bill = { billNo: `${customerNo}-${asked.period.replace('-', '')}`, ...asked, paidFen: 0 };
  if (bills.some(({ billNo }) => billNo === bill.billNo)) {
    throw new WorldError(409, 'That month has its bill.');
  }
  household.bills = [...bills, bill];
  world.onChange();
  return bill;
}
