import { createPrivateKey, type KeyObject } from 'node:crypto';

/** EC P-256, PKCS#8, base64. Throws where it is none, naming the variable and never what is in it. */
export function p256KeyOf(text: string, variable: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    // The parser's own message could quote it.
  }
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error(`${variable} is no PKCS#8 key of the curve P-256 in base64.`);
  }
  return key;
}
