import { describe, expect, it } from 'vitest';
import { METER_CHIPS, blankReturnData } from '@bianmin/shared/testing/meter-files';
import { CARD_TYPE, decodeReturnData, isBlank, type CardType } from '@bianmin/shared/testing/meter-layout';
import type { SimulatedCard } from '@bianmin/shared/testing/simulated-card';
import type { CardSpec } from '../world/card-factory.ts';
import { ACCEPTANCE } from './accept.ts';
import type { MeterState } from './meter.ts';
import {
  CUSTOMER_NO,
  METER_NO,
  OPENING,
  OTHER_SERIAL,
  REPLACEMENT,
  SERIAL,
  UNOPENED,
  USED,
  bytesAt,
  cardWith,
  insert,
  meterWith,
  parameters,
} from './samples.ts';

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
    { credit: 0, error: 13, writeBack: true },
  ],
  [
    'replacement card, accepted before',
    { ...REPLACEMENT, count: 3 },
    {},
    { credit: 0, error: null, writeBack: true },
  ],
  ['overdrawn household', {}, { balanceFen: -1250 }, { credit: 5000, error: null, writeBack: true }],
];

describe.each(METER_CHIPS)('the acceptance table, with a %s card', (chip) => {
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
});

describe.each(METER_CHIPS)('several replacement cards, on %s', (chip) => {
  const THIRD_SERIAL = Uint8Array.of(...SERIAL.subarray(0, 7), 3);

  it('are good in the order in which they were issued; none comes back after a later one', () => {
    const meter = meterWith({});
    const first = cardWith(chip, {});
    const second = cardWith(chip, { ...REPLACEMENT, serial: OTHER_SERIAL });
    const third = cardWith(chip, { ...REPLACEMENT, serial: THIRD_SERIAL, count: 5, amountFen: 700 });
    expect(insert(meter, second)).toMatchObject({ creditedFen: 5000, error: null });
    expect(insert(meter, first)).toMatchObject({ creditedFen: 0, error: 13 });
    expect(insert(meter, third)).toMatchObject({ creditedFen: 700, count: 5, error: null });
    expect(insert(meter, second)).toMatchObject({ creditedFen: 0, error: 13 });
    expect(insert(meter, first)).toMatchObject({ creditedFen: 0, error: 13 });
    expect(insert(meter, third)).toMatchObject({ creditedFen: 0, error: null });
  });

  it('bear one purchase that is credited once, and the one that came too late is told the count', () => {
    const meter = meterWith({});
    const [second, third] = [OTHER_SERIAL, THIRD_SERIAL].map((serial) =>
      cardWith(chip, { ...REPLACEMENT, serial }),
    ) as [SimulatedCard, SimulatedCard];
    expect(insert(meter, third)).toMatchObject({ creditedFen: 5000, error: null });
    expect(insert(meter, second)).toMatchObject({ creditedFen: 0, error: 13 });
    expect(decodeReturnData(bytesAt(second, 'returnData'))).toMatchObject({ count: 4 });
  });
});

describe('alarm amounts on a card', () => {
  const alarms = { updateFlags: 0x80, alarm1Fen: 3000, alarm2Fen: 700 };
  const of = (cardType: CardType) => ({
    parameters: { meterNo: METER_NO, customerNo: CUSTOMER_NO, cardType, ...alarms },
  });
  const taken = { alarm1Fen: 3000, alarm2Fen: 700 };
  const kept = { alarm1Fen: 2000, alarm2Fen: 500 };

  it.each<[string, Partial<CardSpec>, Partial<MeterState>, object]>([
    ['are taken from an opening card with its credit', { ...of(1), count: 1 }, UNOPENED, taken],
    ['are taken again at an equal count', { ...of(1), count: 1 }, { count: 1 }, taken],
    [
      'are not where the return file is not empty',
      { ...of(1), count: 1, returnData: USED },
      { count: 1 },
      kept,
    ],
    ['are not taken from a purchase card', of(2), {}, kept],
    ['are not taken from a replacement card', of(3), {}, kept],
    ['are not from a refused card', { ...of(1), count: 2 }, UNOPENED, kept],
  ])('%s', (_, card, change, expected) => {
    const meter = meterWith(change);
    insert(meter, cardWith('SLE4442', card));
    expect(meter.state).toMatchObject(expected);
  });
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
      returnData: blankReturnData('SLE4442'),
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
      alarms: null,
      returnEmpty: isBlank(spec.returnData),
    };
    const row = ACCEPTANCE.find(({ holds }) => holds(contents, state));
    if (row !== undefined) hit.add(row.when);
  }
  const elsewhere = ['never issued', 'parameter file not well formed', 'purse not authentic, or torn'];
  expect(new Set([...hit, ...elsewhere])).toEqual(new Set(ACCEPTANCE.map(({ when }) => when)));
});
