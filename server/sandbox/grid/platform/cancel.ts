import { toHex } from '@bianmin/card/bytes/hex';
import type { CardImage } from '@bianmin/card/meter-card/image';
import { decodeParameters, encodeParameters, isBlank } from '@bianmin/card/testing/meter-layout';
import { decodePurse } from '@bianmin/card/testing/meter-purse';
import type { BookEntry } from './book-entry.ts';
import { observeReturnData, type Books } from './books.ts';
import type { CardFiles } from './card-files.ts';
import type { Household } from './household.ts';
import { ownerOf } from './identify.ts';
import { defaultParameters, soldEntry, type PlanTarget } from './plan.ts';
import { Refused } from './refusal.ts';
import { isOfPresentMeter } from './undoing-rules.ts';

/**
 * What a card must hold once a sale is off it (撤销写卡): the count before, no money, and the type that it bore. As the utilities
 * reverse (R:17734576784/sdweb_sts_f `WebRoot/js`): on the same day, not inserted since, and the card's count that of the sale. A card
 * that was pulled while it was taken off is taken for the same card.
 */
export function cancelTarget(
  books: Books,
  orderNo: string,
  image: CardImage,
): { target: PlanTarget; household: Household; entry: BookEntry } {
  const entry = soldEntry(books, orderNo);
  const { household, files } = ownerOf(books, image);
  if (toHex(image.serial) !== (entry.movedTo ?? entry.request.serial)) {
    throw new Refused('card-foreign', 'The order was sold for another card.');
  }
  if (household.account !== undefined) throw new Refused('account', 'The balance is kept at the grid.');
  observeReturnData(books, household, files.returnData);
  if (!isOfPresentMeter(entry, household)) {
    throw new Refused('meter-changed', 'The meter was exchanged. The counter moves what is on the card.');
  }
  const { count } = entry.sale;
  if (entry.soldAt?.day !== books.days.open()) {
    throw new Refused('day-cut', 'The day of this sale is cut. Only the counter can cancel it.');
  }
  if (household.soldCount !== count) throw new Refused('count', 'Something was sold to this meter since.');
  if ((household.creditedCount ?? 0) >= count) throw new Refused('count', 'The meter has this sale.');
  if (!entry.planReleased) throw new Refused('other', 'No plan ever went out: reverse the sale.');
  if (entry.cancelReleased !== true) refuseUnlessOnCard(files, count);
  const target: PlanTarget = {
    kind: 'undo',
    orderNo,
    serial: image.serial,
    mayChangeType: changesType(entry),
    parameters: parametersBefore(entry, household, files),
    amountFen: 0,
    count: count - 1,
  };
  return { target, household, entry };
}

function refuseUnlessOnCard(files: CardFiles, count: number): void {
  if (decodePurse(files.purse).count !== count) {
    throw new Refused('count', 'The card does not bear this sale.');
  }
  if (!isBlank(files.returnData)) {
    throw new Refused('other', 'The card was in a meter since: its return file is not empty.');
  }
}

function changesType({ typeBefore, cardType }: BookEntry): boolean {
  return typeBefore !== undefined && typeBefore !== cardType;
}

function parametersBefore(entry: BookEntry, household: Household, files: CardFiles): Uint8Array | undefined {
  const { typeBefore } = entry;
  if (typeBefore === undefined || !changesType(entry)) return undefined;
  const found = decodeParameters(files.parameters) ?? defaultParameters(household);
  return encodeParameters({ ...found, cardType: typeBefore });
}
