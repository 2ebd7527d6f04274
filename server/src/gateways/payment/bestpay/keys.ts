import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';

/**
 * The one private key of a PKCS#12 file (base64), as Bestpay gives it to merchants; Node cannot take keys out of
 * such files. Throws, naming neither content nor password.
 */
export function keyOfPkcs12(base64: string, password: string): KeyObject {
  const { keyBag = '', pkcs8ShroudedKeyBag = '' } = forge.pki.oids;
  let keys: forge.pkcs12.Bag[];
  try {
    const der = forge.util.createBuffer(Buffer.from(base64, 'base64').toString('binary'));
    const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(der), false, password);
    keys = [pkcs8ShroudedKeyBag, keyBag].flatMap((bagType) => file.getBags({ bagType })[bagType] ?? []);
  } catch {
    // The library's words can quote the file.
    throw unusable('The PKCS#12 file cannot be opened: it is damaged, or the password is another.');
  }
  const [key] = keys.flatMap((bag) => (bag.key === undefined || bag.key === null ? [] : [bag.key]));
  if (key === undefined || keys.length > 1) {
    throw unusable(`The PKCS#12 file holds ${keys.length} private keys, and there must be one.`);
  }
  return createPrivateKey(forge.pki.privateKeyToPem(key));
}

/** A private key in PEM. Throws without naming its content. */
export function keyOfPem(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw unusable('BESTPAY_PRIVATE_KEY is no private key in PEM.');
  }
}

/** Bestpay's keys: any number of certificates or public keys in PEM, one after the other, for a change of them. */
export function keysToBelieve(pems: string): KeyObject[] {
  const found = pems.match(/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]+-----END \1-----/gu) ?? [];
  if (found.length === 0) throw unusable('BESTPAY_PUBLIC_KEY holds no certificate and no public key in PEM.');
  return found.map((pem) => createPublicKey(pem));
}

function unusable(why: string): Error {
  return new Error(`Configuration is not usable. ${why}`);
}
