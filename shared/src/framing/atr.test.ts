import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { CodedError } from '../errors.ts';
import { parseAtr } from './atr.ts';
import { decodeBlock, encodeBlock } from './t1/block.ts';
import type { Block } from './t1/block.ts';

describe('an answer to reset', () => {
  it('of a T=0 card has no check byte', () => {
    const atr = parseAtr(fromHex('3B680000' + '444C435055010000'));
    expect(atr).toMatchObject({ convention: 'direct', protocols: [0], interfaceBytes: { TB1: 0, TC1: 0 } });
    expect(atr.historical.length).toBe(8);
  });

  it('of a T=1 card names its block size and is checked', () => {
    // Byte by byte: TD1 81, TD2 31, TA3 FE (IFSC 254), TB3 45, no historical bytes, TCK.
    const atr = parseAtr(fromHex('3B808131FE45' + '8B'));
    expect(atr).toMatchObject({ protocols: [1], ifsc: 254 });
    expect(() => parseAtr(fromHex('3B808131FE45' + '8A'))).toThrow(/check byte/);
  });

  it('as readers show a memory card is two bytes and the four of the chip', () => {
    expect(toHex(parseAtr(fromHex('3B04A2131091')).historical)).toBe('A2131091');
  });

  it('of any bytes is parsed or refused with a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, start) => {
        if (start && bytes.length > 0) bytes[0] = 0x3b;
        try {
          parseAtr(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }),
    );
  });
});

describe('a T=1 block', () => {
  // ISO/IEC 7816-3: an IFS request for 254 bytes is 00 C1 01 FE and its LRC.
  it('is laid out as the standard has it', () => {
    const ifs: Block = { type: 'S', name: 'ifs', response: false, data: Uint8Array.of(0xfe) };
    expect(toHex(encodeBlock(ifs))).toBe('00C101FE3E');
    expect(toHex(encodeBlock({ type: 'R', expects: 1, error: 'none' }))).toBe('00900090');
  });

  it('comes back as it went in, and with a flipped bit is refused', () => {
    const block: fc.Arbitrary<Block> = fc.oneof(
      fc.record({
        type: fc.constant('I' as const),
        seq: fc.constantFrom(0 as const, 1 as const),
        more: fc.boolean(),
        data: fc.uint8Array({ maxLength: 254 }),
      }),
      fc.record({
        type: fc.constant('R' as const),
        expects: fc.constantFrom(0 as const, 1 as const),
        error: fc.constantFrom('none' as const, 'checksum' as const, 'other' as const),
      }),
      fc.record({
        type: fc.constant('S' as const),
        name: fc.constantFrom('resynch' as const, 'ifs' as const, 'abort' as const, 'wtx' as const),
        response: fc.boolean(),
        data: fc.uint8Array({ maxLength: 1 }),
      }),
    );
    fc.assert(
      fc.property(block, fc.nat(), fc.nat(7), (sent, at, bit) => {
        const bytes = encodeBlock(sent);
        expect(decodeBlock(bytes)).toEqual(sent);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(() => decodeBlock(bytes)).toThrow(CodedError);
      }),
    );
  });
});
