import type { KeyObject } from 'node:crypto';
import {
  formerManifest,
  releaseManifest,
  type FormerManifest,
  type ReleaseManifest,
} from '../api/release.ts';
import { coSign, draft, unverified } from './co-signed.ts';
import { openByRoot, type ReleaseRoot } from './release-root.ts';
import { openJson, signText } from './signed-document.ts';

/** What each signature of a manifest is of. */
export const RELEASE_TYP = 'bianmin-release-2+jws';
const FORMER_TYP = 'bianmin-release+jws';

/** A manifest that nobody has signed yet. Throws where it is none. */
export function draftRelease(manifest: ReleaseManifest): string {
  return draft(releaseManifest.parse(manifest));
}

export function signRelease(document: string, key: KeyObject): string {
  return coSign(document, { typ: RELEASE_TYP, key });
}

/** The manifest that was signed; undefined where too few have signed it, or it is none of a known format. */
export function openRelease(document: string, root: ReleaseRoot): ReleaseManifest | undefined {
  return releaseManifest.safeParse(openByRoot(document, { typ: RELEASE_TYP, root })).data;
}

/** What a manifest says, whoever signed it: to compare, never to act on. */
export function unverifiedRelease(document: string): ReleaseManifest | undefined {
  return releaseManifest.safeParse(unverified(document)).data;
}

/** A manifest for terminals that know one key and no root. */
export function signFormerRelease(manifest: FormerManifest, key: KeyObject): string {
  return signText(JSON.stringify(formerManifest.parse(manifest)), { typ: FORMER_TYP, key });
}

/** The manifest as a terminal of before opens it; undefined where this key has not signed it. */
export function openFormerRelease(jws: string, key: KeyObject): FormerManifest | undefined {
  return formerManifest.safeParse(openJson(jws, { typ: FORMER_TYP, key })).data;
}
