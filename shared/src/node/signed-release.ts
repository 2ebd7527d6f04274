import type { KeyObject } from 'node:crypto';
import { releaseManifest, type ReleaseManifest } from '../api/release.ts';
import { openJson, signText } from './signed-document.ts';

const TYP = 'bianmin-release+jws';

/** A manifest as `signText` signs it. */
export function signRelease(manifest: ReleaseManifest, key: KeyObject): string {
  return signText(JSON.stringify(releaseManifest.parse(manifest)), { typ: TYP, key });
}

/** The manifest that was signed; undefined where it was not signed by this key, or is none of a known format. */
export function openRelease(jws: string, key: KeyObject): ReleaseManifest | undefined {
  return releaseManifest.safeParse(openJson(jws, { typ: TYP, key })).data;
}
