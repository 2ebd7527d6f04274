import { describe, expect, it } from 'vitest';
import { encodeParameters, encodeReturnData, type Parameters } from '../../testing/meter-layout.ts';
import { encodePurse } from '../../testing/meter-purse.ts';
import { D1, D2, D3 } from './dialects.ts';
import { type CpuDialect, fileFor } from './dialect.ts';
import { returnState, vendingFaults, type VendingFiles } from './return-file.ts';

const METER = '001228646501';
const PARAMETERS: Parameters = {
  updateFlags: 0,
  rateSwitchTime: '2601010000',
  ...{ alarm1Fen: 2000, alarm2Fen: 500, currentRatio: 1, voltageRatio: 1 },
  meterNo: METER,
  customerNo: '650100004321',
  cardType: 2,
};
const returned = (count: number, meterNo = METER): Uint8Array =>
  encodeReturnData({
    ...{ currentRatio: 1, voltageRatio: 1, meterNo, customerNo: '650100004321', remainingFen: 704 },
    ...{ overdraftFen: 0, count, illegalCards: 0, writtenAt: '2611240930' },
  });
const blank = (byte: number, length = 49): Uint8Array => new Uint8Array(length).fill(byte);
const files = (count: number, left: Uint8Array): VendingFiles => ({
  parameters: encodeParameters(PARAMETERS),
  purse: encodePurse({ amountFen: 10_000, count }),
  returned: left,
});

describe('a return file', () => {
  it.each([D1, D2])('is blank where all bytes are alike ($id)', (dialect) => {
    expect(returnState(dialect, blank(0x00))).toBe('blank');
    expect(returnState(dialect, blank(0xff))).toBe('blank');
    expect(returnState(dialect, returned(3))).toBe('written');
    const torn = blank(0x00);
    torn[20] = 0x12;
    expect(returnState(dialect, torn)).toBe('torn');
  });

  it('is blank to the firmware of D3 by eight of its bytes: FF is not', () => {
    expect(returnState(D3, blank(0x00))).toBe('blank');
    expect(returnState(D3, blank(0xff))).toBe('torn');
    expect(returnState(D3, returned(3))).toBe('written');
    const torn = returned(3);
    torn.fill(0, 0, 8);
    expect(returnState(D3, torn)).toBe('blank');
  });

  it('that is damaged anywhere is torn, not written', () => {
    for (const at of [0, 1, 2, 3, 10, 27, 47, 48]) {
      const file = returned(3);
      file[at] = (file[at] ?? 0) ^ 0x10;
      expect(returnState(D1, file)).toBe('torn');
    }
    for (const length of [0, 1, 5, 6]) expect(returnState(D1, returned(3).slice(0, length))).toBe('torn');
  });

  it('blanked as a purchase does it is blank in every dialect, at its own length', () => {
    for (const dialect of [D1, D2, D3] satisfies CpuDialect[]) {
      expect(returnState(dialect, blank(0x00, fileFor(dialect, 'return')?.length ?? 0))).toBe('blank');
    }
  });
});

describe('a vending write', () => {
  const right = { dialect: D1, before: files(7, returned(7)), after: files(8, blank(0)) };

  it('is right with an empty return file and the next count', () => {
    expect(vendingFaults(right)).toEqual([]);
  });

  it.each([
    ['the same count', { ...right, after: files(7, blank(0)) }, ['count-not-next']],
    ['a count too far on', { ...right, after: files(9, blank(0)) }, ['count-not-next']],
    ['the return file as it was', { ...right, after: files(8, returned(7)) }, ['return-not-blank']],
    ['FF in a file of D3', { ...right, dialect: D3, after: files(8, blank(0xff)) }, ['return-not-blank']],
    [
      'a purchase that was never in the meter',
      { ...right, before: files(7, blank(0)) },
      ['meter-count-unknown'],
    ],
    ['a damaged return file', { ...right, before: files(7, returned(7).fill(0, 10, 12)) }, ['return-torn']],
    [
      'another meter’s return file',
      { ...right, before: files(7, returned(7, '000000000001')) },
      ['other-meter'],
    ],
    ['both wrong', { ...right, after: files(6, returned(7)) }, ['count-not-next', 'return-not-blank']],
  ])('is wrong with %s', (_what, write, faults) => {
    expect(vendingFaults(write)).toEqual(faults);
  });

  it('goes by the meter’s count where the grid knows it', () => {
    const before = files(7, blank(0));
    expect(vendingFaults({ ...right, before, meterCount: 7 })).toEqual([]);
    expect(vendingFaults({ ...right, before, meterCount: 6 })).toEqual(['count-not-next']);
    // The counts of the first card of a household: none yet.
    expect(vendingFaults({ ...right, before, after: files(1, blank(0)), meterCount: 0 })).toEqual([]);
  });
});
