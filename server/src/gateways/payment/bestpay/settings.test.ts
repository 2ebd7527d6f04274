import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../../sandbox/wallet/certificate.ts';
import { configSchema } from '../../../config/config.ts';
import type { Config } from '../../../config/config.ts';
import { testConfig } from '../../../testing/config.ts';
import { bestpayWallet } from './settings.ts';
import { keyOfPkcs12 } from './keys.ts';

const PASSWORD = 'a password';
const clock = { now: () => Date.UTC(2026, 0, 15, 2) };
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function pkcs12(algorithm: '3des' | 'aes256'): string {
  const key = forge.pki.privateKeyFromPem(pair.privateKey);
  const certificate = forge.pki.certificateFromPem(
    selfSignedCertificate({
      serial: '10',
      commonName: 'A merchant',
      privateKey: pair.privateKey,
      from: new Date('2020-01-01T00:00:00Z'),
      until: new Date('2049-12-31T00:00:00Z'),
    }),
  );
  const file = forge.pkcs12.toPkcs12Asn1(key, certificate, PASSWORD, { algorithm });
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary').toString('base64');
}

const FILE = pkcs12('3des');
const GIVEN = {
  BESTPAY_MERCHANT_NO: '3178000000000001',
  BESTPAY_PUBLIC_KEY: pair.publicKey,
  BESTPAY_PKCS12: FILE,
  BESTPAY_PKCS12_PASSWORD: PASSWORD,
};

function config(env: Readonly<Record<string, string | undefined>>): Config {
  const given = configSchema.partial().parse(env);
  return testConfig(
    Object.fromEntries(Object.entries(given).filter(([name]) => name.startsWith('BESTPAY_'))),
  );
}

describe('a PKCS#12 file', () => {
  it.each(['3des', 'aes256'] as const)('sealed with %s gives its key', (algorithm) => {
    const key = keyOfPkcs12(pkcs12(algorithm), PASSWORD);
    expect(key.export({ type: 'pkcs8', format: 'pem' })).toBe(pair.privateKey);
  });

  it('with another password, or none at all, says so and quotes nothing', () => {
    for (const [file, password] of [
      [FILE, 'wrong words'],
      ['bm90aGluZw==', PASSWORD],
    ] as const) {
      const open = (): unknown => keyOfPkcs12(file, password);
      expect(open).toThrow(/cannot be opened/);
      expect(open).not.toThrow(new RegExp(password));
    }
  });
});

describe('Bestpay by the environment', () => {
  it('is there with a PKCS#12 file or a PEM key, and can do codes only where nothing else is said', () => {
    expect([...(bestpayWallet.channelFrom(config(GIVEN), clock)?.products ?? [])]).toEqual(['code']);
    const pem = {
      ...GIVEN,
      BESTPAY_PKCS12: undefined,
      BESTPAY_PKCS12_PASSWORD: undefined,
      BESTPAY_PRIVATE_KEY: pair.privateKey,
      BESTPAY_PRODUCTS: 'code,browser',
    };
    expect([...(bestpayWallet.channelFrom(config(pem), clock)?.products ?? [])]).toEqual(['code', 'browser']);
    expect(bestpayWallet.channelFrom(config({}), clock)).toBeUndefined();
  });

  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['whose it is', { BESTPAY_MERCHANT_NO: undefined }, /BESTPAY_MERCHANT_NO/],
    ['any key of Bestpay', { BESTPAY_PUBLIC_KEY: undefined }, /BESTPAY_PUBLIC_KEY/],
    ['a usable key of Bestpay', { BESTPAY_PUBLIC_KEY: 'none' }, /BESTPAY_PUBLIC_KEY/],
    ['the file', { BESTPAY_PKCS12: undefined }, /BESTPAY_PKCS12/],
    ['the password', { BESTPAY_PKCS12_PASSWORD: undefined }, /BESTPAY_PKCS12_PASSWORD/],
    ['one key only', { BESTPAY_PRIVATE_KEY: pair.privateKey }, /alone/],
  ])('without %s stops the server, which names variables and no value', (_, change, named) => {
    const open = (): unknown => bestpayWallet.channelFrom(config({ ...GIVEN, ...change }), clock);
    expect(open).toThrow(named);
    expect(open).toThrow(/^(?!.*BEGIN)/s);
  });

  it.each(['{"paths":{"create":"https://elsewhere"}}', '{"unheard-of":1}', '{"success":{"values":[]}}'])(
    'takes no profile like %s',
    (profile) => {
      expect(() => config({ ...GIVEN, BESTPAY_PROFILE: profile })).toThrow();
    },
  );
});
