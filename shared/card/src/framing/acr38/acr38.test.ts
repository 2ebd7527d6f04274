import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { FramingError } from '../error.ts';
import { ACR38_COMMAND } from './constants.ts';
import type { Acr38CommandName } from './constants.ts';
import {
  announcedAcr38Length,
  decodeAcr38Answer,
  decodeAcr38Command,
  decodeAcr38Notice,
  encodeAcr38Answer,
  encodeAcr38Command,
} from './message.ts';
import { runs } from '../../testing/property-runs.ts';

describe('ACR38 frames', () => {
  it.each([
    ['status', '', '01010000'],
    ['selectType', '06', '0102000106'],
    ['setOption', '20', '0107000120'],
    ['powerOn', '00', '0180000100'],
    ['powerOff', '', '01810000'],
    ['exchangeT0', 'FFA400000106', '01A00006FFA400000106'],
    ['readerPps', 'FF10117E'.slice(0, 8), '010B0004FF10117E'],
  ] as const)('%s %s is %s', (name, data, bytes) => {
    expect(toHex(encodeAcr38Command({ name, data: fromHex(data) }))).toBe(bytes);
    expect(decodeAcr38Command(fromHex(bytes))).toEqual({ name, data: fromHex(data) });
  });

  it('have their length in two bytes, most significant first', () => {
    expect(toHex(encodeAcr38Answer({ status: 0, data: new Uint8Array(258) })).slice(0, 8)).toBe('01000102');
    expect(announcedAcr38Length(fromHex('01000102'))).toBe(262);
    expect(announcedAcr38Length(fromHex('010001'))).toBeUndefined();
    expect(() => encodeAcr38Answer({ status: 0, data: new Uint8Array(65_536) })).toThrow(FramingError);
  });

  it('tell of cards', () => {
    expect(decodeAcr38Notice(fromHex('01C0'))).toEqual({ present: false });
    expect(decodeAcr38Notice(fromHex('01C1'))).toEqual({ present: true });
    expect(decodeAcr38Notice(fromHex('5003'))).toBeUndefined();
    expect(decodeAcr38Notice(fromHex('01'))).toBeUndefined();
  });

  it('come back as they went', () => {
    const names = fc.constantFrom(...(Object.keys(ACR38_COMMAND) as Acr38CommandName[]));
    fc.assert(
      fc.property(names, fc.nat(0xff), fc.uint8Array({ maxLength: 300 }), (name, status, data) => {
        expect(decodeAcr38Command(encodeAcr38Command({ name, data }))).toEqual({ name, data });
        expect(decodeAcr38Answer(encodeAcr38Answer({ status, data }))).toEqual({ status, data });
      }),
    );
  });

  it('are refused with a typed error when they are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        for (const decode of [decodeAcr38Answer, decodeAcr38Command]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(FramingError);
          }
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});
