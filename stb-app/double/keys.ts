import { createPrivateKey, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { compactDecrypt, importJWK } from 'jose';
import { ecPublicJwk, signingJwk, type EcPublicJwk, type SigningJwk } from '@bianmin/purchase/api/terminal';
import { toBase64 } from '@bianmin/purchase/android/base64';

/** As the shell keeps them: EC from Android 6, RSA before it. */
export interface DoubleKeys {
  readonly sign: JsonWebKey;
  readonly seal: JsonWebKey;
}

export function newKeys(alg: 'ES256' | 'RS256'): DoubleKeys {
  const ec = (): JsonWebKey =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const rsa = (): JsonWebKey =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return { sign: alg === 'ES256' ? ec() : rsa(), seal: ec() };
}

/** What AndroidKeyStore does for the shell. */
export class KeyStore {
  readonly alg: 'ES256' | 'RS256';
  readonly signKey: SigningJwk;
  readonly sealKey: EcPublicJwk;
  readonly #sign: KeyObject;
  readonly #seal: JsonWebKey;

  constructor(keys: DoubleKeys) {
    this.alg = keys.sign.kty === 'RSA' ? 'RS256' : 'ES256';
    this.#sign = createPrivateKey({ key: keys.sign, format: 'jwk' });
    this.#seal = keys.seal;
    const { kty, crv, x, y, n, e } = keys.sign;
    this.signKey = signingJwk.parse(kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y });
    this.sealKey = ecPublicJwk.parse({ kty: 'EC', crv: keys.seal.crv, x: keys.seal.x, y: keys.seal.y });
  }

  /** JOSE's form, base64. */
  sign(data: Uint8Array): string {
    return toBase64(sign('sha256', data, { key: this.#sign, dsaEncoding: 'ieee-p1363' }));
  }

  async unseal(jwe: string): Promise<string> {
    const key = await importJWK({ ...this.#seal }, 'ECDH-ES');
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  }
}
