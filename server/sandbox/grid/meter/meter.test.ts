import { describe, expect, it } from 'vitest';
import {
  CARD_TYPE,
  CPU_FILES,
  SLE4442_FILES,
  blankReturnData,
  decodeReturnData,
  isBlank,
  encodeReturnData,
} from '@bianmin/shared/testing/meter-layout';
import { SimulatedCpuCard } from '@bianmin/shared/testing/sim-cpu-card';
import { SimulatedSle4442Card } from '@bianmin/shared/testing/sim-sle4442';
import type { SimulatedCard } from '@bianmin/shared/testing/simulated-card';
import { Encryptor } from '../platform/encryptor.ts';
import { CardFactory, type CardSpec } from '../world/card-factory.ts';
import { ACCEPTANCE } from './accept.ts';
import { MeterFault, type MeterCard } from './card-access.ts';
import { openCpu } from './cpu-card.ts';
import { Meter, beijingMinute, type InsertResult, type MeterState } from './meter.ts';
import { openSle4442 } from './sle4442-card.ts';

const NOW = Date.UTC(2026, 2, 1, 4, 30); // 12:30 in Beijing
const encryptor = new Encryptor();
const factory = new CardFactory(encryptor, () => 7);
const SERIAL = Uint8Array.of(0xa4, 0x65, 0x01, 0, 0, 0, 1, 1);
const OTHER_SERIAL = Uint8Array.of(0xa4, 0x65, 0x01, 0, 0, 0, 1, 2);
const METER_NO = '000026001001';
const CUSTOMER_NO = '650100001001';

const USED = encodeReturnData({
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

function open(sim: SimulatedCard): MeterCard {
  if (sim.powerOn() === undefined) throw new MeterFault(4);
  return sim.chip === 'CPU'
    ? openCpu(sim, encryptor, () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    : openSle4442(sim, encryptor);
}

/** A meter that has credited three purchases of the card with `SERIAL`, and shows 23.40. */
function meterWith(change: Partial<MeterState>): Meter {
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
    display: '',
    displayEn: '',
    ...change,
  };
  return new Meter({ state, security: encryptor, now: () => NOW });
}

/** A purchase of 50.00, the fourth, as a kiosk leaves it. */
function cardWith(chip: 'SLE4442' | 'CPU', change: Partial<CardSpec>): SimulatedCard {
  return factory.make({
    chip,
    serial: SERIAL,
    parameters: { meterNo: METER_NO, customerNo: CUSTOMER_NO, cardType: CARD_TYPE.purchase },
    amountFen: 5000,
    count: 4,
    returnData: blankReturnData(),
    errorCounter: 0x07,
    ...change,
  });
}

function insert(meter: Meter, card: SimulatedCard): InsertResult {
  const result = meter.insert(() => open(card));
  card.powerOff();
  return result;
}

function bytesAt(card: SimulatedCard, file: 'parameters' | 'purse' | 'returnData'): Uint8Array {
  if (card instanceof SimulatedCpuCard) return card.files.get(CPU_FILES[file].zone) ?? new Uint8Array();
  if (!(card instanceof SimulatedSle4442Card)) throw new TypeError('a card with memory is needed');
  return card.main.subarray(
    SLE4442_FILES[file].offset,
    SLE4442_FILES[file].offset + SLE4442_FILES[file].length,
  );
}

const parameters = (change: Partial<CardSpec['parameters']>): Partial<CardSpec> => ({
  parameters: { meterNo: METER_NO, customerNo: CUSTOMER_NO, cardType: CARD_TYPE.purchase, ...change },
});
const UNOPENED: Partial<MeterState> = { opened: false, customerNo: '', serial: '', count: 0, balanceFen: 0 };
const OPENING = parameters({ cardType: CARD_TYPE.open });
const REPLACEMENT = parameters({ cardType: CARD_TYPE.replacement });

/** As the acceptance table reads: what the card is, what the meter is, what happens. Credit in fen. */
const TABLE: readonly [
  when: string,
  card: Partial<CardSpec>,
  meter: Partial<MeterState>,
  result: { credit: number; error: number | null; writeBack: boolean },
][] = [
  [
    'meter number differs',
    parameters({ meterNo: '000026009999' }),
    {},
    { credit: 0, error: 11, writeBack: false },
  ],
  [
    'customer number differs',
    parameters({ customerNo: '650100009999' }),
    {},
    { credit: 0, error: 12, writeBack: false },
  ],
  [
    'type is none of the three',
    parameters({ cardType: 9 as 1 }),
    {},
    { credit: 0, error: 8, writeBack: false },
  ],
  ['purchase card, another serial', { serial: OTHER_SERIAL }, {}, { credit: 0, error: 13, writeBack: false }],
  ['purchase card, unopened meter', { count: 1 }, UNOPENED, { credit: 0, error: 15, writeBack: false }],
  [
    'replacement card, unopened meter',
    { ...REPLACEMENT, count: 1 },
    UNOPENED,
    { credit: 0, error: 16, writeBack: false },
  ],
  [
    'opening card, count above 1',
    { ...OPENING, count: 2 },
    UNOPENED,
    { credit: 0, error: 17, writeBack: false },
  ],
  [
    'opening card, unopened meter',
    { ...OPENING, count: 1 },
    UNOPENED,
    { credit: 5000, error: null, writeBack: true },
  ],
  [
    'opening card of another meter',
    { ...parameters({ cardType: CARD_TYPE.open, meterNo: '000026009999' }), count: 1 },
    UNOPENED,
    { credit: 0, error: 11, writeBack: false },
  ],
  [
    'opening card, meter opened from afar',
    { ...OPENING, count: 1 },
    { count: 0, serial: '' },
    { credit: 5000, error: null, writeBack: true },
  ],
  ['count one below', { count: 2 }, {}, { credit: 0, error: null, writeBack: true }],
  ['count equal', { count: 3 }, {}, { credit: 0, error: null, writeBack: true }],
  [
    'count equal, return file not empty',
    { count: 3, returnData: USED },
    {},
    { credit: 0, error: null, writeBack: true },
  ],
  ['next count, return file empty', {}, {}, { credit: 5000, error: null, writeBack: true }],
  ['next count, return file not empty', { returnData: USED }, {}, { credit: 0, error: 18, writeBack: true }],
  ['count two ahead', { count: 5 }, {}, { credit: 0, error: 17, writeBack: true }],
  ['count far ahead', { count: 0xffffffff }, {}, { credit: 0, error: 17, writeBack: true }],
  ['up to the hoard limit', {}, { hoardLimitFen: 7340 }, { credit: 5000, error: null, writeBack: true }],
  ['one fen over the hoard limit', {}, { hoardLimitFen: 7339 }, { credit: 0, error: 21, writeBack: false }],
  ['up to 999,999.99', {}, { balanceFen: 99_994_999 }, { credit: 5000, error: null, writeBack: true }],
  ['one fen over 999,999.99', {}, { balanceFen: 99_995_000 }, { credit: 0, error: 21, writeBack: false }],
  [
    'replacement card, next count',
    { ...REPLACEMENT, serial: OTHER_SERIAL },
    {},
    { credit: 5000, error: null, writeBack: true },
  ],
  [
    'replacement card that a later one overtook',
    { ...REPLACEMENT, serial: OTHER_SERIAL, count: 3 },
    {},
    { credit: 0, error: 13, writeBack: false },
  ],
  [
    'replacement card, accepted before',
    { ...REPLACEMENT, count: 3 },
    {},
    { credit: 0, error: null, writeBack: true },
  ],
  ['overdrawn household', {}, { balanceFen: -1250 }, { credit: 5000, error: null, writeBack: true }],
];

describe.each(['SLE4442', 'CPU'] as const)('a meter and a %s card', (chip) => {
  it.each(TABLE)('%s', (_, cardChange, meterChange, expected) => {
    const meter = meterWith(meterChange);
    const card = cardWith(chip, cardChange);
    const before = bytesAt(card, 'returnData').slice();
    const balance = meter.state.balanceFen;
    const result = insert(meter, card);
    expect({ credit: result.creditedFen, error: result.error }).toEqual({
      credit: expected.credit,
      error: expected.error,
    });
    expect(meter.state.balanceFen).toBe(balance + expected.credit);
    if (!expected.writeBack) {
      expect(bytesAt(card, 'returnData')).toEqual(before);
      return;
    }
    expect(decodeReturnData(bytesAt(card, 'returnData'))).toMatchObject({
      meterNo: METER_NO,
      count: meter.state.count,
      remainingFen: Math.max(0, meter.state.balanceFen),
      overdraftFen: Math.max(0, -meter.state.balanceFen),
      writtenAt: '2603011230',
    });
  });

  it('credits a purchase once, however often it is inserted', () => {
    const meter = meterWith({});
    const card = cardWith(chip, {});
    const credits = [1, 2, 3].map(() => insert(meter, card).creditedFen);
    expect(credits).toEqual([5000, 0, 0]);
    expect(meter.state).toMatchObject({ count: 4, balanceFen: 7340, creditedFen: 5000 });
  });

  it('credits a purchase once, from card or copy', () => {
    const meter = meterWith({});
    const card = cardWith(chip, {});
    const copy = factory.restore(card.snapshot());
    expect([insert(meter, card).creditedFen, insert(meter, copy).creditedFen]).toEqual([5000, 0]);
  });

  it('opens for the customer and the serial of its opening card', () => {
    const meter = meterWith(UNOPENED);
    insert(meter, cardWith(chip, { ...OPENING, count: 1 }));
    expect(meter.state).toMatchObject({ opened: true, customerNo: CUSTOMER_NO, count: 1, balanceFen: 5000 });
    expect(meter.state.serial).toBe(Buffer.from(SERIAL).toString('hex').toUpperCase());
  });

  it('counts the cards of others, and says so in its return data', () => {
    const meter = meterWith({});
    insert(meter, cardWith(chip, parameters({ meterNo: '000026009999' })));
    const card = cardWith(chip, {});
    insert(meter, card);
    expect(decodeReturnData(bytesAt(card, 'returnData'))?.illegalCards).toBe(1);
  });

  it('pulled at any EEPROM operation of the return file: credited once, and error 20', () => {
    for (let cutAt = 0; ; cutAt += 1) {
      const meter = meterWith({});
      const card = cardWith(chip, {});
      let operation = 0;
      card.cutHook = ({ memory }) =>
        memory !== 'security' && memory !== 'external-tries' && operation++ === cutAt;
      const first = insert(meter, card);
      card.cutHook = undefined;
      if (first.error === null) {
        expect(cutAt).toBeGreaterThan(20);
        return;
      }
      expect(first).toMatchObject({ error: 20, creditedFen: 5000 });
      expect(insert(meter, card)).toMatchObject({ error: null, creditedFen: 0 });
      expect(meter.state).toMatchObject({ count: 4, balanceFen: 7340 });
      expect(isBlank(bytesAt(card, 'returnData'))).toBe(false);
    }
  });

  it('damaged parameter file: 14, nothing written', () => {
    const card = cardWith(chip, {});
    const file = bytesAt(card, 'parameters');
    file[31] = (file[31] ?? 0) ^ 0x40;
    expect(insert(meterWith({}), card)).toMatchObject({ error: 14, creditedFen: 0 });
    expect(isBlank(bytesAt(card, 'returnData'))).toBe(true);
  });

  it('never issued: 7', () => {
    const card = cardWith(chip, {});
    bytesAt(card, 'parameters').fill(0);
    expect(insert(meterWith({}), card)).toMatchObject({ error: 7, creditedFen: 0 });
  });
});

describe('an SLE4442 in a meter', () => {
  it('with a purse that its MAC does not cover: 10', () => {
    const card = cardWith('SLE4442', {});
    const purse = bytesAt(card, 'purse');
    purse[3] = (purse[3] ?? 0) ^ 1;
    expect(insert(meterWith({}), card)).toMatchObject({ error: 10, creditedFen: 0 });
  });

  it.each([
    [0x00, 9],
    [0x04, 9],
  ])('with error counter %i is not asked for its code: %i', (errorCounter, error) => {
    const card = cardWith('SLE4442', { errorCounter });
    expect(insert(meterWith({}), card)).toMatchObject({ error, creditedFen: 0 });
    expect((card as SimulatedSle4442Card).errorCounter).toBe(errorCounter);
  });

  it('with two tries left is written, and has three again', () => {
    const card = cardWith('SLE4442', { errorCounter: 0x06 });
    expect(insert(meterWith({}), card)).toMatchObject({ error: null, creditedFen: 5000 });
    expect((card as SimulatedSle4442Card).errorCounter).toBe(0x07);
  });

  it('with a foreign code: 6, nothing credited', () => {
    const card = cardWith('SLE4442', {});
    const { state } = card.snapshot();
    const foreign = factory.restore({ chip: 'SLE4442', state: { ...state, code: 'ABCDEF' } });
    expect(insert(meterWith({}), foreign)).toMatchObject({ error: 6, creditedFen: 0 });
  });

  it('copied onto a card with another serial: 13', () => {
    const card = cardWith('SLE4442', {});
    const { state } = card.snapshot();
    const main = `${String(state['main']).slice(0, 30)}99${String(state['main']).slice(32)}`;
    const forged = factory.restore({ chip: 'SLE4442', state: { ...state, main } });
    expect(insert(meterWith({}), forged)).toMatchObject({ error: 13, creditedFen: 0 });
  });
});

describe('a CPU card in a meter', () => {
  const withKey = (name: string): SimulatedCard => {
    const { state } = cardWith('CPU', {}).snapshot();
    return factory.restore({ chip: 'CPU', state: { ...state, [`key ${name}`]: '00'.repeat(16) } });
  };

  it.each([
    ['internal', 5, 0],
    ['external', 6, 0],
    ['mac', 10, 5000],
  ])('with a wrong %s key: %i', (key, error, creditedFen) => {
    expect(insert(meterWith({}), withKey(key))).toMatchObject({ error, creditedFen });
  });

  it('with a blocked external key: 9', () => {
    const { state } = cardWith('CPU', {}).snapshot();
    const card = factory.restore({ chip: 'CPU', state: { ...state, externalTries: 0 } });
    expect(insert(meterWith({}), card)).toMatchObject({ error: 9, creditedFen: 0 });
  });
});

it('a card that does not answer: 4', () => {
  const meter = meterWith({});
  expect(
    meter.insert(() => {
      throw new MeterFault(4);
    }),
  ).toMatchObject({ error: 4, creditedFen: 0, balanceFen: 2340 });
});

it('each row of the acceptance table decides in some test', () => {
  const hit = new Set<string>();
  for (const [, card, meter] of TABLE) {
    const { state } = meterWith(meter);
    const spec = {
      ...parameters({}),
      serial: SERIAL,
      amountFen: 5000,
      count: 4,
      returnData: blankReturnData(),
      ...card,
    };
    const contents = {
      issued: true,
      wellFormed: true,
      type: spec.parameters?.cardType ?? 0,
      meterNo: spec.parameters?.meterNo ?? '',
      customerNo: spec.parameters?.customerNo ?? '',
      serial: Buffer.from(spec.serial).toString('hex').toUpperCase(),
      amountFen: spec.amountFen,
      count: spec.count,
      macValid: true,
      returnEmpty: isBlank(spec.returnData),
    };
    const row = ACCEPTANCE.find(({ holds }) => holds(contents, state));
    if (row !== undefined) hit.add(row.when);
  }
  const elsewhere = ['never issued', 'parameter file not well formed', 'purse not authentic, or torn'];
  expect(new Set([...hit, ...elsewhere])).toEqual(new Set(ACCEPTANCE.map(({ when }) => when)));
});

it('keeps Beijing time', () => {
  expect(beijingMinute(Date.UTC(2025, 11, 31, 16, 0))).toBe('2601010000');
});
