import { fromHex } from '@bianmin/shared/bytes/hex';
import { blankReturnData, type MeterChip } from '@bianmin/shared/testing/meter-files';
import { CARD_TYPE, encodeReturnData, type CardType } from '@bianmin/shared/testing/meter-layout';
import { NEW_CONSUMPTION } from '../meter/consumption.ts';
import { beijingMinute, type MeterState } from '../meter/meter.ts';
import { meterTime } from '../platform/books.ts';
import type { Household } from '../platform/household.ts';
import { discounted, periodOf, type Tariff } from '../tariff/tariff.ts';
import { TARIFFS, type TariffName } from '../tariff/tariffs.ts';
import type { CardFactory } from './card-factory.ts';
import type { NewCard } from './drawer.ts';

export interface HouseholdSeed {
  readonly name: string;
  readonly address: string;
  readonly chip: MeterChip;
  readonly note: string;
  readonly noteEn: string;
  /** Purchases that the meter has credited. */
  readonly counted: number;
  readonly balanceFen: number;
  /** A further purchase that is on the card and was never inserted. */
  readonly pendingFen?: number;
  readonly arrearsFen?: number;
  readonly feeFen?: number;
  readonly hoardLimitFen?: number;
  /** `flat` when absent. */
  readonly tariff?: TariffName;
  /** Used in the settlement period so far. */
  readonly usedWh?: number;
  readonly discountPerMille?: number;
  readonly overdraftLimitFen?: number;
  readonly loadW?: number;
  /** False: the meter has no module that can be reached from afar. */
  readonly remote?: boolean;
  readonly cardType?: CardType;
  readonly closed?: boolean;
  readonly locked?: boolean;
  /** Memory cards: tries left of the code; all when absent. */
  readonly triesLeft?: number;
  /** The first card was lost: there is a second, of type 03. */
  readonly replacedBy?: { readonly note: string; readonly noteEn: string };
}

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
  const customerNo = `650100${digits}`;
  const meterNo = `000026${digits}`;
  const first = serialOf(seed.chip, number, 1);
  const second = serialOf(seed.chip, number, 2);
  const replaced = seed.replacedBy !== undefined;
  const cardType = seed.cardType ?? (seed.counted === 0 ? CARD_TYPE.open : CARD_TYPE.purchase);
  const writtenAt = beijingMinute(now - 86_400_000);
  const opened = seed.counted > 0;
  const soldCount = seed.counted + (seed.pendingFen === undefined ? 0 : 1);

  const tariff: Tariff = TARIFFS[seed.tariff ?? 'flat'];

  const household: Household = {
    customerNo,
    name: seed.name,
    address: seed.address,
    meterNo,
    chip: seed.chip,
    serial: replaced ? second : first,
    formerSerials: replaced ? [first] : [],
    cardType: replaced ? CARD_TYPE.replacement : cardType,
    closed: seed.closed ?? false,
    arrearsFen: seed.arrearsFen ?? 0,
    ...(seed.feeFen === undefined ? {} : { feeFen: seed.feeFen }),
    tariff,
    discountPerMille: seed.discountPerMille ?? 0,
    remote: seed.remote ?? true,
    ...LIMITS,
    soldCount,
    ...(seed.pendingFen === undefined
      ? {}
      : { counterSale: { count: soldCount, creditFen: seed.pendingFen } }),
    creditedCount: opened ? seed.counted : null,
    balanceFen: opened ? seed.balanceFen : null,
    balanceAt: opened ? meterTime(writtenAt) : null,
  };
  const meter: MeterState = {
    meterNo,
    opened,
    customerNo: opened ? customerNo : '',
    serial: opened ? first : '',
    count: seed.counted,
    balanceFen: seed.balanceFen,
    hoardLimitFen: seed.hoardLimitFen ?? 0,
    illegalCards: 0,
    creditedFen: 0,
    remoteFen: 0,
    ...NEW_CONSUMPTION,
    // A meter bills what the household pays: the discount is in its prices.
    tariff: discounted(tariff, household.discountPerMille),
    usedWh: seed.usedWh ?? 0,
    period: periodOf(tariff, now),
    loadW: seed.loadW ?? LOAD_W,
    overdraftLimitFen: seed.overdraftLimitFen ?? NEW_CONSUMPTION.overdraftLimitFen,
    display: opened ? '正常' : '等待开户卡',
    displayEn: opened ? 'Ready' : 'Waiting for its opening card',
  };
  const returnData = encodeReturnData({
    currentRatio: 1,
    voltageRatio: 1,
    meterNo,
    customerNo,
    remainingFen: Math.max(0, seed.balanceFen),
    overdraftFen: Math.max(0, -seed.balanceFen),
    count: seed.counted,
    illegalCards: 0,
    writtenAt,
  });
  const triesLeft = seed.locked === true ? 0 : seed.triesLeft;
  const blank = !opened || seed.pendingFen !== undefined;
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
      count: soldCount,
      returnData: blank ? blankReturnData(seed.chip) : returnData,
      ...(triesLeft === undefined ? {} : { triesLeft }),
    }),
  });
  const cards = [card(first, cardType, seed)];
  if (seed.replacedBy !== undefined) cards.push(card(second, CARD_TYPE.replacement, seed.replacedBy));
  return { household, meter, cards };
}

const FAMILY: Readonly<Record<MeterChip, string>> = {
  SLE4442: 'A4',
  SLE4428: 'A8',
  CPU: 'C0',
  AT88SC1608: 'B8',
  AT88SC1602: 'B2',
  AT88SC153: 'B3',
};

/** Issuer's number: chip family, household, which card of the household. 8 bytes, upper-case hex. */
export function serialOf(chip: MeterChip, number: number, issue: number): string {
  return `${FAMILY[chip]}6501${number.toString(16).padStart(8, '0').toUpperCase()}${String(issue).padStart(2, '0')}`;
}
