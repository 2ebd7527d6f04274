import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../testing/property-runs.ts';
import { sha256 } from './sha256.ts';

const nodes = (message: string | Uint8Array): string => createHash('sha256').update(message).digest('hex');

it.each([
  // FIPS 180-4's own examples.
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('of `%s` is what the standard says', (message, digest) => {
  expect(sha256(message)).toBe(digest);
});

it('is Node’s for every length around a block’s end', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
    expect(sha256(bytes)).toBe(nodes(bytes));
  }
});

it('is Node’s for any bytes and any text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.string({ unit: 'binary' }), (bytes, text) => {
      expect(sha256(bytes)).toBe(nodes(bytes));
      expect(sha256(text)).toBe(nodes(text));
    }),
    { numRuns: runs(100) },
  );
});
