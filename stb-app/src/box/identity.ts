import { fromHex } from '@bianmin/card/bytes/hex';
import { sha256 } from '@bianmin/card/bytes/sha256';
import { codeOf } from '@bianmin/card/errors';
import { toBase64 } from '@bianmin/purchase/android/base64';
import type { ShellRequest } from '@bianmin/purchase/android/shell';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { TerminalIdentity } from '@bianmin/purchase/api/terminal-calls';
import type { EcPublicJwk, EnrolPayload, EnrolResponse, SigningJwk } from '@bianmin/purchase/api/terminal';
import { BoxError } from './error.ts';
import type { ShellLink } from './shell-link.ts';
import { base64UrlOf, toBase64Url, utf8 } from './text-bytes.ts';

const LOST = 'shell.keys-lost';

/** What a box tells about itself when it enrols. */
export interface BoxFacts {
  readonly name: string;
  readonly version: string;
  /** User agent of the WebView: the census of old engines counts it. */
  readonly engine: string;
}

interface PublicKeys {
  readonly alg: 'ES256' | 'RS256';
  readonly signKey: SigningJwk;
  readonly sealKey: EcPublicJwk;
}

export interface BoxIdentityInit {
  readonly link: ShellLink;
  readonly newId: () => string;
  /** The shell could still open its keys when the app started, and no longer can. */
  readonly onLost: () => void;
}

/**
 * The box's two key pairs: they stay in the shell, which signs and opens. The JWS around a signature is made here.
 * Keys that AndroidKeyStore lost are missing until a person has new ones made: then it is another terminal to the
 * server, which accepts it anew. What was sealed to the old ones is lost; the server seals an order's plan again.
 */
export class BoxIdentity implements TerminalIdentity {
  readonly #init: BoxIdentityInit;
  #keys: PublicKeys | undefined;

  private constructor(init: BoxIdentityInit) {
    this.#init = init;
  }

  /** With the shell's keys, made at its first start, or without where they are lost. Fails with a `BoxError`. */
  static async from(init: BoxIdentityInit): Promise<BoxIdentity> {
    const identity = new BoxIdentity(init);
    try {
      identity.#keys = await keysOf(init.link, { op: 'keys' });
    } catch (error) {
      if (codeOf(error) !== LOST) throw error;
    }
    return identity;
  }

  get lost(): boolean {
    return this.#keys === undefined;
  }

  /** Empty while the keys are lost. */
  get terminalId(): string {
    return this.#keys === undefined ? '' : `t${sha256(thumbprintOf(this.#keys.signKey)).slice(0, 30)}`;
  }

  /** First characters of the signing key's RFC 7638 thumbprint: the console shows the same. Empty while it is lost. */
  get fingerprint(): string {
    return this.#keys === undefined ? '' : thumbprintOf(this.#keys.signKey).slice(0, 12);
  }

  /** New keys in place of lost ones; whole ones stay. Only when a person has asked for it. */
  async renew(): Promise<void> {
    this.#keys = await keysOf(this.#init.link, { op: 'keys', renew: true });
  }

  /** Enrols, or asks again what became of it. */
  enrol(client: ApiClient, facts: BoxFacts): Promise<EnrolResponse> {
    return client.enrol(async (at) => {
      const { signKey, sealKey } = this.#whole();
      const jti = this.#init.newId();
      const payload: EnrolPayload = { signKey, sealKey, kind: 'box', ...facts, jti, iat: at };
      return this.#jws(payload, { typ: 'enrol+jws', jwk: signKey });
    });
  }

  signAssertion(at: number): Promise<string> {
    const { terminalId } = this;
    const claims = {
      iss: terminalId,
      sub: terminalId,
      aud: 'bianmin',
      jti: this.#init.newId(),
      iat: at,
      exp: at + 60,
    };
    return this.#jws(claims, { typ: 'client-authentication+jwt' });
  }

  async proof(init: { method: string; url: string; accessToken: string; at: number }): Promise<string> {
    const { signKey } = this.#whole();
    const claims = {
      htm: init.method,
      // RFC 9449 §4.2: without query and fragment.
      htu: init.url.replace(/[?#].*$/, ''),
      iat: init.at,
      jti: this.#init.newId(),
      ath: digest(init.accessToken),
    };
    return this.#jws(claims, { typ: 'dpop+jwt', jwk: signKey });
  }

  /** Opens a JWE compact that was sealed to this box; fails with `identity.unseal-failed`. */
  async unseal(jwe: string): Promise<string> {
    try {
      return await this.#heard(this.#init.link.askFor({ op: 'unseal', jwe }, 'text'));
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
    const { alg } = this.#whole();
    const signed = `${part({ alg, ...header })}.${part(payload)}`;
    const asking = this.#init.link.askFor({ op: 'sign', data: toBase64(utf8(signed)) }, 'signature');
    return `${signed}.${base64UrlOf(await this.#heard(asking)) ?? ''}`;
  }

  #whole(): PublicKeys {
    if (this.#keys !== undefined) return this.#keys;
    throw new BoxError({
      code: LOST,
      message: 'The box can no longer open its keys. Have it make new ones, and enrol it again.',
    });
  }

  /** Listens for the answer that there are no keys any more. */
  async #heard<T>(asking: Promise<T>): Promise<T> {
    try {
      return await asking;
    } catch (error) {
      if (codeOf(error) === LOST && this.#keys !== undefined) {
        this.#keys = undefined;
        this.#init.onLost();
      }
      throw error;
    }
  }
}

async function keysOf(link: ShellLink, request: ShellRequest): Promise<PublicKeys> {
  const { alg, signKey, sealKey } = await link.ask(request);
  if (alg === undefined || signKey === undefined || sealKey === undefined || !fits(alg, signKey)) {
    throw new BoxError({
      code: 'shell.io',
      message: 'The shell gave unusable keys. Start the app again.',
    });
  }
  return { alg, signKey, sealKey };
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
  return toBase64Url(fromHex(sha256(text)));
}

function fits(alg: 'ES256' | 'RS256', key: SigningJwk): boolean {
  return (alg === 'ES256') === (key.kty === 'EC');
}
