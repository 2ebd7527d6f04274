import { createCipheriv, createDecipheriv, createECDH, createHash, randomBytes } from 'node:crypto';
import { compactDecrypt, importJWK } from 'jose';
import { KeyRing, named, versionOf, type KeySource } from '../../kernel/key-ring.ts';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/purchase/api/terminal';

/**
 * The keys of one session, derived from the server's secret and the session's own random: no key is stored, every web
 * process has the same, and once the session closed and its random is gone, what was sealed to it cannot be opened.
 */
export class SessionKeys {
  readonly publicJwk: EcPublicJwk;
  readonly #d: string;
  readonly #aes: Buffer;

  /** The salt names the version of the secret that the session was opened under. */
  constructor(keys: KeySource, salt: string) {
    const { version, bare } = versionOf(salt);
    const ring = KeyRing.of(keys);
    const derive = (info: string): Buffer =>
      ring.saltedKey(version, { purpose: `bianmin remote card ${info}`, salt: bare, bytes: 32 });
    this.#aes = derive('answers');
    const { d, publicPoint } = keyPair((attempt) => derive(`key ${attempt}`));
    this.#d = d.toString('base64url');
    this.publicJwk = ecPublicJwk.parse({
      kty: 'EC',
      crv: 'P-256',
      // SEC 1 §2.3.3, uncompressed: 04, x, y.
      x: publicPoint.subarray(1, 33).toString('base64url'),
      y: publicPoint.subarray(33, 65).toString('base64url'),
    });
  }

  static newSalt(keys: KeySource): string {
    return named(KeyRing.of(keys).sealing, randomBytes(32).toString('base64url'));
  }

  /** Opens what a terminal sealed to `publicJwk`. */
  async open(jwe: string): Promise<string> {
    const key = await importJWK({ ...this.publicJwk, d: this.#d }, 'ECDH-ES');
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  }

  /** For what the session itself keeps a while: base64. */
  wrap(clear: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#aes, iv);
    const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  unwrap(wrapped: string): string {
    const bytes = Buffer.from(wrapped, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#aes, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }
}

/** A scalar that is no private key of the curve comes once in 2^32: then the next one is taken. */
function keyPair(derive: (attempt: number) => Buffer): { d: Buffer; publicPoint: Buffer } {
  for (let attempt = 0; ; attempt += 1) {
    const d = derive(attempt);
    const ecdh = createECDH('prime256v1');
    try {
      ecdh.setPrivateKey(d);
      return { d, publicPoint: ecdh.getPublicKey() };
    } catch (error) {
      if (attempt === 7) throw error;
    }
  }
}

/** SHA-256, hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
