import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, type CreditFrame } from './frame.ts';
import type { MeterState } from './meter-state.ts';
import { FRAME_ACCEPTANCE } from './receive.ts';
import { CUSTOMER_NO, METER_NO, UNOPENED, cardWith, encryptor, insert, meterWith } from './samples.ts';

/** 50.00 as the fourth purchase, to a meter that has credited three. */
const FRAME: CreditFrame = { meterNo: METER_NO, customerNo: CUSTOMER_NO, amountFen: 5000, count: 4 };
const frame = (change: Partial<CreditFrame> = {}): string => encodeFrame({ ...FRAME, ...change }, encryptor);

const TABLE: readonly [
  when: string,
  frame: string,
  meter: Partial<MeterState>,
  result: { credit: number; error: number | null },
][] = [
  ['the next count', frame(), {}, { credit: 5000, error: null }],
  ['an equal count', frame({ count: 3 }), {}, { credit: 0, error: null }],
  ['a lower count', frame({ count: 2 }), {}, { credit: 0, error: 17 }],
  ['two ahead', frame({ count: 5 }), {}, { credit: 0, error: 17 }],
  ['far ahead', frame({ count: 0xffffffff }), {}, { credit: 0, error: 17 }],
  ['another customer', frame({ customerNo: '650100009999' }), {}, { credit: 0, error: 12 }],
  ['another meter’s frame', frame({ meterNo: '000026009999' }), {}, { credit: 0, error: 10 }],
  ['an unopened meter', frame({ count: 1 }), UNOPENED, { credit: 0, error: 15 }],
  ['up to the hoard limit', frame(), { hoardLimitFen: 7340 }, { credit: 5000, error: null }],
  ['one fen over the hoard limit', frame(), { hoardLimitFen: 7339 }, { credit: 0, error: 21 }],
  ['up to 999,999.99', frame(), { balanceFen: 99_994_999 }, { credit: 5000, error: null }],
  ['one fen over 999,999.99', frame(), { balanceFen: 99_995_000 }, { credit: 0, error: 21 }],
  ['an overdrawn household', frame(), { balanceFen: -1250 }, { credit: 5000, error: null }],
  ['a frame that is too short', frame().slice(2), {}, { credit: 0, error: 14 }],
  ['no digits', `${'00'.repeat(8)}${'FF'.repeat(10)}`, {}, { credit: 0, error: 10 }],
];

describe('a frame from afar', () => {
  it.each(TABLE)('%s', (_, hex, change, { credit, error }) => {
    const meter = meterWith(change);
    const { balanceFen, count } = meter.state;
    expect(meter.receive(hex)).toMatchObject({ creditedFen: credit, error });
    expect(meter.state).toMatchObject({
      balanceFen: balanceFen + credit,
      count: count + (credit > 0 ? 1 : 0),
      remoteFen: credit,
    });
  });

  it.each(Array.from({ length: 18 * 8 }, (_, bit) => bit))('with bit %i turned credits nothing', (bit) => {
    const bytes = Buffer.from(frame(), 'hex');
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const meter = meterWith({});
    expect(meter.receive(bytes.toString('hex').toUpperCase())).toMatchObject({ creditedFen: 0, error: 10 });
  });

  it('and a card with the same count credit once, whichever comes first', () => {
    const first = meterWith({});
    expect(first.receive(frame()).creditedFen).toBe(5000);
    expect(insert(first, cardWith('SLE4442', {})).creditedFen).toBe(0);
    const second = meterWith({});
    expect(insert(second, cardWith('SLE4442', {})).creditedFen).toBe(5000);
    expect(second.receive(frame())).toMatchObject({ creditedFen: 0, error: null });
  });

  it('is judged by rows that each decide in some test', () => {
    const hit = new Set(
      TABLE.map(([, hex, change]) => {
        const decoded = decodeFrame(hex, METER_NO);
        const { state } = meterWith(change);
        return decoded && FRAME_ACCEPTANCE.find(({ holds }) => holds(decoded.frame, state))?.when;
      }),
    );
    for (const { when } of FRAME_ACCEPTANCE) expect(hit).toContain(when);
  });
});
