import { holderSpellings, isAnotherHolder } from '../../kernel/holder.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import { anyOf } from '../../adapters/mongo/sealed-filter.ts';
import type { Order } from '../model/order.ts';
import type { HouseholdAtGrid } from './orders.ts';

/** Orders of a household as it is held now: of its holder, or of none that was told. */
export function householdFilter(
  { grid, customerNo, maskedName, holder }: HouseholdAtGrid,
  seal: NumberSeal,
): Record<string, unknown> {
  const household = {
    ...{ customerNo: anyOf(seal.spellings(customerNo)), grid },
    'masked.name': maskedName,
  };
  // Null matches what has none.
  return holder === undefined
    ? household
    : { ...household, holder: { $in: [...holderSpellings(seal, holder), null] } };
}

/** The same of one order that was read. */
export function isOfHousehold(
  order: Pick<Order, 'grid' | 'customerNo' | 'masked' | 'holder'>,
  { grid, customerNo, maskedName, ...held }: HouseholdAtGrid,
): boolean {
  const isOfIt = order.grid === grid && order.customerNo === customerNo && order.masked.name === maskedName;
  return isOfIt && !isAnotherHolder(order, held);
}
