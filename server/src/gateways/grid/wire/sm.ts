import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** SM3 digest, 32 bytes (GB/T 32905-2016); OpenSSL's own. */
export function sm3(data: Uint8Array): Uint8Array {
  return createHash('sm3').update(data).digest();
}

/** HMAC over SM3, 32 bytes. */
export function hmacSm3(key: Uint8Array, data: Uint8Array | string): Uint8Array {
  return createHmac('sm3', key).update(data).digest();
}

/** SM4-CBC with PKCS#7 padding (GB/T 32907-2016). Key and IV are 16 bytes. */
export function sm4Encrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('sm4-cbc', key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** Throws where the padding is wrong: authenticate first, then decrypt. */
export function sm4Decrypt(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('sm4-cbc', key, iv);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

/** Compares two hex strings in a time that does not tell where they differ. */
export function equalHex(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
