import fc from 'fast-check';
import { sm2 } from 'sm-crypto-v2';
import { describe, expect, it } from 'vitest';
import { generateSm2Keys, sm2Private, sm2Public } from './sm2.ts';
import { derOf, signatureOf } from './sm2-der.ts';

/** Often with zeroes in front, or a first bit that looks like a sign. */
const number = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([zeroes, bytes]) => bytes.fill(0, 0, zeroes));

describe('a signature as OpenSSL has it', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        const signature = Buffer.concat([r, s]);
        expect(Buffer.from(signatureOf(derOf(signature)))).toEqual(signature);
      }),
    );
  });

  it('has its numbers in the fewest bytes, none of them negative', () => {
    const signature = Buffer.alloc(64);
    signature[31] = 0x7f;
    signature[63] = 0x80;
    expect(Buffer.from(derOf(signature)).toString('hex')).toBe('300702017f02020080');
    expect(Buffer.from(derOf(Buffer.alloc(64))).toString('hex')).toBe('3006020100020100');
  });
});

it('is one that another implementation of the standard makes and takes', () => {
  const { privateKey, publicKey } = generateSm2Keys();
  const [ours, theirs] = [sm2Private(privateKey), sm2Public(publicKey)];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
      const standard = { hash: true, publicKey };
      expect(sm2.doVerifySignature(message, ours.sign(message), publicKey, standard)).toBe(true);
      expect(theirs.verify(message, sm2.doSignature(message, privateKey, standard))).toBe(true);
    }),
    { numRuns: 20 },
  );
});
