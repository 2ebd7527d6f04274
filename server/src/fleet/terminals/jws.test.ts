import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { describe, expect, it } from 'vitest';
import { openJws } from './jws.ts';

const PAIRS = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const clear = Buffer.from('{"jti":"1"}');

describe.each(['ES256', 'RS256'] as const)('a compact JWS with %s', (alg) => {
  const { privateKey, publicKey } = PAIRS[alg]();
  const other = PAIRS[alg]();
  const another = PAIRS[alg === 'ES256' ? 'RS256' : 'ES256']();

  function signed(header: { crit?: string[]; b64?: boolean } = {}): Promise<string> {
    return new CompactSign(clear).setProtectedHeader({ alg, ...header }).sign(privateKey);
  }

  it('opens under its key and no other', async () => {
    const jws = await signed();
    expect(openJws(jws, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))).toEqual(clear);
    expect(openJws(jws, other.publicKey)).toBeUndefined();
    expect(openJws(jws, another.publicKey)).toBeUndefined();
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
    for (const parts of bad) expect(openJws(parts.join('.'), publicKey), parts.join('.')).toBeUndefined();
  });

  it('takes no other algorithm, and nothing that must be understood', async () => {
    const [, payload = '', signature = ''] = (await signed()).split('.');
    for (const header of [
      ...[{ alg: 'none' }, { alg: 'HS256' }, {}, { alg, crit: ['exp'] }],
      ...[{ alg: 'PS256' }, { alg: alg === 'ES256' ? 'RS256' : 'ES256' }],
    ]) {
      const head = Buffer.from(JSON.stringify(header)).toString('base64url');
      expect(openJws(`${head}.${payload}.${signature}`, publicKey)).toBeUndefined();
    }
  });

  it('does not open where it must be understood what is not, although its signature is right', async () => {
    const jws = await signed({ crit: ['b64'], b64: true });
    expect(openJws(jws, publicKey)).toBeUndefined();
  });
});
