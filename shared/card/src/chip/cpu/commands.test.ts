import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { CodedError } from '../../errors.ts';
import { parseApdu } from '../../framing/apdu.ts';
import {
  askExternalTries,
  externalAuthenticate,
  getChallenge,
  internalAuthenticate,
  macedReadBinary,
  macedUpdateBinary,
  macedUpdateHeader,
  readBinary,
  readCurrentBinary,
  readRecord,
  select,
  sfiOf,
  sfiOfRecord,
  updateBinary,
  updateRecord,
} from './commands.ts';
import { statusError, triesOf } from './status.ts';

describe('commands of electricity CPU cards', () => {
  it('are these bytes (FMCOS 2.0 manual; public readers of dialect D1)', () => {
    expect(hex(select(0xdf01))).toBe('00A4000002DF01');
    expect(hex(readBinary(0x19, 1, 8))).toBe('00B0990108');
    expect(hex(getChallenge(4))).toBe('0084000004');
    expect(hex(internalAuthenticate(1, bytes('0102030405060708')))).toBe('00880001080102030405060708');
    expect(hex(externalAuthenticate(2, bytes('0102030405060708')))).toBe('00820002080102030405060708');
    expect(hex(updateBinary({ sfi: 1, offset: 0 }, bytes('AA')))).toBe('00D6810001AA');
    const target = { sfi: 2, offset: 4 };
    expect(hex(macedUpdateHeader(target, 4))).toBe('04D6820408');
    expect(hex(macedUpdateBinary(target, bytes('00000008'), bytes('A1A2A3A4')))).toBe(
      '04D682040800000008A1A2A3A4',
    );
  });

  it('of records and long files are these (public meter firmware: 00 B2 01 14 04; ISO/IEC 7816-4 §11.2–3)', () => {
    expect(hex(readRecord(2, 1, 4))).toBe('00B2011404');
    expect(hex(updateRecord(2, 3, bytes('01020304')))).toBe('00DC03140401020304');
    expect(sfiOfRecord(0x14)).toBe(2);
    expect(sfiOfRecord(0x04)).toBeUndefined();
    expect(sfiOfRecord(0x12)).toBeUndefined();
    expect(hex(readCurrentBinary(0x102, 16))).toBe('00B0010210');
  });

  it('that meters pass on are read with a MAC over the header that will carry them (public test bench)', () => {
    const read = macedReadBinary({ sfi: 2, offset: 0 }, bytes('A1A2A3A4'), bytes('843201140C'));
    expect(hex(read)).toBe('04B0820009A1A2A3A4843201140C');
  });

  it('ask for the tries of a key without data (ISO/IEC 7816-4 §11.5.4)', () => {
    expect(hex(askExternalTries(2))).toBe('00820002');
    expect(parseApdu(bytes('00820002'))).toMatchObject({ data: new Uint8Array(), le: undefined });
  });

  it('come apart as they were put together', () => {
    expect(parseApdu(bytes('00B0990108'))).toEqual({
      ...{ cla: 0, ins: 0xb0, p1: 0x99, p2: 1, data: new Uint8Array(), le: 8 },
    });
    expect(parseApdu(bytes('00B0990100'))?.le).toBe(256);
    expect(parseApdu(bytes('0088000102AABB08'))).toMatchObject({ data: bytes('AABB'), le: 8 });
    expect(parseApdu(bytes('0084'))).toBeUndefined();
    expect(parseApdu(bytes('00D6810002AA'))).toBeUndefined();
    expect(parseApdu(bytes('00D6810001AA0000'))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        const apdu = parseApdu(any);
        if (apdu !== undefined) expect(any.length).toBeGreaterThanOrEqual(4 + apdu.data.length);
      }),
      { seed: 1 },
    );
  });

  it('name files by short identifier only where P1 says so', () => {
    expect(sfiOf(0x99)).toBe(0x19);
    expect(sfiOf(0x19)).toBeUndefined();
    expect(sfiOf(0xe1)).toBeUndefined();
  });
});

describe('status words', () => {
  it.each([
    [0x6982, 'chip.unreadable'],
    [0x6983, 'chip.locked'],
    [0x6988, 'chip.refused'],
    [0x6a82, 'chip.out-of-range'],
    [0x6b00, 'chip.out-of-range'],
    [0x6d00, 'chip.unsupported'],
    [0x63c2, 'chip.code-wrong'],
    [0x63c0, 'chip.locked'],
    [0x6300, 'chip.code-wrong'],
    [0x6984, 'chip.refused'],
    [0x6989, 'chip.refused'],
    [0x6a88, 'chip.unsupported'],
    [0x9303, 'chip.locked'],
    [0x6108, 'chip.malformed'],
    [0x6c31, 'chip.malformed'],
    [0x62f1, 'chip.refused'],
    [0x6501, 'chip.refused'],
    [0x1234, 'chip.refused'],
  ])('%i is %s', (sw, code) => {
    expect(statusError(sw)?.code).toBe(code);
  });

  it('tell the tries left where they have them', () => {
    expect(triesOf(0x63c5)).toBe(5);
    expect(triesOf(0x6983)).toBe(0);
    expect(triesOf(0x9000)).toBeUndefined();
    expect(statusError(0x63c5)?.context).toEqual({ sw: '63c5', triesLeft: 5 });
  });

  it('are an error each, but 90 00', () => {
    expect(statusError(0x9000)).toBeUndefined();
    for (let sw = 0; sw < 0x10000; sw += 7) {
      if (sw !== 0x9000) expect(statusError(sw)).toBeInstanceOf(CodedError);
    }
  });
});
