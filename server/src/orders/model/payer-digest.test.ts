import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../../kernel/key-ring.ts';
import { PayerDigest } from './payer-digest.ts';

const KEY = Buffer.alloc(32, 7);
const who = { orderNo: '260301100000000001', channel: 'wechat', payerId: 'oPayer' };

describe('what an order keeps of its payer', () => {
  const payers = new PayerDigest(KEY);

  it('knows them again, and no one else', () => {
    expect(payers.fits(who, payers.of(who))).toBe(true);
    expect(payers.fits({ ...who, payerId: 'oOther' }, payers.of(who))).toBe(false);
    expect(payers.fits({ ...who, channel: 'alipay' }, payers.of(who))).toBe(false);
  });

  it('is another in every order, so that nobody’s purchases are linked by it', () => {
    expect(payers.of({ ...who, orderNo: '260301100000000002' })).not.toBe(payers.of(who));
  });

  it('cannot be made by who has the database alone, as it could be before', () => {
    const before = createHash('sha256').update('wechat\noPayer').digest('base64url').slice(0, 16);
    expect(payers.of(who)).not.toContain(before);
    expect(new PayerDigest(Buffer.alloc(32, 8)).of(who)).not.toBe(payers.of(who));
    expect([PayerDigest.versionOf(before), PayerDigest.versionOf(payers.of(who))]).toEqual([undefined, 1]);
    expect(payers.fits(who, before)).toBe(false);
  });

  it('goes on while the key is changed', () => {
    const ring = new KeyRing(
      new Map([
        [1, KEY],
        [2, Buffer.alloc(32, 8)],
      ]),
    );
    ring.sealWith(2);
    const both = new PayerDigest(ring);
    expect(both.fits(who, payers.of(who))).toBe(true);
    expect(PayerDigest.versionOf(both.of(who))).toBe(2);
  });
});
