import { createHash, createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, compactDecrypt, importJWK, type CryptoKey } from 'jose';
import type { TerminalIdentity } from '@bianmin/purchase/api/terminal-calls';
import type { EcPublicJwk, EnrolPayload } from '@bianmin/purchase/api/terminal';
import { HostError } from './error.ts';
import { loadOrCreateKeys, type EcPrivateJwk } from './identity-file.ts';

/** What a kiosk tells about itself when it enrols. */
export interface EnrolmentFacts {
  readonly kind: EnrolPayload['kind'];
  readonly name: string;
  readonly version: string;
  /** One-time, from an administrator; accepts the terminal at once. */
  readonly code?: string | undefined;
}

/** The terminal's two key pairs: one signs, one opens what was sealed to it. Private parts stay in here. */
export class HostIdentity implements TerminalIdentity {
  readonly terminalId: string;
  /** First characters of the signing key's RFC 7638 thumbprint: the console shows the same. */
  readonly fingerprint: string;
  readonly #sign: { key: KeyObject; publicJwk: EcPublicJwk };
  readonly #seal: { key: CryptoKey; publicJwk: EcPublicJwk };

  private constructor(init: {
    thumbprint: string;
    sign: { key: KeyObject; publicJwk: EcPublicJwk };
    seal: { key: CryptoKey; publicJwk: EcPublicJwk };
  }) {
    this.terminalId = `t${createHash('sha256').update(init.thumbprint).digest('hex').slice(0, 30)}`;
    this.fingerprint = init.thumbprint.slice(0, 12);
    this.#sign = init.sign;
    this.#seal = init.seal;
  }

  static async from(keys: { sign: EcPrivateJwk; seal: EcPrivateJwk }): Promise<HostIdentity> {
    const sign = {
      key: createPrivateKey({ key: { ...keys.sign }, format: 'jwk' }),
      publicJwk: publicOf(keys.sign),
    };
    const key = await importJWK(keys.seal, 'ECDH-ES');
    if (key instanceof Uint8Array) throw new Error('An EC key was read as a secret.');
    const seal = { key, publicJwk: publicOf(keys.seal) };
    const thumbprint = await calculateJwkThumbprint(sign.publicJwk, 'sha256');
    return new HostIdentity({ thumbprint, sign, seal });
  }

  /** The enrolment's JWS; see `enrolPayload`. */
  signEnrolment(facts: EnrolmentFacts, at: number): Promise<string> {
    const { kind, name, version, code } = facts;
    const payload: EnrolPayload = {
      signKey: this.#sign.publicJwk,
      sealKey: this.#seal.publicJwk,
      kind,
      name,
      version,
      ...(code === undefined ? {} : { code }),
      jti: randomUUID(),
      iat: at,
    };
    return this.#jws(payload, { typ: 'enrol+jws', jwk: this.#sign.publicJwk });
  }

  signAssertion(at: number): Promise<string> {
    const { terminalId } = this;
    const claims = {
      iss: terminalId,
      sub: terminalId,
      aud: 'bianmin',
      jti: randomUUID(),
      iat: at,
      exp: at + 60,
    };
    return this.#jws(claims, { typ: 'client-authentication+jwt' });
  }

  proof(init: { method: string; url: string; accessToken: string; at: number }): Promise<string> {
    const { origin, pathname } = new URL(init.url);
    const claims = {
      htm: init.method,
      // RFC 9449 §4.2: without query and fragment.
      htu: origin + pathname,
      iat: init.at,
      jti: randomUUID(),
      ath: createHash('sha256').update(init.accessToken).digest('base64url'),
    };
    return this.#jws(claims, { typ: 'dpop+jwt', jwk: this.#sign.publicJwk });
  }

  /** Opens a JWE compact that was sealed to this terminal; fails with `identity.unseal-failed`. */
  async unseal(jwe: string): Promise<string> {
    try {
      const { plaintext } = await compactDecrypt(jwe, this.#seal.key, {
        keyManagementAlgorithms: ['ECDH-ES'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
    } catch (cause) {
      throw new HostError({
        code: 'identity.unseal-failed',
        message: 'What the server sealed cannot be opened by this terminal. Enrol again, then retry.',
        cause,
      });
    }
  }

  /**
   * A compact JWS with ES256 (RFC 7515 §7.1, RFC 7518 §3.4), on the spot: WebCrypto hands each signature to another
   * thread and back, which costs more than the signature.
   */
  #jws(payload: object, header: { typ: string; jwk?: EcPublicJwk }): Promise<string> {
    const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
    const signed = `${part({ alg: 'ES256', ...header })}.${part(payload)}`;
    const key = { key: this.#sign.key, dsaEncoding: 'ieee-p1363' } as const;
    return Promise.resolve(`${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`);
  }
}

/** The identity kept in `dir`, made there at the first start; fails with `identity.unreadable`. */
export async function loadOrCreateIdentity(dir: string): Promise<HostIdentity> {
  return HostIdentity.from(await loadOrCreateKeys(dir));
}

function publicOf({ kty, crv, x, y }: EcPrivateJwk): EcPublicJwk {
  return { kty, crv, x, y };
}
