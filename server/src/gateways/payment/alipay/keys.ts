import { createPrivateKey, createPublicKey, createVerify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';

/** Whom answers and notifications are believed: both modes side by side, so that a change of mode needs no pause. */
export interface AlipayTrust {
  /** Of public-key mode: more than one while Alipay's key changes. */
  readonly publicKeys: readonly KeyObject[];
  /** Of certificate mode: Alipay's certificates by their number (`alipay_cert_sn`). */
  readonly certificates: ReadonlyMap<string, KeyObject>;
}

/** A private key as Alipay's tool gives it: PEM, or the bare base64 of PKCS#8 or PKCS#1. */
export function privateKeyOf(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPrivateKey(text);
  const der = Buffer.from(text, 'base64');
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs1' });
  }
}

/** A public key: PEM, or the bare base64 that Alipay's console shows. */
export function publicKeyOf(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPublicKey(text);
  return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
}

function publicKeysOf(text: string): KeyObject[] {
  const pems = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/gu) ?? [text];
  return pems.map(publicKeyOf);
}

/** The keys to believe. Each may hold any number of Alipay's keys or certificates, PEM, one after the other. */
export function trustOf(publicKey: string | undefined, certificates: string | undefined): AlipayTrust {
  const pems = certificates?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  return {
    publicKeys: publicKey === undefined ? [] : publicKeysOf(publicKey),
    certificates: new Map(pems.map((pem) => [certificateNumber(pem), createPublicKey(pem)])),
  };
}

/**
 * Whether Alipay signed these bytes (RSA2: SHA-256 with RSA). `number` says which certificate; without it, the
 * public key or any of the certificates may have: notifications do not always name one.
 */
export function isSigned(
  trust: AlipayTrust,
  number: string | undefined,
  bytes: string,
  signature: string,
): boolean {
  const raw = Buffer.from(signature, 'base64');
  // Node's decoder forgives stray characters and bits; a signature has one spelling only.
  if (raw.toString('base64') !== signature) return false;
  return keysFor(trust, number).some((key) =>
    createVerify('RSA-SHA256').update(bytes, 'utf8').verify(key, raw),
  );
}

function keysFor(trust: AlipayTrust, number: string | undefined): KeyObject[] {
  if (number !== undefined) {
    const named = trust.certificates.get(number);
    return named === undefined ? [] : [named];
  }
  return [...trust.publicKeys, ...trust.certificates.values()];
}

/** Alipay numbers certificates in its own way (MD5 of issuer and serial); the official library knows it. */
function certificateNumber(pem: string): string {
  const sdk = new AlipaySdk({
    appId: 'unused',
    privateKey: 'unused',
    appCertContent: pem,
    alipayPublicCertContent: pem,
    alipayRootCertContent: pem,
  });
  return sdk.config.alipayCertSn;
}
