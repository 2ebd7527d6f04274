import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../bytes/hex.ts';
import { CodedError } from '../../errors.ts';
import { decodeBlock, encodeBlock } from './block.ts';
import type { Block } from './block.ts';

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
