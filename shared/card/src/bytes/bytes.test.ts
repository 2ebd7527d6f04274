import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { concatBytes, equalBytes, xorOf } from './compare.ts';
import { BytesError } from './error.ts';
import { fromHex, toHex } from './hex.ts';

describe('bytes', () => {
  it('come back from hex as they went in', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => equalBytes(fromHex(toHex(bytes)), bytes)));
    expect(toHex(Uint8Array.of(0x0a, 0xff))).toBe('0AFF');
  });

  it.each(['0', '0G', ' 00', '0x00'])('refuse %j as hex', (text) => {
    expect(() => fromHex(text)).toThrow(BytesError);
  });

  it('are read little-endian and never past the end', () => {
    const reader = new ByteReader(fromHex('01020304050607'));
    expect([reader.u16le(), reader.u32le(), reader.remaining]).toEqual([0x0201, 0x06050403, 1]);
    expect(() => reader.u16le()).toThrow(BytesError);
    expect(reader.u8()).toBe(7);
  });

  it('are written as they are read', () => {
    fc.assert(
      fc.property(fc.nat(0xff), fc.nat(0xffff), fc.nat(), fc.uint8Array(), (a, b, c, tail) => {
        const reader = new ByteReader(new ByteWriter().u8(a).u16le(b).u32le(c).raw(tail).bytes());
        expect([reader.u8(), reader.u16le(), reader.u32le()]).toEqual([a, b, c]);
        expect(equalBytes(reader.take(tail.length), tail)).toBe(true);
      }),
    );
  });

  it('are joined and summed', () => {
    expect(toHex(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)))).toBe('010203');
    expect(xorOf(Uint8Array.of(0x12, 0x30))).toBe(0x22);
  });
});
