import { describe, expect, it } from 'vitest';
import type { CardType } from '@bianmin/card/testing/meter-layout';
import type { CardSpec } from '../world/card-factory.ts';
import type { MeterState } from './meter-state.ts';
import { CUSTOMER_NO, METER_NO, UNOPENED, USED, cardWith, insert, meterWith } from './samples.ts';

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
