import type { GridQuote, QuoteRequest } from '../../../src/gateways/grid/customers.ts';
import { MICRO, costMicroFen, discounted, energyFor } from '../tariff/tariff.ts';
import { NO_CEILING, roomOf, type Books } from './books.ts';
import { feeOf, maximumFen, minimumFen } from './household.ts';
import { Refused } from './refusal.ts';

/** What an amount would buy now, after arrears and fee, from where the household stands in its settlement period. */
export function quote(books: Books, { customerNo, meterNo, faceFen }: QuoteRequest): GridQuote {
  const household = books.household(customerNo);
  if (household === undefined) throw new Refused('card-unknown', 'No customer has this number.');
  if (household.meterNo !== meterNo) throw new Refused('card-foreign', 'The meter is not this customer’s.');
  if (household.closed) throw new Refused('customer-closed', 'The account is closed.');
  const room =
    household.account === undefined ? roomOf(books, meterNo, books.readMeter(meterNo)) : NO_CEILING;
  if (faceFen < minimumFen(household) || faceFen > maximumFen(household, room)) {
    throw new Refused('amount', 'The amount is outside the limits.');
  }
  const { arrearsFen, tariff, discountPerMille } = household;
  const feeFen = feeOf(household);
  const creditFen = faceFen - arrearsFen - feeFen;
  const usedWh = books.usedWh(meterNo);
  const pieces = energyFor(discounted(tariff, discountPerMille), { usedWh, fen: creditFen });
  const energyWh = pieces?.reduce((sum, piece) => sum + piece.energyWh, 0) ?? null;
  return {
    faceFen,
    creditFen,
    arrearsFen,
    feeFen,
    discountFen: discountPerMille === 0 || pieces === null ? 0 : saved(creditFen, pieces, discountPerMille),
    energyWh,
    tiers: pieces ?? [],
  };
}

/** What the same energy would have cost more without the discount. */
function saved(
  creditFen: number,
  pieces: NonNullable<ReturnType<typeof energyFor>>,
  discountPerMille: number,
): number {
  const full = (costMicroFen(pieces) * 1000) / (1000 - discountPerMille);
  return Math.max(0, Math.round(full / MICRO) - creditFen);
}
