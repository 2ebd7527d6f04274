import { CARD_TYPE } from '@bianmin/card/testing/meter-layout';
import type { CardSpec } from '../world/card-factory.ts';
import type { MeterState } from './meter-state.ts';
import { OPENING, OTHER_SERIAL, REPLACEMENT, UNOPENED, USED, parameters } from './samples.ts';

/** As the acceptance table reads: what the card is, what the meter is, what happens. Credit in fen. */
export const TABLE: readonly [
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
  [
    'one fen over the hoard limit, and its maker writes back',
    {},
    { hoardLimitFen: 7339, whenFull: 'writes-back' },
    { credit: 0, error: 21, writeBack: true },
  ],
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
