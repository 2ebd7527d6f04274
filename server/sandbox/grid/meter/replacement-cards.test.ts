import { describe, expect, it } from 'vitest';
import { METER_CARDS } from '@bianmin/card/testing/meter-files';
import { decodeReturnData } from '@bianmin/card/testing/meter-layout';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { OTHER_SERIAL, REPLACEMENT, SERIAL, bytesAt, cardWith, insert, meterWith } from './samples.ts';

describe.each(METER_CARDS)('several replacement cards, on %s', (chip) => {
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
