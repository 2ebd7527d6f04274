import { createPublicKey, type KeyObject } from 'node:crypto';
import { releaseRoot, type ReleaseRootContent } from '../api/release-root.ts';
import { coSign, draft, keyIdOf, openCoSigned, signersOf, unverified, type Signers } from './co-signed.ts';
import { releaseKeyOf } from './signed-document.ts';
import { TrustError } from './trust-error.ts';

/** What each signature of a root is of. */
export const ROOT_TYP = 'bianmin-release-root+jws';

/** Who signs releases and card layouts, as far as a version of the root says. */
export interface ReleaseRoot extends Signers {
  readonly version: number;
  /** When it was signed, and until when it is believed, ms since 1970. */
  readonly issued: number;
  readonly expires: number;
}

/** A root that nobody has signed yet. Throws where it is none. */
export function draftRoot(content: ReleaseRootContent): string {
  rootOf(content);
  return draft(releaseRoot.parse(content));
}

export function signRoot(document: string, key: KeyObject): string {
  return coSign(document, { typ: ROOT_TYP, key });
}

/** What a root says, whoever signed it. `trust.root-malformed` where it is none. */
export function unverifiedRoot(document: string): ReleaseRoot {
  const read = releaseRoot.safeParse(unverified(document));
  if (read.success) return rootOf(read.data);
  throw malformed();
}

/** A root that is believed because of where it lies: enough of its own signers have signed it. Fails with `TrustError`. */
export function openFirstRoot(document: string): ReleaseRoot {
  const root = unverifiedRoot(document);
  if (isSignedBy(document, root)) return root;
  throw unsigned('Too few of its own signers have signed this root. Have another one sign it.');
}

/**
 * The root that takes the place of another: the very next version, signed by enough of those who sign now and by enough of those
 * who are to sign from then on. Fails with `TrustError`.
 */
export function openNextRoot(document: string, current: ReleaseRoot): ReleaseRoot {
  const next = unverifiedRoot(document);
  if (next.version !== current.version + 1) {
    throw new TrustError({
      code: 'trust.root-order',
      message: 'This root does not follow the one that is kept. Give all roots in their order.',
      context: { version: next.version, kept: current.version },
    });
  }
  if (!isSignedBy(document, current)) {
    throw unsigned('Too few of the signers before have signed this root. Have another one of them sign it.');
  }
  if (!isSignedBy(document, next)) {
    throw unsigned('Too few of its own signers have signed this root. Have another one sign it.');
  }
  return next;
}

/** Roots that follow each other, as they were signed, and the last of them. */
export interface RootChain {
  readonly root: ReleaseRoot;
  readonly documents: readonly string[];
}

/** The last root of a file that has one a line, each following the one before. Fails with `TrustError`. */
export function openRootChain(text: string): RootChain {
  const [first, ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  if (first === undefined) throw malformed();
  let root = openFirstRoot(first);
  for (const document of rest) root = openNextRoot(document, root);
  return { root, documents: [first, ...rest] };
}

/**
 * What a terminal knows that was set up when one person signed: nothing but whose word the first root must have, beside that of
 * its own signers. `base64`: SubjectPublicKeyInfo. Throws `TypeError` for anything but EC P-256.
 */
export function rootOfOneKey(base64: string): ReleaseRoot {
  const key = releaseKeyOf(base64);
  const keys = new Map([[keyIdOf(key), key]]);
  return { version: 0, issued: 0, expires: Number.POSITIVE_INFINITY, keys, threshold: 1 };
}

/** What JSON enough of a root's signers have signed as `typ`; undefined where they have not. */
export function openByRoot(
  document: string,
  { typ, root }: { readonly typ: string; readonly root: ReleaseRoot },
): unknown {
  // One key alone leads to the first root and to nothing else.
  if (root.version === 0) return undefined;
  return openCoSigned(document, { typ, ...root });
}

function isSignedBy(document: string, { keys, threshold }: Signers): boolean {
  return signersOf(document, { typ: ROOT_TYP, keys }).length >= threshold;
}

/** `trust.root-malformed` where a key is no point of the curve, or stands there twice. */
function rootOf({ version, issued, expires, threshold, keys: named }: ReleaseRootContent): ReleaseRoot {
  let keys: Map<string, KeyObject>;
  try {
    const read = named.map((key) => createPublicKey({ key, format: 'jwk' }));
    keys = new Map(read.map((key) => [keyIdOf(key), key]));
  } catch {
    throw malformed();
  }
  if (keys.size !== named.length) throw malformed();
  return { version, threshold, keys, issued: Date.parse(issued), expires: Date.parse(expires) };
}

function malformed(): TrustError {
  return new TrustError({
    code: 'trust.root-malformed',
    message: 'This is no root of releases. Make one with npm run release -- root.',
  });
}

function unsigned(message: string): TrustError {
  return new TrustError({ code: 'trust.root-unsigned', message });
}
