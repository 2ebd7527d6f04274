import { createHash, createPublicKey, createSign, createVerify, X509Certificate } from 'node:crypto';

// Written on Node's crypto and not on the server's client library, so that a mistake there shows here.

/** What is signed of a form: sorted `name=value`, values as they are. Alipay, "自行实现签名". */
export function signedText(
  fields: ReadonlyMap<string, string>,
  without: readonly string[] = ['sign'],
): string {
  return [...fields]
    .filter(([name]) => !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** RSA2: SHA-256 with RSA, base64. */
export function sign(text: string, privateKey: string): string {
  return createSign('RSA-SHA256').update(text, 'utf8').sign(privateKey, 'base64');
}

export function isSigned(text: string, publicKey: string, signature: string): boolean {
  return createVerify('RSA-SHA256')
    .update(text, 'utf8')
    .verify(createPublicKey(publicKey), signature, 'base64');
}

/** Alipay's own number of a certificate: MD5 of the issuer, last part first, and the serial as a decimal. */
export function certificateNumber(pem: string): string {
  const { issuer, serialNumber } = new X509Certificate(pem);
  const name = issuer.split('\n').reverse().join(',');
  return createHash('md5')
    .update(`${name}${BigInt(`0x${serialNumber}`).toString(10)}`)
    .digest('hex');
}
