import { fromHex } from '@bianmin/card/bytes/hex';
import { blankReturnData, chipOf, type MeterCard } from '@bianmin/card/testing/meter-files';
import { CARD_TYPE, encodeReturnData, type CardType } from '@bianmin/card/testing/meter-layout';
import { NEW_CONSUMPTION } from '../meter/consumption.ts';
import { beijingMinute } from '../meter/beijing-minute.ts';
import type { MeterState } from '../meter/meter-state.ts';
import { meterTime } from '../platform/books.ts';
import type { Household } from '../platform/household.ts';
import { discounted, periodOf, type Tariff } from '../tariff/tariff.ts';
import { TARIFFS } from '../tariff/tariffs.ts';
import type { CardFactory } from './card-factory.ts';
import type { NewCard } from './drawer.ts';
import type { HouseholdSeed } from './household-seed.ts';
import { serialOf } from './card-serial.ts';

export interface MadeHousehold {
  readonly household: Household;
  readonly meter: MeterState;
  readonly cards: readonly NewCard[];
}

/** Purchases of the sandbox: from one yuan to two thousand. */
const LIMITS = { minFen: 100, maxFen: 200_000 };

/** What a household draws on the average, W: about 180 kWh a month. */
const LOAD_W = 250;

/** Makes a household, its meter and its card or cards, all agreeing with each other. `number` is unique. */
export function makeHousehold(
  seed: HouseholdSeed,
  init: { number: number; now: number; factory: CardFactory },
): MadeHousehold {
  const { number, now, factory } = init;
  const digits = String(number).padStart(6, '0');
  const made: Making = {
    seed,
    customerNo: `650100${digits}`,
    meterNo: `000026${digits}`,
    first: serialOf(seed.chip, number, 1),
    second: serialOf(seed.chip, number, 2),
    cardType: seed.cardType ?? (seed.counted === 0 ? CARD_TYPE.open : CARD_TYPE.purchase),
    writtenAt: beijingMinute(now - 86_400_000),
    opened: seed.counted > 0 || seed.account === true,
    soldCount: seed.counted + (seed.pendingFen === undefined ? 0 : 1),
    tariff: TARIFFS[seed.tariff ?? 'flat'],
  };
  const cards = seed.account === true ? [] : itsCards(made, factory);
  return { household: inTheBooks(made), meter: itsMeter(made, now), cards };
}

/** What books, meter and cards of one household must agree on. */
interface Making {
  readonly seed: HouseholdSeed;
  readonly customerNo: string;
  readonly meterNo: string;
  /** Serials of its first card, and of the one that would take its place. */
  readonly first: string;
  readonly second: string;
  readonly cardType: CardType;
  /** When the meter wrote last. */
  readonly writtenAt: string;
  readonly opened: boolean;
  readonly soldCount: number;
  readonly tariff: Tariff;
}

/** What is in the books of it only where the chip's name does not say it. */
function itsCard(card: MeterCard): { readonly card?: MeterCard } {
  return card === chipOf(card) ? {} : { card };
}

function inTheBooks(made: Making): Household {
  const { seed, customerNo, meterNo, first, opened, soldCount } = made;
  const replaced = seed.replacedBy !== undefined;
  return {
    customerNo,
    name: seed.name,
    address: seed.address,
    meterNo,
    chip: chipOf(seed.chip),
    ...itsCard(seed.chip),
    serial: replaced ? made.second : first,
    formerSerials: replaced ? [first] : [],
    cardType: replaced ? CARD_TYPE.replacement : made.cardType,
    closed: seed.closed ?? false,
    arrearsFen: seed.arrearsFen ?? 0,
    ...(seed.feeFen === undefined ? {} : { feeFen: seed.feeFen }),
    tariff: made.tariff,
    discountPerMille: seed.discountPerMille ?? 0,
    remote: seed.remote ?? true,
    read: seed.read ?? false,
    ...(seed.account === true ? { account: { balanceFen: seed.balanceFen, creditedFen: 0 } } : {}),
    ...LIMITS,
    soldCount,
    ...(seed.pendingFen === undefined
      ? {}
      : { counterSale: { count: soldCount, creditFen: seed.pendingFen } }),
    creditedCount: opened ? seed.counted : null,
    balanceFen: opened ? seed.balanceFen : null,
    balanceAt: opened ? meterTime(made.writtenAt) : null,
  };
}

function itsMeter(made: Making, now: number): MeterState {
  const { seed, opened, tariff } = made;
  return {
    meterNo: made.meterNo,
    ...itsCard(seed.chip),
    opened,
    customerNo: opened ? made.customerNo : '',
    serial: opened ? made.first : '',
    count: seed.counted,
    balanceFen: seed.account === true ? 0 : seed.balanceFen,
    ...(seed.account === true ? { atGrid: true } : {}),
    hoardLimitFen: seed.hoardLimitFen ?? 0,
    ...(seed.whenFull === undefined ? {} : { whenFull: seed.whenFull }),
    illegalCards: 0,
    creditedFen: 0,
    remoteFen: 0,
    ...NEW_CONSUMPTION,
    // A meter bills what the household pays: the discount is in its prices.
    tariff: discounted(tariff, seed.discountPerMille ?? 0),
    usedWh: seed.usedWh ?? 0,
    period: periodOf(tariff, now),
    loadW: seed.loadW ?? LOAD_W,
    relayOpen: seed.account === true && seed.balanceFen < 0,
    overdraftLimitFen: seed.overdraftLimitFen ?? NEW_CONSUMPTION.overdraftLimitFen,
    display: opened ? '正常' : '等待开户卡',
    displayEn: opened ? 'Ready' : 'Waiting for its opening card',
  };
}

function itsCards(made: Making, factory: CardFactory): NewCard[] {
  const { seed, customerNo, meterNo } = made;
  const returnData = encodeReturnData({
    currentRatio: 1,
    voltageRatio: 1,
    meterNo,
    customerNo,
    remainingFen: Math.max(0, seed.balanceFen),
    overdraftFen: Math.max(0, -seed.balanceFen),
    count: seed.counted,
    illegalCards: 0,
    writtenAt: made.writtenAt,
  });
  const triesLeft = seed.locked === true ? 0 : seed.triesLeft;
  const blank = !made.opened || seed.pendingFen !== undefined;
  const card = (serial: string, type: CardType, note: { note: string; noteEn: string }): NewCard => ({
    note: note.note,
    noteEn: note.noteEn,
    holder: seed.name,
    meterNo,
    sim: factory.make({
      chip: seed.chip,
      serial: fromHex(serial),
      parameters: { meterNo, customerNo, cardType: type },
      amountFen: seed.pendingFen ?? 0,
      count: made.soldCount,
      returnData: blank ? blankReturnData(seed.chip) : returnData,
      ...(triesLeft === undefined ? {} : { triesLeft }),
    }),
  });
  const first = card(made.first, made.cardType, seed);
  if (seed.replacedBy === undefined) return [first];
  return [first, card(made.second, CARD_TYPE.replacement, seed.replacedBy)];
}
