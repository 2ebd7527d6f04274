import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { SignedTimes } from '@bianmin/purchase/api/release-root';
import { keyIdOf } from '@bianmin/purchase/node/co-signed';
import type { ReleaseRoot } from '@bianmin/purchase/node/release-root';

const DAY_MS = 86_400_000;

/** With what, and for how long, a person signs. */
export interface Signing {
  /** PEM of the signer's own key. */
  readonly keyFile: string;
  /** Who signs; absent where what is signed says it. */
  readonly root?: ReleaseRoot | undefined;
  readonly days: number;
  /** Wall clock, ms. */
  readonly now: number;
}

/** Makes a signer's key; gives its public half, SubjectPublicKeyInfo in base64. Fails where the file is there. */
export async function makeSignerKey(file: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

/** Throws where it is no EC P-256 key, or the root does not name it. */
export async function readSignerKey({
  keyFile,
  root,
}: Pick<Signing, 'keyFile' | 'root'>): Promise<KeyObject> {
  const key = createPrivateKey(await readFile(keyFile, 'utf8'));
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError("This is no signer's key. Make one with npm run release -- key.");
  }
  if (root === undefined || root.keys.has(keyIdOf(key))) return key;
  throw new TypeError('The root does not name this key. Sign with one that it names, or make the next root.');
}

/** From now on for so many days. */
export function signedFor({ now, days }: Pick<Signing, 'now' | 'days'>): SignedTimes {
  return { issued: instant(now), expires: instant(now + days * DAY_MS) };
}

/** Throws where a document was not signed lately by this machine's clock, or has run out: one of them is wrong. */
export function requireLately({ issued, expires }: SignedTimes, now: number): void {
  const lately = Date.parse(issued) <= now + DAY_MS && Date.parse(issued) > now - 30 * DAY_MS;
  if (lately && Date.parse(expires) > now) return;
  throw new Error(
    `This was signed at ${issued} until ${expires}, which this machine's clock does not agree with. Set the clock, or sign anew.`,
  );
}

function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
