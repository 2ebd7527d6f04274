import { toHex } from '@bianmin/card/bytes/hex';
import { CARD_TYPE, encodeReturnData } from '@bianmin/card/testing/meter-layout';
import {
  METER_CARDS,
  METER_FILES,
  blankReturnData,
  chipOf,
  marksOn,
  type MeterCard as IssuedCard,
  type MeterChip,
} from '@bianmin/card/testing/meter-files';
import { bytesAt as bytesOnCard } from '@bianmin/card/testing/oracle-meter';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { Encryptor } from '../platform/encryptor.ts';
import { TARIFFS } from '../tariff/tariffs.ts';
import { CardFactory, type CardSpec } from '../world/card-factory.ts';
import type { MeterCard } from './card-access.ts';
import { NEW_CONSUMPTION } from './consumption.ts';
import { Meter } from './meter.ts';
import type { InsertResult, MeterState } from './meter-state.ts';
import { openInMeter } from './open-card.ts';

const NOW = Date.UTC(2026, 2, 1, 4, 30); // 12:30 in Beijing
export const encryptor = new Encryptor();
export const factory = new CardFactory(encryptor, () => 7);
export const SERIAL = Uint8Array.of(0xa4, 0x65, 0x01, 0, 0, 0, 1, 1);
export const OTHER_SERIAL = Uint8Array.of(0xa4, 0x65, 0x01, 0, 0, 0, 1, 2);
export const METER_NO = '000026001001';
export const CUSTOMER_NO = '650100001001';

export const USED = encodeReturnData({
  currentRatio: 1,
  voltageRatio: 1,
  meterNo: METER_NO,
  customerNo: CUSTOMER_NO,
  remainingFen: 2340,
  overdraftFen: 0,
  count: 3,
  illegalCards: 0,
  writtenAt: '2602011200',
});

/** The card that a simulated one was issued as: a meter of its maker is what it is put in here. */
function issuedAs(sim: SimulatedCard): IssuedCard {
  const second = METER_CARDS.find((card) => {
    const mark = marksOn(card)[0];
    if (card === 'second-CPU') return sim.zone(METER_FILES[card].serial.zone) !== undefined;
    const zone = mark === undefined ? undefined : sim.zone(mark.zone);
    if (mark === undefined || zone === undefined || chipOf(card) !== sim.chip) return false;
    return toHex(zone.subarray(mark.offset, mark.offset + mark.data.length)) === toHex(mark.data);
  });
  return second ?? (sim.chip as MeterChip);
}

function open(sim: SimulatedCard): MeterCard {
  const random = (): Uint8Array => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  return openInMeter(sim, issuedAs(sim), { security: encryptor, random });
}

/** A meter that has credited three purchases of the card with `SERIAL`, and shows 23.40. */
export function meterWith(change: Partial<MeterState>): Meter {
  const state: MeterState = {
    meterNo: METER_NO,
    opened: true,
    customerNo: CUSTOMER_NO,
    serial: Buffer.from(SERIAL).toString('hex').toUpperCase(),
    count: 3,
    balanceFen: 2340,
    hoardLimitFen: 0,
    illegalCards: 0,
    creditedFen: 0,
    remoteFen: 0,
    ...NEW_CONSUMPTION,
    tariff: TARIFFS.flat,
    display: '',
    displayEn: '',
    ...change,
  };
  return new Meter({ state, security: encryptor, now: () => NOW });
}

/** A purchase of 50.00, the fourth, as a kiosk leaves it. */
export function cardWith(chip: IssuedCard, change: Partial<CardSpec>): SimulatedCard {
  return factory.make({
    chip,
    serial: SERIAL,
    parameters: { meterNo: METER_NO, customerNo: CUSTOMER_NO, cardType: CARD_TYPE.purchase },
    amountFen: 5000,
    count: 4,
    returnData: blankReturnData(chip),
    ...change,
  });
}

export function insert(meter: Meter, card: SimulatedCard): InsertResult {
  const result = meter.insert(() => open(card));
  card.powerOff();
  return result;
}

export function bytesAt(card: SimulatedCard, file: 'parameters' | 'purse' | 'returnData'): Uint8Array {
  return bytesOnCard(card, METER_FILES[issuedAs(card)][file]);
}

export const parameters = (change: Partial<CardSpec['parameters']>): Partial<CardSpec> => ({
  parameters: { meterNo: METER_NO, customerNo: CUSTOMER_NO, cardType: CARD_TYPE.purchase, ...change },
});
export const UNOPENED: Partial<MeterState> = {
  opened: false,
  customerNo: '',
  serial: '',
  count: 0,
  balanceFen: 0,
};
export const OPENING = parameters({ cardType: CARD_TYPE.open });
export const REPLACEMENT = parameters({ cardType: CARD_TYPE.replacement });
