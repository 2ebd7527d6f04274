import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { CodedError } from '../errors.ts';
import { decodePps, encodePps, judgePps, ppsLength, type Pps } from './pps.ts';
import { runs } from '../testing/property-runs.ts';

const byte = fc.integer({ min: 0, max: 0xff });
const anyPps: fc.Arbitrary<Pps> = fc.record(
  { protocol: fc.integer({ min: 0, max: 14 }), fiDi: byte, spu: byte, pps3: byte },
  { requiredKeys: ['protocol'] },
);

describe('a protocol and parameters selection', () => {
  it('is these bytes (by hand, ISO/IEC 7816-3:2006 §9.2)', () => {
    expect(toHex(encodePps({ protocol: 0, fiDi: 0x95 }))).toBe('FF10957A');
    expect(toHex(encodePps({ protocol: 1, fiDi: 0x18 }))).toBe('FF1118F6');
    expect(toHex(encodePps({ protocol: 1 }))).toBe('FF01FE');
    expect(decodePps(fromHex('FF1118F6'))).toEqual({ protocol: 1, fiDi: 0x18 });
    expect(decodePps(fromHex('FF00FF'))).toEqual({ protocol: 0 });
  });

  it('comes back as it went in, in as many bytes as PPS0 says', () => {
    fc.assert(
      fc.property(anyPps, (pps) => {
        const bytes = encodePps(pps);
        expect(decodePps(bytes)).toEqual(pps);
        expect(bytes).toHaveLength(ppsLength(bytes[1] ?? 0));
      }),
    );
  });

  it.each([
    ['', 'framing.pps'],
    ['FF', 'framing.pps'],
    ['FE01FF', 'framing.pps'],
    ['FF0FF0', 'framing.pps'],
    ['FF817E', 'framing.pps'],
    ['FF11FE', 'framing.pps'],
    ['FF01FE00', 'framing.pps'],
    ['FF01FF', 'framing.checksum'],
  ])('of the bytes %s is refused with %s', (hex, code) => {
    expect(() => decodePps(fromHex(hex))).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('has no place for a protocol or a parameter that is none', () => {
    for (const pps of [{ protocol: 15 }, { protocol: 0.5 }, { protocol: 0, fiDi: 256 }]) {
      expect(() => encodePps(pps)).toThrow(expect.objectContaining({ code: 'framing.pps' }) as Error);
    }
  });

  it('of any bytes is taken apart or refused with a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.boolean(), (bytes, start) => {
        if (start && bytes.length > 0) bytes[0] = 0xff;
        try {
          expect(encodePps(decodePps(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }),
      { numRuns: runs(20_000) },
    );
  });
});

describe('an answer to a selection', () => {
  const request = encodePps({ protocol: 0, fiDi: 0x95 });

  it.each([
    ['an echo', 'FF10957A', { agreed: true, protocol: 0, fiDi: 0x95 }],
    ['no PPS1: it stays at 372 and 1', 'FF00FF', { agreed: true, protocol: 0, fiDi: 0x11 }],
    ['another speed', 'FF10946B', { agreed: false, reason: 'malformed' }],
    ['another speed, properly', 'FF10947B', { agreed: false, reason: 'fi-di' }],
    ['another protocol', 'FF11957B', { agreed: false, reason: 'protocol' }],
    ['a parameter that was not asked for', 'FF3095015B', { agreed: false, reason: 'not-asked' }],
    ['nothing', '', { agreed: false, reason: 'malformed' }],
  ])('that is %s', (_what, response, judgement) => {
    expect(judgePps(request, fromHex(response))).toEqual(judgement);
  });

  it('may not name a speed where none was asked for', () => {
    expect(judgePps(encodePps({ protocol: 1 }), fromHex('FF1118F6'))).toMatchObject({ reason: 'fi-di' });
  });

  it('is agreed exactly when it leaves out some of what was asked for and changes nothing', () => {
    fc.assert(
      fc.property(anyPps, fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), (asked, [one, two, three]) => {
        const { fiDi, spu, pps3, protocol } = asked;
        const answer: Pps = {
          protocol,
          ...(one && fiDi !== undefined ? { fiDi } : {}),
          ...(two && spu !== undefined ? { spu } : {}),
          ...(three && pps3 !== undefined ? { pps3 } : {}),
        };
        expect(judgePps(encodePps(asked), encodePps(answer))).toEqual({
          ...{ agreed: true, protocol, fiDi: answer.fiDi ?? 0x11 },
        });
      }),
    );
  });
});
