import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../errors.ts';
import {
  externalAuthenticate,
  getChallenge,
  internalAuthenticate,
  macedUpdateBinary,
  macedUpdateHeader,
  parseApdu,
  readBinary,
  select,
  sfiOf,
  updateBinary,
} from './commands.ts';
import { D1, fileOf, zoneOf } from './dialects.ts';
import { statusError } from './status.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

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

it('zones of a dialect name its files and nothing else', () => {
  for (const file of D1.files) expect(fileOf(D1, zoneOf(file))).toBe(file);
  for (const zone of ['main', 'mf:02', 'df01:6', 'df02:01', 'df01:05x', ''])
    expect(fileOf(D1, zone)).toBeUndefined();
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
    [0x1234, 'chip.refused'],
  ])('%i is %s', (sw, code) => {
    expect(statusError(sw)?.code).toBe(code);
  });

  it('are an error each, but 90 00', () => {
    expect(statusError(0x9000)).toBeUndefined();
    for (let sw = 0; sw < 0x10000; sw += 7) {
      if (sw !== 0x9000) expect(statusError(sw)).toBeInstanceOf(CodedError);
    }
  });
});
