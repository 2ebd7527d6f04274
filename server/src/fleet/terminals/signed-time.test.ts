import { generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { TimeSigner } from './signed-time.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PKCS8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const NONCE = 'A'.repeat(22);

function isSigned(text: string, signature: string): boolean {
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64url'));
}

describe('the signed time', () => {
  it('is the clock’s, for one question', () => {
    const clock = new ManualClock();
    const { time, nonce, signature } = new TimeSigner(PKCS8, clock).sign(NONCE);
    expect({ time, nonce }).toEqual({ time: clock.now(), nonce: NONCE });
    expect(signature).toMatch(/^[\w-]{86}$/);
    expect(isSigned(`bianmin-time\n${NONCE}\n${time}`, signature)).toBe(true);
    expect(isSigned(`bianmin-time\n${NONCE}\n${time + 1}`, signature)).toBe(false);
    expect(isSigned(`bianmin-time\n${'B'.repeat(22)}\n${time}`, signature)).toBe(false);
  });

  it('is not signed with what is no such key, which is not told', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const others = [
      randomBytes(48).toString('base64'),
      rsa.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    ];
    for (const text of others) {
      const make = (): TimeSigner => new TimeSigner(text, new ManualClock());
      expect(make).toThrow(/TIME_SIGN_KEY/);
      expect(make).not.toThrow(text.slice(0, 12));
    }
  });
});
