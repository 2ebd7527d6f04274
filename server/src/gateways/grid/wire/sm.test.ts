import { describe, expect, it } from 'vitest';
import { createCipheriv } from 'node:crypto';
import { equalHex, hmacSm3, sm3, sm4Decrypt, sm4Encrypt } from './sm.ts';
import { generateSm2Keys, sm2Private, sm2Public, sm2PublicKey } from './sm2.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');

describe('SM3', () => {
  // GB/T 32905-2016, appendix A.
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('of %s is the standard’s', (text, digest) => {
    expect(hex(sm3(Buffer.from(text)))).toBe(digest);
  });

  it('HMAC is H(K ^ opad, H(K ^ ipad, text)) as RFC 2104 builds it', () => {
    const key = Buffer.alloc(64);
    key.write('key');
    const inner = sm3(Buffer.concat([key.map((byte) => byte ^ 0x36), Buffer.from('text')]));
    const outer = sm3(Buffer.concat([key.map((byte) => byte ^ 0x5c), inner]));
    expect(hex(hmacSm3(Buffer.from('key'), 'text'))).toBe(hex(outer));
  });
});

describe('SM4', () => {
  const key = bytes('0123456789abcdeffedcba9876543210');

  it('block is the one of GB/T 32907-2016, appendix A.1', () => {
    const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
    expect(cipher.update(key).toString('hex')).toBe('681edf34d206965e86b3e94f536e4246');
  });

  it('CBC with a zero IV begins with the same block', () => {
    const iv = new Uint8Array(16);
    expect(hex(sm4Encrypt(key, iv, key)).slice(0, 32)).toBe('681edf34d206965e86b3e94f536e4246');
  });

  it('opens what it sealed, and throws on a torn last block', () => {
    const iv = bytes('00112233445566778899aabbccddeeff');
    const sealed = sm4Encrypt(key, iv, Buffer.from('购电 50.00'));
    expect(Buffer.from(sm4Decrypt(key, iv, sealed)).toString()).toBe('购电 50.00');
    expect(() => sm4Decrypt(key, iv, sealed.subarray(0, sealed.length - 1))).toThrow();
  });
});

describe('SM2', () => {
  // GB/T 32918.5-2017, appendix A: "message digest", identity 1234567812345678, recommended curve.
  const privateKey = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8';
  const publicKey =
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13';
  const signature =
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
    'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa';
  const message = Buffer.from('message digest');

  it('derives the standard’s public key', () => {
    expect(sm2PublicKey(privateKey)).toBe(publicKey);
  });

  it('verifies the standard’s signature, and no other', () => {
    const verifier = sm2Public(publicKey);
    expect(verifier.verify(message, signature)).toBe(true);
    expect(verifier.verify(Buffer.from('message digesu'), signature)).toBe(false);
    expect(verifier.verify(message, `${signature.slice(0, -1)}b`)).toBe(false);
  });

  it.each(['', '00'.repeat(64), 'ff'.repeat(64), signature.toUpperCase(), `${signature}00`])(
    'says no to the malformed signature %s without throwing',
    (bad) => {
      expect(sm2Public(publicKey).verify(message, bad)).toBe(false);
    },
  );

  it('signs and wraps for its own pair only', () => {
    const ours = generateSm2Keys();
    const secret = bytes('00ff'.repeat(16));
    expect(sm2Public(ours.publicKey).verify(message, sm2Private(ours.privateKey).sign(message))).toBe(true);
    expect(hex(sm2Private(ours.privateKey).unwrap(sm2Public(ours.publicKey).wrap(secret)))).toBe(hex(secret));
    expect(sm2Public(publicKey).verify(message, sm2Private(ours.privateKey).sign(message))).toBe(false);
  });
});

it('equalHex is false for anything that is not the same bytes', () => {
  expect(equalHex('00ff', '00FF')).toBe(true);
  expect(equalHex('00ff', '00fe')).toBe(false);
  expect(equalHex('', '')).toBe(false);
  expect(equalHex('00', '0000')).toBe(false);
});
