import { toHex } from '@bianmin/card/bytes/hex';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import {
  decodeParameters,
  decodeReturnData,
  encodeParameters,
  type Parameters,
} from '@bianmin/card/testing/meter-layout';
import { observeReturnData, type Books } from './books.ts';
import { METER_FILES } from '@bianmin/card/testing/meter-files';
import { cardOn, digestOf, type CardFiles } from './card-files.ts';
import type { Household } from './household.ts';
import { ownerOf } from './identify.ts';
import { Refused } from './refusal.ts';
import type { BookEntry } from './book-entry.ts';

/** What a sale's card must hold in the end. */
export interface PlanTarget {
  readonly kind: WritePlan['kind'];
  readonly orderNo: string;
  readonly serial: Uint8Array;
  /** Whether the parameter file belongs to the plan, even where this image needs no change of it. */
  readonly mayChangeType: boolean;
  /** Set where the card's type changes with this sale. */
  readonly parameters: Uint8Array | undefined;
  readonly amountFen: number;
  readonly count: number;
}

/** A sale that may be put on a card: sold, not reversed, not yet credited. */
export function soldEntry(
  books: Books,
  orderNo: string,
): BookEntry & Required<Pick<BookEntry, 'sale' | 'request'>> {
  const entry = books.sales.get(orderNo);
  if (entry?.status === 'reversed') throw new Refused('reversed', 'The sale was reversed.');
  if (entry?.status !== 'sold' || entry.sale === undefined || entry.request === undefined) {
    throw new Refused('not-sold', 'Nothing was sold under this order number.');
  }
  return entry as BookEntry & Required<Pick<BookEntry, 'sale' | 'request'>>;
}

/** Checks that this card may be written for this order now, and gives what it must hold. */
export function planTarget(
  books: Books,
  orderNo: string,
  image: CardImage,
): {
  target: PlanTarget;
  household: Household;
  files: CardFiles;
  entry: BookEntry;
} {
  const entry = soldEntry(books, orderNo);
  const { household, files } = ownerOf(books, image);
  if (entry.request.meterNo !== household.meterNo) {
    throw new Refused('meter-changed', 'The meter of this sale was exchanged.');
  }
  if (toHex(image.serial) !== (entry.movedTo ?? entry.request.serial)) {
    throw new Refused('card-foreign', 'The order was sold for another card.');
  }
  if (household.account !== undefined) throw new Refused('account', 'The balance is kept at the grid.');
  observeReturnData(books, household, files.returnData);
  if ((household.creditedCount ?? 0) >= entry.sale.count) {
    throw new Refused('count', 'The meter has credited this sale already.');
  }
  if (
    decodeReturnData(files.returnData) !== undefined &&
    !entry.evidence.includes(digestOf(files.returnData))
  ) {
    throw new Refused('other', 'Send the return data first: this plan blanks it.');
  }
  // What opened the meter may have come from afar: then the books know another type than the card bears.
  if (!entry.planReleased) {
    const borne = decodeParameters(files.parameters)?.cardType;
    if (borne !== undefined) entry.typeBefore = borne;
  }
  const { count, creditFen } = entry.sale;
  const parameters = parametersFor(entry, household, files);
  const mayChangeType = entry.typeBefore !== entry.cardType;
  const target: PlanTarget = {
    kind: 'purchase',
    orderNo,
    serial: image.serial,
    mayChangeType,
    parameters,
    amountFen: creditFen,
    count,
  };
  return { target, household, files, entry };
}

/** The frame of a plan; ranges are the same at every stage and for every image, since a torn card is compared outside them. */
export function planFrame(
  target: PlanTarget,
  image: CardImage,
): Omit<WritePlan, 'stage' | 'steps' | 'authorise'> & { ranges: WritePlan['ranges'] } {
  const card = cardOn(image);
  if (card === undefined) throw new Refused('card-unknown', 'This kind of card is not used here.');
  const map = METER_FILES[card];
  const regions = [map.returnData, map.purse];
  if (target.mayChangeType) regions.unshift(map.parameters);
  return {
    version: 1,
    kind: target.kind,
    orderNo: target.orderNo,
    chip: image.chip,
    serial: toHex(image.serial),
    ranges: regions.map(({ zone, offset, length }) => ({ zone, offset, length })),
  };
}

/** The parameter file with the sale's card type, where the card bore another before; all else stays as it was. */
function parametersFor(entry: BookEntry, household: Household, files: CardFiles): Uint8Array | undefined {
  if (entry.cardType === undefined || entry.typeBefore === entry.cardType) return undefined;
  const found = decodeParameters(files.parameters) ?? defaultParameters(household);
  return encodeParameters({ ...found, cardType: entry.cardType });
}

/** What every card of this grid is issued with. */
export function defaultParameters(
  household: Pick<Household, 'meterNo' | 'customerNo' | 'cardType'>,
): Parameters {
  return {
    updateFlags: 0,
    rateSwitchTime: '2601010000',
    alarm1Fen: 2000,
    alarm2Fen: 500,
    currentRatio: 1,
    voltageRatio: 1,
    meterNo: household.meterNo,
    customerNo: household.customerNo,
    cardType: household.cardType,
  };
}
