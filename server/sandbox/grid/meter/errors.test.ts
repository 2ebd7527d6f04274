import { describe, expect, it } from 'vitest';
import { chipOf, METER_CARDS, type MeterCard } from '@bianmin/card/testing/meter-files';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { CardSpec } from '../world/card-factory.ts';
import { MuteCard } from '../world/mute-card.ts';
import { METER_ERRORS, type MeterErrorNumber } from './errors.ts';
import type { MeterState } from './meter-state.ts';
import {
  OPENING,
  OTHER_SERIAL,
  REPLACEMENT,
  UNOPENED,
  USED,
  cardWith,
  insert,
  meterWith,
  parameters,
} from './samples.ts';
import { NO_KEY, changed, emptied, pulled, spoilt } from './spoilt-cards.ts';

const CPU_ONLY: readonly MeterCard[] = ['CPU', 'second-CPU'];

const MEMORY = METER_CARDS.filter((card) => chipOf(card) !== 'CPU');

interface Row {
  readonly number: MeterErrorNumber;
  readonly when: string;
  /** All six, where nothing is said. */
  readonly chips?: readonly MeterCard[];
  readonly card?: (chip: MeterCard) => SimulatedCard;
  readonly spec?: Partial<CardSpec>;
  readonly meter?: Partial<MeterState>;
  /** Fen that it credits all the same. */
  readonly credit?: number;
}

/** As the list of meter errors reads. */
const ERRORS: readonly Row[] = [
  { number: 1, when: 'the supply is too low', meter: { ailment: 1 } },
  { number: 2, when: 'the security module cannot be written', meter: { ailment: 2 } },
  { number: 3, when: 'the security module does not start', meter: { ailment: 3 } },
  { number: 4, when: 'nothing answers: reversed, or no card', card: () => new MuteCard() },
  {
    number: 5,
    when: 'the card does not prove to be genuine',
    chips: CPU_ONLY,
    card: (chip) => spoilt(chip, { internal: NO_KEY }),
  },
  {
    number: 6,
    when: 'the card does not take the meter for one',
    card: (chip) => spoilt(chip, { external: NO_KEY }),
  },
  { number: 7, when: 'the card was never issued', card: (chip) => emptied(cardWith(chip, {}), chip) },
  { number: 8, when: 'its type is none of the three', spec: parameters({ cardType: 9 as 1 }) },
  { number: 9, when: 'its code is blocked', spec: { triesLeft: 0 } },
  {
    number: 10,
    when: 'the purse is not the grid’s',
    chips: MEMORY,
    card: (chip) => changed(cardWith(chip, {}), 'purse', 3),
  },
  {
    number: 10,
    when: 'the return file is not taken',
    chips: CPU_ONLY,
    card: (chip) => spoilt(chip, { maintenance: NO_KEY }),
    credit: 5000,
  },
  { number: 11, when: 'it is another meter’s', spec: parameters({ meterNo: '000026009999' }) },
  { number: 12, when: 'it is another customer’s', spec: parameters({ customerNo: '650100009999' }) },
  { number: 13, when: 'it is not the card last used here', spec: { serial: OTHER_SERIAL } },
  {
    number: 14,
    when: 'its parameter file is damaged',
    card: (chip) => changed(cardWith(chip, {}), 'parameters', 31),
  },
  { number: 15, when: 'a purchase card comes to an unopened meter', spec: { count: 1 }, meter: UNOPENED },
  {
    number: 16,
    when: 'a replacement card comes to one',
    spec: { ...REPLACEMENT, count: 1 },
    meter: UNOPENED,
  },
  { number: 17, when: 'the count is two ahead', spec: { count: 5 } },
  {
    number: 17,
    when: 'an opening card has a count above 1',
    spec: { ...OPENING, count: 2 },
    meter: UNOPENED,
  },
  { number: 18, when: 'the return file is not empty', spec: { returnData: USED } },
  { number: 19, when: 'the bus to the module is silent', meter: { ailment: 19 } },
  { number: 20, when: 'it is pulled early', card: (chip) => pulled(cardWith(chip, {}), chip), credit: 5000 },
  { number: 21, when: 'there is no room for it', meter: { hoardLimitFen: 7339 } },
];

describe.each(METER_CARDS)('a meter shows, with a %s card,', (chip) => {
  const rows = ERRORS.filter(({ chips = METER_CARDS }) => chips.includes(chip));

  it.each(rows)('$number where $when; and once that is set right the purchase is in it, once', (row) => {
    const { number, card, spec = {}, meter: change = {}, credit = 0 } = row;
    const meter = meterWith(change);
    const result = insert(meter, card?.(chip) ?? cardWith(chip, spec));
    expect(result).toMatchObject({ error: number, creditedFen: credit });
    expect(result.message).toContain(METER_ERRORS[number].zh);
    meter.state.ailment = undefined;
    meter.state.hoardLimitFen = 0;
    const good = cardWith(chip, meter.state.opened ? {} : { ...OPENING, count: 1 });
    const after = insert(meter, good);
    expect({ error: after.error, credited: credit + after.creditedFen }).toEqual({
      error: null,
      credited: 5000,
    });
  });
});

it('every number of the list is shown by some card or meter', () => {
  const shown = new Set(ERRORS.map(({ number }) => number));
  expect([...shown].sort((a, b) => a - b)).toEqual(Object.keys(METER_ERRORS).map(Number));
});
