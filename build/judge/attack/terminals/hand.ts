import { createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import type { EcPublicJwk } from '@bianmin/purchase/api/terminal';
import { terminalIdOf } from '../../../../server/src/fleet/terminals/keys.ts';
import {
  assertion,
  beatHeaders,
  jws,
  proof,
  type BeatCredential,
  type ProofClaims,
} from '../../bench/terminal-proofs.ts';
import type { SiteAnswer } from '../site.ts';
import type { World } from '../world.ts';

/** A P-256 key that signs whatever it is told to. */
export class Key {
  readonly jwk: EcPublicJwk;
  readonly own: KeyObject;

  private constructor(own: KeyObject, jwk: EcPublicJwk) {
    this.own = own;
    this.jwk = jwk;
  }

  static from(jwk: EcPublicJwk & { readonly d: string }): Key {
    const { kty, crv, x, y } = jwk;
    return new Key(createPrivateKey({ key: { ...jwk }, format: 'jwk' }), { kty, crv, x, y });
  }

  static random(): Key {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    return Key.from(privateKey.export({ format: 'jwk' }) as EcPublicJwk & { d: string });
  }

  /** A compact JWS by ES256. */
  jws(header: object, payload: object): string {
    return jws(this.own, header, payload);
  }

  async thumbprint(): Promise<string> {
    return calculateJwkThumbprint(this.jwk, 'sha256');
  }
}

export const nowS = (): number => Math.floor(Date.now() / 1000);

/** What a proof says, where it is to say something else than the truth. */
export interface ProofLies extends Partial<ProofClaims> {
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
    const { sign: jwk } = JSON.parse(text) as { sign: EcPublicJwk & { d: string } };
    return new Hand(world, Key.from(jwk), identity.terminalId);
  }

  /** Of nobody that the server knows. */
  static async stranger(world: World): Promise<Hand> {
    const key = Key.random();
    return new Hand(world, key, terminalIdOf(await key.thumbprint()));
  }

  assertion(lies: { iat?: number; jti?: string; signedBy?: Key; terminalId?: string } = {}): string {
    const { iat = nowS(), jti = randomUUID(), signedBy = this.key, terminalId = this.terminalId } = lies;
    return assertion({ id: terminalId, key: signedBy.own }, iat, jti);
  }

  askToken(given = this.assertion()): Promise<SiteAnswer> {
    return this.#world.send('/v1/terminal/token', { method: 'POST', body: { assertion: given } });
  }

  async token(): Promise<string> {
    const { json, status } = await this.askToken();
    const { accessToken } = json as { accessToken?: string };
    if (accessToken === undefined) throw new Error(`No token for the terminal: ${status}`);
    return accessToken;
  }

  proof(call: HandCall): string {
    const { method = 'GET', path, token, proof: given = {} } = call;
    const { signedBy = this.key, ...lies } = given;
    const url = `${this.#world.siteUrl}${path.split('?')[0] ?? ''}`;
    const holder = { signKey: this.key.jwk, key: signedBy.own };
    return proof(holder, { method, url, accessToken: token, at: nowS() }, lies);
  }

  call(call: HandCall): Promise<SiteAnswer> {
    return this.send(call, this.proof(call));
  }

  /** With a proof that was made before, or by somebody else. */
  send({ method = 'GET', path, body, token }: HandCall, dpop: string): Promise<SiteAnswer> {
    return this.#world.send(path, { method, body, headers: { authorization: `DPoP ${token}`, dpop } });
  }
}

/** A beat by its key as it goes over the wire, wrong where `lies` says so. */
export function beatOf(
  own: BeatCredential,
  beat: object,
  lies: { readonly created?: number; readonly key?: Buffer } = {},
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(beat);
  const { created = nowS(), key = own.key } = lies;
  const proven = beatHeaders({ ...own, key }, body, created);
  return { body, headers: { ...proven, 'content-type': 'application/json' } };
}
