import { toHex } from '@bianmin/card/bytes/hex';
import type { CardImage } from '@bianmin/card/meter-card/image';
import { CARD_TYPE, encodeParameters } from '@bianmin/card/testing/meter-layout';
import { observeMeter, type Books } from './books.ts';
import { cardOn } from './card-files.ts';
import { cardFor, previousInserted, type Household } from './household.ts';
import { defaultParameters, type PlanTarget } from './plan.ts';
import { Refused } from './refusal.ts';
import { creditIsOpen } from './remote-credit.ts';
import type { Replacement } from './replacement-record.ts';

/**
 * 补卡: makes a blank card from the issuer's stock the household's own and voids the former one at once, written or
 * not. A sale that never reached the meter moves to the new card under its own count, so that whichever of the two
 * cards came first, the meter credits once. The card is of type 03, or 01 where the meter is yet to be opened.
 */
export function replaceCard(
  books: Books,
  request: { requestNo: string; customerNo: string; image: CardImage },
): { replacement: Replacement; target: PlanTarget } {
  const { requestNo, customerNo, image } = request;
  const household = books.household(customerNo);
  if (household === undefined) throw new Refused('card-unknown', 'No customer has this number.');
  const serial = toHex(image.serial);
  const known = books.replacements.get(requestNo);
  if (known !== undefined && (known.serial !== serial || known.customerNo !== customerNo)) {
    throw new Refused('duplicate', 'The request number was used for another card.');
  }
  const replacement = known ?? replace(books, household, request);
  if (household.serial !== replacement.serial) {
    throw new Refused('card-replaced', 'This card was replaced by a newer one.');
  }
  if (household.soldCount !== replacement.count) {
    throw new Refused('count', 'Something was sold for this card since: ask for that order’s plan.');
  }
  return { replacement, target: targetOf(household, replacement, image) };
}

/** Refuses what a card of another request, or another card of this one, may not be given. */
function replace(
  books: Books,
  household: Household,
  { requestNo, image }: { requestNo: string; image: CardImage },
): Replacement {
  const serial = toHex(image.serial);
  if (books.sales.get(requestNo) !== undefined) {
    throw new Refused('duplicate', 'The request number was used for a sale.');
  }
  if (household.closed) throw new Refused('customer-closed', 'The account is closed.');
  if (household.account !== undefined) throw new Refused('account', 'The balance is kept at the grid.');
  const owner = books.cardOwner(serial);
  if (owner !== undefined) {
    throw new Refused(
      owner.replaced ? 'card-replaced' : 'card-foreign',
      'This card already belongs to a customer.',
    );
  }
  const card = cardOn(image);
  if (card === undefined || books.stock(serial) !== card) {
    throw new Refused('card-unknown', 'This card is not from the issuer’s stock.');
  }
  if (card !== cardFor(household)) {
    throw new Refused('other', `This household’s meter takes cards of another kind: ${household.chip}.`);
  }
  const reading = books.readMeter(household.meterNo);
  if (reading !== undefined) observeMeter(books, household, reading);
  const open = books.sales.openSale(household);
  if (open !== undefined && creditIsOpen(books, open)) {
    throw new Refused('other', 'A remote credit is under way; wait for its outcome.');
  }
  const count = household.soldCount;
  const cardType =
    count <= 1 && (household.creditedCount ?? 0) === 0 ? CARD_TYPE.open : CARD_TYPE.replacement;
  const replacement: Replacement = {
    requestNo,
    customerNo: household.customerNo,
    formerSerial: household.serial,
    serial,
    count,
    amountFen: open?.sale?.creditFen ?? unbooked(household),
    openOrderNo: open?.orderNo ?? null,
  };
  if (open !== undefined) books.sales.moveTo(open, { serial, cardType });
  household.cardType = cardType;
  books.replace(household, replacement);
  return replacement;
}

/** What a sale that is not in this book still owes the meter. */
function unbooked(household: Household): number {
  const { counterSale } = household;
  if (previousInserted(household) || counterSale?.count !== household.soldCount) return 0;
  return counterSale.creditFen;
}

function targetOf(household: Household, replacement: Replacement, image: CardImage): PlanTarget {
  return {
    kind: 'replacement',
    orderNo: replacement.requestNo,
    serial: image.serial,
    mayChangeType: true,
    parameters: encodeParameters(defaultParameters(household)),
    amountFen: replacement.amountFen,
    count: replacement.count,
  };
}
