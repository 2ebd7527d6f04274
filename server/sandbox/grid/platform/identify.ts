import { toHex } from '@bianmin/card/bytes/hex';
import type { GridCard, GridCustomer } from '../../../src/gateways/grid/customers.ts';
import type { AnswerOf, RequestOf } from '../../../src/gateways/grid/wire/operations.ts';
import type { CardImage } from '@bianmin/card/meter-card/image';
import { decodeParameters } from '@bianmin/card/testing/meter-layout';
import { PURSE_LENGTH, decodePurse } from '@bianmin/card/testing/meter-purse';
import { bcdBytes } from '@bianmin/card/testing/meter-bcd';
import { accountFactsOf } from './account.ts';
import { NO_CEILING, observeMeter, observeReturnData, roomOf, type Books } from './books.ts';
import { filesOf, type CardFiles } from './card-files.ts';
import { maximumFen, minimumFen, previousInserted, type Household } from './household.ts';
import { exchangeOf, isOfFormerMeter, observeFormer } from './former-meter.ts';
import { Refused } from './refusal.ts';

/** Whose card this is, and what may be bought. Refuses by the name of what is wrong with it. */
export function identify(books: Books, image: CardImage): GridCard {
  const { household, files } = ownerOf(books, image);
  // A void card proves nothing any more, and is not written again.
  if (household.account === undefined) {
    if (isOfFormerMeter(household, files)) return formerCard(books, image, { household, files });
    observeReturnData(books, household, files.returnData);
  }
  const customer = customerOf(books, household);
  if (household.account === undefined) checkContents(books, image, { household, files });
  const count = decodePurse(files.purse).count;
  return {
    ...customer,
    chip: image.chip,
    serial: toHex(image.serial),
    // Above what was sold it is a torn count: not on the card.
    cardCount: count <= household.soldCount ? count : Math.max(0, household.soldCount - 1),
  };
}

/** The card of the meter before: what that one wrote back may be heard of only now. */
function formerCard(
  books: Books,
  image: CardImage,
  { household, files }: { household: Household; files: CardFiles },
): GridCard {
  observeFormer(books, household, files.returnData);
  const { chip } = image;
  const serial = toHex(image.serial);
  return { ...customerOf(books, household), chip, serial, cardCount: 0, ofFormerMeter: true };
}

/** The same by customer number, with the card that is valid now. */
export function identifyCustomer(books: Books, customerNo: string): GridCustomer {
  const household = openHousehold(books, customerNo);
  const opened = (household.creditedCount ?? 0) > 0;
  const takesFrames = opened && household.remote && household.account === undefined;
  const remote = takesFrames && books.concentrator.reaches(household.meterNo);
  return { ...customerOf(books, household), remote };
}

/** Asks the meter itself, from afar; null where it cannot be asked, or says nothing. */
export function readMeter(
  books: Books,
  { customerNo, meterNo }: RequestOf<'readMeter'>,
): AnswerOf<'readMeter'> {
  const household = openHousehold(books, customerNo);
  if (household.meterNo !== meterNo) throw new Refused('card-foreign', 'The meter is another customer’s.');
  const said = books.concentrator.read(meterNo);
  if (said === undefined) return { reading: null };
  const { count, balanceFen } = said;
  observeMeter(books, household, { count, balanceFen });
  return { reading: { meterNo, count, balanceFen, readAt: books.days.moment().at } };
}

function openHousehold(books: Books, customerNo: string): Household {
  const household = books.household(customerNo);
  if (household === undefined) throw new Refused('card-unknown', 'No customer has this number.');
  if (household.closed) throw new Refused('customer-closed', 'The account is closed.');
  return household;
}

function customerOf(books: Books, household: Household): Omit<GridCustomer, 'remote'> {
  const { account } = household;
  const reading = account === undefined ? books.readMeter(household.meterNo) : undefined;
  if (reading !== undefined) observeMeter(books, household, reading);
  const { customerNo, name, address, meterNo, chip, serial, soldCount, creditedCount } = household;
  const { arrearsFen, transfers = 0 } = household;
  const exchanged = exchangeOf(books, household);
  const room = account === undefined ? roomOf(books, meterNo, reading) : NO_CEILING;
  return {
    customerNo,
    customerName: name,
    address,
    holder: `H${transfers + 1}`,
    meterNo,
    chip,
    serial,
    soldCount,
    creditedCount,
    previousInserted: previousInserted(household),
    balanceFen: account === undefined ? household.balanceFen : account.balanceFen,
    balanceAt: account === undefined ? household.balanceAt : books.days.moment().at,
    balanceLive: account !== undefined || reading !== undefined,
    ceilingFen: room.ceilingFen,
    arrearsFen,
    minFen: minimumFen(household),
    maxFen: maximumFen(household, room),
    ...(exchanged === undefined ? {} : { exchanged }),
    ...accountFactsOf(books, household),
  };
}

/** The household that a card belongs to, by its serial, and the files of its image. */
export function ownerOf(books: Books, image: CardImage): { household: Household; files: CardFiles } {
  const files = filesOf(image);
  if (files === undefined) throw new Refused('card-unknown', 'This kind of card is not used here.');
  const owner = books.cardOwner(toHex(image.serial));
  if (owner === undefined) {
    if (decodeParameters(files.parameters) === undefined) {
      throw new Refused('card-unknown', 'This is not an electricity card, or it was never issued.');
    }
    throw new Refused('card-foreign', 'This card is of another electricity company.');
  }
  if (owner.replaced) throw new Refused('card-replaced', 'This card was replaced by a newer one.');
  if (owner.household.closed) throw new Refused('customer-closed', 'The account is closed.');
  return { household: owner.household, files };
}

/**
 * A card whose contents do not agree is damaged, unless a plan for it is out: then it was pulled while it was
 * being written, and whatever lies inside the plan's ranges will be written again.
 */
function checkContents(
  books: Books,
  image: CardImage,
  card: { household: Household; files: CardFiles },
): void {
  const { household, files } = card;
  const open = books.sales.openSale(household);
  const parameters = decodeParameters(files.parameters);
  const mayBeTorn = open?.planReleased === true;
  if (parameters === undefined) {
    if (mayBeTorn && open.typeBefore !== open.cardType) return;
    throw new Refused('card-damaged', 'The card’s parameter file is damaged.');
  }
  if (parameters.meterNo !== household.meterNo || parameters.customerNo !== household.customerNo) {
    throw new Refused('card-damaged', 'The card’s parameter file does not agree with the books.');
  }
  if (!mayBeTorn && !purseIsSound(books, image, card)) {
    throw new Refused('card-damaged', 'The card’s purse is damaged.');
  }
}

/** Memory cards prove their purse by its MAC; a CPU card's was written under one, and its count must make sense. */
function purseIsSound(
  books: Books,
  image: CardImage,
  { household, files }: { household: Household; files: CardFiles },
): boolean {
  const { amountFen, count } = decodePurse(files.purse);
  if (files.purse.length === PURSE_LENGTH) return count <= household.soldCount;
  const mac = books.security.purseMac({
    serial: image.serial,
    meterNo: bcdBytes(household.meterNo),
    customerNo: bcdBytes(household.customerNo),
    amountFen,
    count,
  });
  return toHex(mac) === toHex(files.purse.subarray(PURSE_LENGTH));
}
