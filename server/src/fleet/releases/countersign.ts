import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseKeyOf } from '@bianmin/purchase/node/signed-document';
import { keyIdOf, signersOf } from '@bianmin/purchase/node/co-signed';
import {
  draftRoot,
  openFirstRoot,
  openNextRoot,
  openRootChain,
  ROOT_TYP,
  signRoot,
  unverifiedRoot,
  type ReleaseRoot,
} from '@bianmin/purchase/node/release-root';
import { LAYOUTS_TYP, signLayouts, unverifiedLayouts } from '@bianmin/purchase/node/signed-layouts';
import { RELEASE_TYP, signRelease } from '@bianmin/purchase/node/signed-release';
import { readManifest, requireSameFiles, SIGNED_NAME } from './sign.ts';
import { readSignerKey, requireLately, signedFor, type Signing } from './signing.ts';

/** How far a document has come. */
export interface Countersigned {
  readonly what: 'release' | 'layouts' | 'root';
  readonly version: string | number;
  readonly expires: string;
  readonly signed: number;
  readonly needed: number;
}

/** What a chain's file holds; undefined where there is none yet. Fails with `TrustError`. */
export async function readRoots(chain: string): Promise<ReleaseRoot | undefined> {
  const text = await readFile(chain, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : openRootChain(text).root;
}

/** Where the next root lies until enough have signed it. */
const nextFile = (chain: string): string => `${chain}.next`;

/** Begins the root after those of a chain, as its first signer; `signers`: public halves, SubjectPublicKeyInfo in base64. */
export async function beginRoot(
  chain: string,
  { signers, threshold }: { readonly signers: readonly string[]; readonly threshold: number },
  signing: Signing,
): Promise<Countersigned> {
  const key = await readSignerKey(signing);
  const current = await readRoots(chain);
  const keys = signers.map((each) => {
    const { kty, crv, x, y } = releaseKeyOf(each).export({ format: 'jwk' });
    return { kty, crv, x, y } as { kty: 'EC'; crv: 'P-256'; x: string; y: string };
  });
  const version = (current?.version ?? 0) + 1;
  const content = { format: 1, version, ...signedFor(signing), threshold, keys } as const;
  const document = signRoot(draftRoot(content), key);
  await writeFile(nextFile(chain), `${document}\n`);
  return rootProgress(document, current);
}

/**
 * Adds a person's signature to what another has begun: a folder's release, whose files are looked at first; card layouts; or the
 * next root of a chain, which joins it once enough have signed.
 */
export async function countersign(
  path: string,
  { chain, ...signing }: Pick<Signing, 'keyFile' | 'now'> & { readonly chain: string },
): Promise<Countersigned> {
  if (path === nextFile(chain)) return countersignRoot(chain, signing);
  const root = await readRoots(chain);
  if (root === undefined)
    throw new Error(`${chain} has no root yet. Make the first one: npm run release -- root.`);
  const key = await readSignerKey({ ...signing, root });
  const isFolder = (await stat(path)).isDirectory();
  const file = isFolder ? join(path, SIGNED_NAME) : path;
  const document = (await readFile(file, 'utf8')).trim();
  if (isFolder) {
    const manifest = await readManifest(path);
    requireLately(manifest, signing.now);
    await requireSameFiles(path, manifest);
    const signed = await rewrite(file, signRelease(document, key));
    return { what: 'release', ...progress(signed, RELEASE_TYP, root), ...pick(manifest) };
  }
  const { layouts, times } = unverifiedLayouts(document);
  requireLately(times, signing.now);
  const signed = await rewrite(file, signLayouts(document, key));
  return {
    what: 'layouts',
    ...progress(signed, LAYOUTS_TYP, root),
    version: layouts.version,
    expires: times.expires,
  };
}

async function countersignRoot(
  chain: string,
  signing: Pick<Signing, 'keyFile' | 'now'>,
): Promise<Countersigned> {
  const file = nextFile(chain);
  const key = await readSignerKey(signing);
  const current = await readRoots(chain);
  const before = (await readFile(file, 'utf8')).trim();
  const next = unverifiedRoot(before);
  const id = keyIdOf(key);
  if (!next.keys.has(id) && current?.keys.has(id) !== true) {
    throw new TypeError('Neither the root nor the one before it names this key.');
  }
  const document = await rewrite(file, signRoot(before, key));
  const come = rootProgress(document, current);
  if (come.signed < come.needed) return come;
  if (current === undefined) openFirstRoot(document);
  else openNextRoot(document, current);
  await writeFile(chain, `${document}\n`, { flag: 'a' });
  await rm(file);
  return come;
}

/** Counts what is missing still where two sets of signers must agree. */
function rootProgress(document: string, current: ReleaseRoot | undefined): Countersigned {
  const next = unverifiedRoot(document);
  const sets = current === undefined ? [next] : [current, next];
  const counted = sets.map((root) => ({
    signed: signersOf(document, { typ: ROOT_TYP, keys: root.keys }).length,
    needed: root.threshold,
  }));
  const [least = { signed: 0, needed: next.threshold }] = counted.sort(
    (a, b) => b.needed - b.signed - (a.needed - a.signed),
  );
  const expires = new Date(next.expires).toISOString();
  return { what: 'root', version: next.version, expires, ...least };
}

function progress(
  document: string,
  typ: string,
  { keys, threshold }: ReleaseRoot,
): Pick<Countersigned, 'signed' | 'needed'> {
  return { signed: signersOf(document, { typ, keys }).length, needed: threshold };
}

function pick({ version, expires }: { readonly version: string; readonly expires: string }) {
  return { version, expires };
}

async function rewrite(file: string, document: string): Promise<string> {
  await writeFile(file, `${document}\n`);
  return document;
}
