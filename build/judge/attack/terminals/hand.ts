import {
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import {
  beatSignatureBase,
  beatSignatureParams,
  BEAT_PATH,
  BEAT_SCHEME,
} from '@bianmin/purchase/api/beat-key';
import { terminalIdOf } from '../../../../server/src/fleet/terminals/keys.ts';
import type { SiteAnswer } from '../site.ts';
import type { World } from '../world.ts';

interface Jwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** A P-256 key that signs whatever it is told to. */
export class Key {
  readonly jwk: Jwk;
  readonly #key: KeyObject;

  private constructor(key: KeyObject, jwk: Jwk) {
    this.#key = key;
    this.jwk = jwk;
  }

  static from(jwk: Jwk & { readonly d: string }): Key {
    const { kty, crv, x, y } = jwk;
    return new Key(createPrivateKey({ key: { ...jwk }, format: 'jwk' }), { kty, crv, x, y });
  }

  static random(): Key {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    return Key.from(privateKey.export({ format: 'jwk' }) as Jwk & { d: string });
  }

  /** A compact JWS by ES256. */
  jws(header: object, payload: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
    const signed = `${part({ alg: 'ES256', ...header })}.${part(payload)}`;
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  async thumbprint(): Promise<string> {
    return calculateJwkThumbprint(this.jwk, 'sha256');
  }
}

export const nowS = (): number => Math.floor(Date.now() / 1000);

/** What a proof says, where it is to say something else than the truth. */
export interface ProofLies {
  readonly htm?: string;
  readonly htu?: string;
  readonly iat?: number;
  readonly jti?: string;
  readonly ath?: string;
  /** Signs in place of the terminal's own key, under the terminal's name. */
  readonly signedBy?: Key;
}

export interface HandCall {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly token: string;
  readonly proof?: ProofLies;
}

/** A terminal's key in hands that say with it what they like. */
export class Hand {
  readonly terminalId: string;
  readonly key: Key;
  readonly #world: World;

  constructor(world: World, key: Key, terminalId: string) {
    this.#world = world;
    this.key = key;
    this.terminalId = terminalId;
  }

  /** Of a terminal that was accepted. */
  static async of(world: World): Promise<Hand> {
    const { identity, folder } = await world.terminal();
    const text = await readFile(join(folder, 'identity.json'), 'utf8');
    const { sign: jwk } = JSON.parse(text) as { sign: Jwk & { d: string } };
    return new Hand(world, Key.from(jwk), identity.terminalId);
  }

  /** Of nobody that the server knows. */
  static async stranger(world: World): Promise<Hand> {
    const key = Key.random();
    return new Hand(world, key, terminalIdOf(await key.thumbprint()));
  }

  assertion(lies: { iat?: number; jti?: string; signedBy?: Key; terminalId?: string } = {}): string {
    const { iat = nowS(), jti = randomUUID(), signedBy = this.key, terminalId = this.terminalId } = lies;
    const claims = { iss: terminalId, sub: terminalId, aud: 'bianmin', jti, iat, exp: iat + 60 };
    return signedBy.jws({ typ: 'client-authentication+jwt' }, claims);
  }

  askToken(assertion = this.assertion()): Promise<SiteAnswer> {
    return this.#world.send('/v1/terminal/token', { method: 'POST', body: { assertion } });
  }

  async token(): Promise<string> {
    const { json, status } = await this.askToken();
    const { accessToken } = json as { accessToken?: string };
    if (accessToken === undefined) throw new Error(`No token for the terminal: ${status}`);
    return accessToken;
  }

  proof(call: HandCall): string {
    const { method = 'GET', path, token, proof = {} } = call;
    const { signedBy = this.key, ...lies } = proof;
    const claims = {
      ...{
        htm: method,
        htu: `${this.#world.siteUrl}${path.split('?')[0] ?? ''}`,
        iat: nowS(),
        jti: randomUUID(),
      },
      ath: createHash('sha256').update(token).digest('base64url'),
      ...lies,
    };
    return signedBy.jws({ typ: 'dpop+jwt', jwk: this.key.jwk }, claims);
  }

  call(call: HandCall): Promise<SiteAnswer> {
    return this.send(call, this.proof(call));
  }

  /** With a proof that was made before, or by somebody else. */
  send({ method = 'GET', path, body, token }: HandCall, proof: string): Promise<SiteAnswer> {
    return this.#world.send(path, { method, body, headers: { authorization: `DPoP ${token}`, dpop: proof } });
  }
}

/** A beat by its key as it goes over the wire, wrong where `lies` says so. */
export function beatOf(
  { token, key }: { readonly token: string; readonly key: Buffer },
  beat: object,
  lies: { readonly created?: number; readonly nonce?: string; readonly key?: Buffer } = {},
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(beat);
  const params = {
    created: lies.created ?? nowS(),
    nonce: lies.nonce ?? randomBytes(16).toString('base64url'),
  };
  const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  const base = beatSignatureBase({ ...params, path: BEAT_PATH, contentDigest });
  const signature = createHmac('sha256', lies.key ?? key)
    .update(base)
    .digest('base64');
  return {
    body,
    headers: {
      authorization: `${BEAT_SCHEME} ${token}`,
      'content-type': 'application/json',
      'content-digest': contentDigest,
      'signature-input': `beat=${beatSignatureParams(params)}`,
      signature: `beat=:${signature}:`,
    },
  };
}
