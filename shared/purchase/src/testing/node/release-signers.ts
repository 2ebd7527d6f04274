import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import type { ReleaseManifest } from '../../api/release.ts';
import type { ReleaseRootContent, SignedTimes } from '../../api/release-root.ts';
import { draftRoot, openFirstRoot, signRoot, type ReleaseRoot } from '../../node/release-root.ts';
import { draftLayouts, signLayouts } from '../../node/signed-layouts.ts';
import { draftRelease, signFormerRelease, signRelease } from '../../node/signed-release.ts';

const DAY_MS = 86_400_000;
/** What `ManualClock` begins with. */
const START = Date.UTC(2026, 0, 15, 2, 0, 0);

/** One person's key. */
export interface Signer {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
}

export function signer(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}

export function times(now = START, days = 90): SignedTimes {
  const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return { issued: instant(now - DAY_MS), expires: instant(now + days * DAY_MS) };
}

/** What the next root of these signers says. */
export function rootContent(
  signers: readonly Signer[],
  { version = 1, threshold = 2, now = START, days = 1100 } = {},
): ReleaseRootContent {
  const keys = signers.map(({ privateKey }) => {
    const { x, y } = privateKey.export({ format: 'jwk' });
    return { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) } as const;
  });
  return { format: 1, version, threshold, keys, ...times(now, days) };
}

export function signedRoot(content: ReleaseRootContent, by: readonly Signer[]): string {
  return by.reduce((document, { privateKey }) => signRoot(document, privateKey), draftRoot(content));
}

/** Three persons, two of whom must sign. */
export class ReleaseSigners {
  readonly three: readonly [Signer, Signer, Signer];
  /** Version 1 as all three signed it: the file of a chain. */
  readonly document: string;
  readonly root: ReleaseRoot;
  /** When they sign, ms. */
  readonly now: number;

  constructor(now = START, first: Signer = signer()) {
    this.now = now;
    this.three = [first, signer(), signer()];
    this.document = signedRoot(rootContent(this.three, { now }), this.three);
    this.root = openFirstRoot(this.document);
  }

  /** A manifest as the first two sign it. */
  sign(
    manifest: Omit<ReleaseManifest, 'format' | 'issued' | 'expires'>,
    { by = this.three.slice(0, 2), at = times(this.now) }: { by?: readonly Signer[]; at?: SignedTimes } = {},
  ): string {
    const document = draftRelease({ ...manifest, format: 2, ...at });
    return by.reduce((signed, { privateKey }) => signRelease(signed, privateKey), document);
  }

  /** The same as the first of them signs it alone, for terminals that know no root. */
  signFormer({
    kind,
    version,
    notes,
    box,
    files,
  }: Omit<ReleaseManifest, 'format' | 'issued' | 'expires'>): string {
    const manifest = { kind, version, notes, files, ...(box === undefined ? {} : { box }) };
    return signFormerRelease({ format: 1, ...manifest }, this.three[0].privateKey);
  }

  signLayouts(
    layouts: CardLayouts,
    { by = this.three.slice(0, 2), at = times(this.now) }: { by?: readonly Signer[]; at?: SignedTimes } = {},
  ): string {
    return by.reduce((signed, { privateKey }) => signLayouts(signed, privateKey), draftLayouts(layouts, at));
  }
}
