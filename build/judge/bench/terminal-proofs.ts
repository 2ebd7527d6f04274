import { createHash, createHmac, randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto';
import { BEAT_SCHEME, beatCredentials, beatSignedText } from '@bianmin/purchase/api/beat-key';
import type { EcPublicJwk } from '@bianmin/purchase/api/terminal';

/** A compact JWS with ES256, as the kiosk's host makes it. */
export function jws(key: KeyObject, header: object, payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const signed = `${part({ alg: 'ES256', ...header })}.${part(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** What asks for an access token; `at`: s. */
export function assertion(
  { id, key }: { readonly id: string; readonly key: KeyObject },
  at: number,
  jti = randomUUID() as string,
): string {
  const claims = { iss: id, sub: id, aud: 'bianmin', jti, iat: at, exp: at + 60 };
  return jws(key, { typ: 'client-authentication+jwt' }, claims);
}

/** What a proof says of its call. */
export interface ProofClaims {
  readonly htm: string;
  readonly htu: string;
  readonly iat: number;
  readonly jti: string;
  readonly ath: string;
}

/** Proves the key in one call; `claims` stand in place of what is so. */
export function proof(
  { signKey, key }: { readonly signKey: EcPublicJwk; readonly key: KeyObject },
  call: { readonly method: string; readonly url: string; readonly accessToken: string; readonly at: number },
  claims: Partial<ProofClaims> = {},
): string {
  const { method, url, accessToken, at } = call;
  const ath = createHash('sha256').update(accessToken).digest('base64url');
  const made: ProofClaims = { htm: method, htu: url, iat: at, jti: randomUUID(), ath, ...claims };
  return jws(key, { typ: 'dpop+jwt', jwk: signKey }, made);
}

/** What beats are proven by. */
export interface BeatCredential {
  readonly token: string;
  readonly key: Buffer;
}

/** The header that proves a beat; `created`: s. */
export function beatHeaders(
  { token, key }: BeatCredential,
  body: string,
  created: number,
): Record<string, string> {
  const of = { created, nonce: randomBytes(16).toString('base64url') };
  const mac = createHmac('sha256', key).update(beatSignedText(of)).update(body).digest('base64url');
  return { Authorization: `${BEAT_SCHEME} ${beatCredentials({ ...of, token, mac })}` };
}
