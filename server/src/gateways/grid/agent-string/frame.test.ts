import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { generateSm2Keys, sm2Private, sm2Public } from '../wire/sm2.ts';
import { TRADES } from './constants.ts';
import { decodeFrame, encodeFrame, verifies, type Head } from './frame.ts';
import { FrameReader, MAX_FRAME_BYTES } from './frame-reader.ts';

const KEY = Buffer.from('00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210', 'hex');
const HEAD: Head = {
  version: '01',
  direction: 'A',
  trade: TRADES.identifyCustomer,
  agent: '9001',
  terminal: 'SERVER',
  date: '20260115',
  serial: '900000000001',
  time: '20260115100000',
  session: 'AB'.repeat(16),
  nonce: 'CD'.repeat(16),
  response: '00',
  business: null,
  remark: '成功',
};
const BODY = Buffer.from('0012345678901       ');
const frame = encodeFrame(HEAD, BODY, { mac: KEY });

describe('a frame', () => {
  it('is these bytes', () => {
    const text =
      '00000365' +
      '01A8001079001                            SERVER          20260115900000000001' +
      '20260115100000' +
      'AB'.repeat(16) +
      'CD'.repeat(16) +
      '00    ';
    expect(frame.subarray(0, text.length).toString('latin1')).toBe(text);
    const remark = frame.subarray(text.length, text.length + 120);
    expect(remark.toString('hex')).toBe(`b3c9b9a6${'20'.repeat(116)}`);
    expect(frame.subarray(text.length + 120, -64)).toEqual(BODY);
    // By `openssl dgst -sm3 -mac HMAC -macopt hexkey:…` over what is before it.
    expect(frame.subarray(-64).toString('latin1')).toBe(
      '88FE321302FD4E102307474D45ECC2A9214F9D7CC8F3688DA2D615D236CB38D6',
    );
  });

  it('comes back as it went in', () => {
    const { head, body } = decodeFrame(frame);
    expect(head).toEqual(HEAD);
    expect(Buffer.from(body)).toEqual(BODY);
  });

  it('that was changed anywhere does not verify, or is none', () => {
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(frame);
        changed[at] = (changed[at] ?? 0) ^ flip;
        let taken;
        try {
          taken = decodeFrame(changed);
        } catch (error) {
          expect(codeOf(error)).toBe('wire.malformed');
          return;
        }
        expect(verifies(taken, { mac: KEY })).toBe(false);
      }),
    );
  });

  it('outside of sessions is signed and takes no MAC', () => {
    const { privateKey, publicKey } = generateSm2Keys();
    const head: Head = { ...HEAD, trade: TRADES.signOn, session: null };
    const signed = decodeFrame(encodeFrame(head, BODY, { signer: sm2Private(privateKey) }));
    expect(signed.seal).toHaveLength(128);
    expect(verifies(signed, { verifier: sm2Public(publicKey) })).toBe(true);
    expect(verifies(signed, { verifier: sm2Public(generateSm2Keys().publicKey) })).toBe(false);
    expect(() => encodeFrame(head, BODY, { mac: KEY })).toThrow();
    expect(() => encodeFrame(HEAD, BODY, { signer: sm2Private(privateKey) })).toThrow();
  });

  it.each([
    ['another version', { version: '02' }],
    ['no direction', { direction: 'X' }],
  ])('with %s is none', (_, change) => {
    expect(() => decodeFrame(encodeFrame({ ...HEAD, ...change }, BODY, { mac: KEY }))).toThrow();
  });
});

describe('a stream', () => {
  it('gives its frame however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(frame.length), { maxLength: 6 }), (cuts) => {
        const reader = new FrameReader();
        const at = [0, ...cuts.sort((a, b) => a - b), frame.length];
        const given = at.slice(1).map((end, i) => reader.push(frame.subarray(at[i], end)));
        expect(given.filter((each) => each !== undefined)[0]).toEqual(frame);
      }),
    );
  });

  it.each([
    ['no length', 'GET / HTTP/1.1'],
    ['a length beyond any frame', String(MAX_FRAME_BYTES).padStart(8, '0')],
    ['more than its length', '000000021234'],
    ['not even the first digit', 'x'],
  ])('with %s is given up', (_, text) => {
    expect(() => new FrameReader().push(Buffer.from(text))).toThrow();
  });
});
