import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { signingJwk, type SigningJwk } from '@bianmin/purchase/api/terminal';

/** RFC 7638, SHA-256, base64url: `jkt` of RFC 9449. */
export function thumbprint(key: SigningJwk): Promise<string> {
  return calculateJwkThumbprint(key, 'sha256');
}

/**
 * A terminal's number is what its signing key is: `t` and 120 bits of the thumbprint's hash in hex. 31
 * characters, because WeChat Pay's `scene_info.device_id` takes 32 at most.
 */
export function terminalIdOf(jkt: string): string {
  return `t${createHash('sha256').update(jkt).digest('hex').slice(0, 30)}`;
}

/** The public key of a JOSE header, or undefined where it is not exactly one: a private one is refused. */
export function publicJwk(value: unknown): SigningJwk | undefined {
  const parsed = signingJwk.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** A terminal's public key, ready to verify with. */
export interface ImportedKey {
  readonly verify: KeyObject;
  readonly jkt: string;
}

export type SigningAlg = 'ES256' | 'RS256';

/** The one algorithm that a key signs with here; a JOSE header does not choose (RFC 8725 §3.1). */
export function algOf(key: SigningJwk): SigningAlg {
  return key.kty === 'EC' ? 'ES256' : 'RS256';
}

/** Reading a key and naming it costs as much as verifying with it, and a terminal calls many times with the same. */
const IMPORTED_MAX = 10_000;
const imported = new Map<string, Promise<ImportedKey>>();

/** The key, imported once; its own numbers name it, so that no terminal can be taken for another. */
export function importedKey(jwk: SigningJwk): Promise<ImportedKey> {
  const name = jwk.kty === 'EC' ? `${jwk.x}.${jwk.y}` : jwk.n;
  const known = imported.get(name);
  if (known !== undefined) return known;
  const importing = importKey(jwk);
  // What is no point of the curve is not kept.
  importing.catch(() => imported.delete(name));
  if (imported.size >= IMPORTED_MAX) imported.clear();
  imported.set(name, importing);
  return importing;
}

async function importKey(jwk: SigningJwk): Promise<ImportedKey> {
  return { verify: createPublicKey({ key: { ...jwk }, format: 'jwk' }), jkt: await thumbprint(jwk) };
}
