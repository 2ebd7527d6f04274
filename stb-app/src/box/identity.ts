import { sha256 } from 'js-sha256';
import { toBase64 } from '@bianmin/shared/android/base64';
import type { ApiClient, TerminalIdentity } from '@bianmin/shared/api/client';
import type { EcPublicJwk, EnrolPayload, EnrolResponse, SigningJwk } from '@bianmin/shared/api/terminal';
import { codeOf } from '@bianmin/shared/errors';
import { BoxError } from './error.ts';
import type { ShellLink } from './shell-link.ts';
import { base64UrlOf, toBase64Url, utf8 } from './text-bytes.ts';

/** What a box tells about itself when it enrols. */
export interface BoxFacts {
  readonly name: string;
  readonly version: string;
  /** User agent of the WebView: the census of old engines counts it. */
  readonly engine: string;
}

/** The box's two key pairs: they stay in the shell, which signs and opens. The JWS around a signature is made here. */
export class BoxIdentity implements TerminalIdentity {
  readonly terminalId: string;
  /** First characters of the signing key's RFC 7638 thumbprint: the console shows the same. */
  readonly fingerprint: string;
  readonly #link: ShellLink;
  readonly #newId: () => string;
  readonly #alg: 'ES256' | 'RS256';
  readonly #signKey: SigningJwk;
  readonly #sealKey: EcPublicJwk;

  private constructor(init: {
    link: ShellLink;
    newId: () => string;
    keys: { alg: 'ES256' | 'RS256'; signKey: SigningJwk; sealKey: EcPublicJwk };
  }) {
    this.#link = init.link;
    this.#newId = init.newId;
    this.#alg = init.keys.alg;
    this.#signKey = init.keys.signKey;
    this.#sealKey = init.keys.sealKey;
    const thumbprint = thumbprintOf(init.keys.signKey);
    this.terminalId = `t${sha256(thumbprint).slice(0, 30)}`;
    this.fingerprint = thumbprint.slice(0, 12);
  }

  /** With the shell's keys, made at its first start. Fails with a `BoxError`. */
  static async from(link: ShellLink, newId: () => string): Promise<BoxIdentity> {
    const { alg, signKey, sealKey } = await link.ask({ op: 'keys' });
    if (alg === undefined || signKey === undefined || sealKey === undefined || !fits(alg, signKey)) {
      throw new BoxError({
        code: 'shell.io',
        message: 'The shell gave keys that are none. Start the app again.',
      });
    }
    return new BoxIdentity({ link, newId, keys: { alg, signKey, sealKey } });
  }

  /** Enrols, or asks again what became of it. */
  enrol(client: ApiClient, facts: BoxFacts): Promise<EnrolResponse> {
    return client.enrol((at) => {
      const payload: EnrolPayload = {
        signKey: this.#signKey,
        sealKey: this.#sealKey,
        kind: 'box',
        ...facts,
        jti: this.#newId(),
        iat: at,
      };
      return this.#jws(payload, { typ: 'enrol+jws', jwk: this.#signKey });
    });
  }

  signAssertion(at: number): Promise<string> {
    const { terminalId } = this;
    const claims = {
      iss: terminalId,
      sub: terminalId,
      aud: 'bianmin',
      jti: this.#newId(),
      iat: at,
      exp: at + 60,
    };
    return this.#jws(claims, { typ: 'client-authentication+jwt' });
  }

  proof(init: { method: string; url: string; accessToken: string; at: number }): Promise<string> {
    const claims = {
      htm: init.method,
      // RFC 9449 §4.2: without query and fragment.
      htu: init.url.replace(/[?#].*$/, ''),
      iat: init.at,
      jti: this.#newId(),
      ath: digest(init.accessToken),
    };
    return this.#jws(claims, { typ: 'dpop+jwt', jwk: this.#signKey });
  }

  /** Opens a JWE compact that was sealed to this box; fails with `identity.unseal-failed`. */
  async unseal(jwe: string): Promise<string> {
    try {
      return await this.#link.askFor({ op: 'unseal', jwe }, 'text');
    } catch (cause) {
      if (codeOf(cause) !== 'shell.unseal-failed') throw cause;
      throw new BoxError({
        code: 'identity.unseal-failed',
        message: 'What the server sealed cannot be opened by this box. Enrol again, then retry.',
        cause,
      });
    }
  }

  /** A compact JWS (RFC 7515 §7.1). */
  async #jws(payload: object, header: { typ: string; jwk?: SigningJwk }): Promise<string> {
    const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));
    const signed = `${part({ alg: this.#alg, ...header })}.${part(payload)}`;
    const signature = await this.#link.askFor({ op: 'sign', data: toBase64(utf8(signed)) }, 'signature');
    return `${signed}.${base64UrlOf(signature) ?? ''}`;
  }
}

/** RFC 7638 §3: the members that it names, in their order. */
function thumbprintOf(key: SigningJwk): string {
  const { kty } = key;
  return digest(
    JSON.stringify(kty === 'EC' ? { crv: key.crv, kty, x: key.x, y: key.y } : { e: key.e, kty, n: key.n }),
  );
}

/** SHA-256, base64url. */
function digest(text: string): string {
  return toBase64Url(new Uint8Array(sha256.array(text)));
}

function fits(alg: 'ES256' | 'RS256', key: SigningJwk): boolean {
  return (alg === 'ES256') === (key.kty === 'EC');
}
