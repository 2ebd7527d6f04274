import { createHash, randomUUID } from 'node:crypto';
import { CompactSign, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { Clock } from '@bianmin/card/clock';
import {
  ecPublicJwk,
  signingJwk,
  type EcPublicJwk,
  type EnrolPayload,
  type SigningJwk,
} from '@bianmin/purchase/api/terminal';
import { algOf, terminalIdOf, thumbprint, type SigningAlg } from '../fleet/terminals/keys.ts';

interface Pair<Jwk> {
  readonly privateKey: CryptoKey;
  readonly publicJwk: Jwk;
}

/** A terminal's keys and what it signs with them, every part of it open to being made wrong. */
export class TestTerminal {
  readonly id: string;
  readonly sign: Pair<SigningJwk>;
  readonly seal: Pair<EcPublicJwk>;
  readonly #clock: Clock;

  private constructor(init: { id: string; sign: Pair<SigningJwk>; seal: Pair<EcPublicJwk>; clock: Clock }) {
    this.id = init.id;
    this.sign = init.sign;
    this.seal = init.seal;
    this.#clock = init.clock;
  }

  /** RS256 is what a box with Android 5 signs with. */
  static async create(clock: Clock, alg: SigningAlg = 'ES256'): Promise<TestTerminal> {
    const sign = await signingPair(alg);
    const seal = await sealingPair();
    return new TestTerminal({ id: terminalIdOf(await thumbprint(sign.publicJwk)), sign, seal, clock });
  }

  /** An enrolment; `wrong` replaces fields of its payload or its header. */
  async enrolment(wrong: Partial<EnrolPayload> = {}, header: Record<string, unknown> = {}): Promise<string> {
    const payload: EnrolPayload = {
      signKey: this.sign.publicJwk,
      sealKey: this.seal.publicJwk,
      kind: 'kiosk',
      name: 'Kiosk of a test',
      version: '0.1.0',
      jti: randomUUID(),
      iat: this.#nowS(),
      ...wrong,
    };
    return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: this.#alg, typ: 'enrol+jws', jwk: { ...this.sign.publicJwk }, ...header })
      .sign(this.sign.privateKey);
  }

  async assertion(wrong: Record<string, unknown> = {}, typ = 'client-authentication+jwt'): Promise<string> {
    const iat = this.#nowS();
    const claims = { iss: this.id, sub: this.id, aud: 'bianmin', jti: randomUUID(), iat, exp: iat + 60 };
    return new SignJWT({ ...claims, ...wrong })
      .setProtectedHeader({ alg: this.#alg, typ })
      .sign(this.sign.privateKey);
  }

  async proof(init: {
    method: string;
    url: string;
    accessToken: string;
    wrong?: Record<string, unknown>;
    header?: Record<string, unknown>;
  }): Promise<string> {
    const claims = {
      htm: init.method,
      htu: init.url,
      iat: this.#nowS(),
      jti: randomUUID(),
      ath: createHash('sha256').update(init.accessToken).digest('base64url'),
    };
    return new SignJWT({ ...claims, ...init.wrong })
      .setProtectedHeader({
        alg: this.#alg,
        typ: 'dpop+jwt',
        jwk: { ...this.sign.publicJwk },
        ...init.header,
      })
      .sign(this.sign.privateKey);
  }

  get #alg(): SigningAlg {
    return algOf(this.sign.publicJwk);
  }

  #nowS(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

async function signingPair(alg: SigningAlg): Promise<Pair<SigningJwk>> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const { kty, crv, x, y, n, e } = await exportJWK(publicKey);
  const publicJwk = signingJwk.parse(kty === 'EC' ? { kty, crv, x, y } : { kty, n, e });
  return { privateKey, publicJwk };
}

async function sealingPair(): Promise<Pair<EcPublicJwk>> {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { privateKey, publicJwk: ecPublicJwk.parse({ kty, crv, x, y }) };
}
