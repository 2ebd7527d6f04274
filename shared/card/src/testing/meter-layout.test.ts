import { describe, expect, it } from 'vitest';
import {
  CARD_TYPE,
  decodeParameters,
  decodeReturnData,
  encodeParameters,
  encodeReturnData,
  isBlank,
  type Parameters,
  type ReturnData,
} from './meter-layout.ts';
import { decodePurse, encodePurse } from './meter-purse.ts';
import { bcdBytes } from './meter-bcd.ts';
import { blankReturnData } from './meter-files.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

const PARAMETERS: Parameters = {
  updateFlags: 0x80,
  rateSwitchTime: '2601010000',
  alarm1Fen: 2000,
  alarm2Fen: 500,
  currentRatio: 1,
  voltageRatio: 1,
  meterNo: '000012345678',
  customerNo: '650100004321',
  cardType: CARD_TYPE.purchase,
};

const RETURN: ReturnData = {
  currentRatio: 1,
  voltageRatio: 1,
  meterNo: '000012345678',
  customerNo: '650100004321',
  remainingFen: 12345,
  overdraftFen: 0,
  count: 7,
  illegalCards: 2,
  writtenAt: '2611250103',
};

describe('meter card files', () => {
  it('has these literal bytes', () => {
    expect(hex(encodeParameters(PARAMETERS))).toBe(
      '68010027008000000000260101000000000020000000050000000100000100001234567865010000432102D716',
    );
    expect(hex(encodeReturnData(RETURN))).toBe(
      '6811002B000000010000010000123456786501000043210001234500000007000000000000000000000226112501' +
        '03EE16',
    );
    expect(hex(encodePurse({ amountFen: 10000, count: 8 }))).toBe('0000271000000008');
  });

  it('decodes what it encodes', () => {
    expect(decodeParameters(encodeParameters(PARAMETERS))).toEqual(PARAMETERS);
    expect(decodeReturnData(encodeReturnData(RETURN))).toEqual(RETURN);
    expect(decodePurse(encodePurse({ amountFen: 99_999_999, count: 0xffffffff }))).toEqual({
      amountFen: 99_999_999,
      count: 0xffffffff,
    });
    expect(hex(bcdBytes(PARAMETERS.customerNo))).toBe('650100004321');
  });

  it('refuses any file with one byte changed', () => {
    for (const [bytes, decode] of [
      [encodeParameters(PARAMETERS), decodeParameters],
      [encodeReturnData(RETURN), decodeReturnData],
    ] as const) {
      for (let at = 0; at < bytes.length; at++) {
        const torn = bytes.slice();
        torn[at] = (torn[at] ?? 0) ^ 0x40;
        expect(decode(torn), `byte ${at}`).toBeUndefined();
      }
    }
  });

  it('knows an empty return file from a torn one', () => {
    expect(isBlank(blankReturnData('SLE4442'))).toBe(true);
    expect(isBlank(blankReturnData('SLE4442').fill(0xff))).toBe(true);
    const torn = blankReturnData('SLE4442');
    torn[3] = 0xff;
    expect(isBlank(torn)).toBe(false);
    expect(decodeReturnData(blankReturnData('SLE4442'))).toBeUndefined();
  });

  it('says which field does not fit', () => {
    expect(() => encodeParameters({ ...PARAMETERS, meterNo: '12A4' })).toThrow('field at 30');
    expect(() => encodeReturnData({ ...RETURN, remainingFen: 100_000_000 })).toThrow('field at 23');
  });
});
