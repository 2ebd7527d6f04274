import type { GridSale, SellRequest } from '../../../src/gateways/grid/contract.ts';
import type { GridRefusal } from '../../../src/gateways/grid/error.ts';
import { CARD_TYPE, type CardType } from '@bianmin/card/testing/meter-layout';
import { maximumFen, minimumFen, previousInserted, type Household, type MeterRoom } from './household.ts';

export type SellResult =
  | { readonly ok: true; readonly sale: GridSale }
  | { readonly ok: false; readonly refusal: GridRefusal; readonly message: string };

const MESSAGES: Partial<Record<GridRefusal, string>> = {
  'card-unknown': 'No customer has this number.',
  'card-foreign': 'The meter is not this customer’s.',
  'card-replaced': 'This card was replaced by another.',
  'customer-closed': 'The account is closed.',
  'meter-changed': 'The meter was exchanged.',
  count: 'The count must be one more than the last sold.',
  'previous-not-inserted': 'The last purchase has not been proven credited.',
  amount: 'The amount is outside the limits.',
  duplicate: 'The order number was used for something else.',
  reversed: 'The order number was reversed.',
  account: 'The balance is kept at the grid: pay into the account.',
  'no-account': 'This customer has no account at the grid.',
  'bill-settled': 'There is nothing to pay of this bill.',
  'vendor-credit': 'The agent’s deposit does not cover it.',
};

export function refused(refusal: GridRefusal): SellResult {
  return { ok: false, refusal, message: MESSAGES[refusal] ?? 'The sale was refused.' };
}

export function reasonAgainst(
  household: Household,
  request: SellRequest,
  room: MeterRoom,
): GridRefusal | undefined {
  if (household.exchange?.meterNo === request.meterNo) return 'meter-changed';
  if (household.meterNo !== request.meterNo) return 'card-foreign';
  if (household.closed) return 'customer-closed';
  if (household.account !== undefined) return 'account';
  if (household.serial !== request.serial) return 'card-replaced';
  if (!previousInserted(household)) return 'previous-not-inserted';
  if (request.count !== household.soldCount + 1) return 'count';
  if (request.faceFen < minimumFen(household) || request.faceFen > maximumFen(household, room)) {
    return 'amount';
  }
  return undefined;
}

/** The first purchase opens the meter; a replacement stays one, since the meter must take over its serial. */
export function nextCardType(household: Household, count: number): CardType {
  if (count === 1) return CARD_TYPE.open;
  return household.cardType === CARD_TYPE.replacement ? CARD_TYPE.replacement : CARD_TYPE.purchase;
}

export function sameContent(a: SellRequest, b: SellRequest): boolean {
  return (
    a.customerNo === b.customerNo &&
    a.meterNo === b.meterNo &&
    a.serial === b.serial &&
    a.faceFen === b.faceFen &&
    a.count === b.count
  );
}
