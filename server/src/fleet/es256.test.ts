import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { describe, expect, it } from 'vitest';
import { openEs256 } from './es256.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const clear = Buffer.from('{"jti":"1"}');

function signed(header: { alg: string; crit?: string[]; b64?: boolean } = { alg: 'ES256' }): Promise<string> {
  return new CompactSign(clear).setProtectedHeader(header).sign(privateKey);
}

describe('a compact JWS with ES256', () => {
  it('opens under its key and no other', async () => {
    const jws = await signed();
    expect(openEs256(jws, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))).toEqual(clear);
    expect(openEs256(jws, other.publicKey)).toBeUndefined();
  });

  it('does not open when any part of it is another', async () => {
    const [header = '', payload = '', signature = ''] = (await signed()).split('.');
    const flipped = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    const bad = [
      [header, flipped(payload), signature],
      [header, payload, flipped(signature)],
      [header, payload, ''],
      [header, payload, `${signature}A`],
      [header, payload, `${signature}=`],
      [header, payload, signature, 'x'],
      [header, payload],
    ];
    for (const parts of bad) expect(openEs256(parts.join('.'), publicKey), parts.join('.')).toBeUndefined();
  });

  it('takes no other algorithm, and nothing that must be understood', async () => {
    const [, payload = '', signature = ''] = (await signed()).split('.');
    for (const header of [{ alg: 'none' }, { alg: 'HS256' }, {}, { alg: 'ES256', crit: ['exp'] }]) {
      const head = Buffer.from(JSON.stringify(header)).toString('base64url');
      expect(openEs256(`${head}.${payload}.${signature}`, publicKey)).toBeUndefined();
    }
  });

  it('does not open where it must be understood what is not, although its signature is right', async () => {
    const jws = await signed({ alg: 'ES256', crit: ['b64'], b64: true });
    expect(openEs256(jws, publicKey)).toBeUndefined();
  });
});
