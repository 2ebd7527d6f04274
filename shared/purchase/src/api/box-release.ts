import { z } from 'zod';
import { coSigned } from './release-root.ts';

const SHA_256 = /^[0-9a-f]{64}$/;
/** Where a release's package is served, with its file's name behind it. */
export const BOX_RELEASE_PATH = '/v1/box/release/';
/** A name and no path. */
export const BOX_PACKAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.apk$/;

/** What the build writes beside the package, and `npm run release -- sign` reads. */
export const BOX_MANIFEST_NAME = 'release.json';

const about = {
  versionCode: z.int().min(1).max(0x7fff_ffff),
  versionName: z.string().min(1).max(32),
  /** Of the package. */
  sha256: z.string().regex(SHA_256),
  /** Of its signer's certificate. */
  signerSha256: z.string().regex(SHA_256),
  /** What a box takes at most: 64 MB. */
  bytes: z
    .int()
    .min(1)
    .max(64 << 20),
};

/** `release.json`. */
export const boxReleaseManifest = z.strictObject({ ...about, file: z.string().regex(BOX_PACKAGE_NAME) });
export type BoxReleaseManifest = z.infer<typeof boxReleaseManifest>;

/** What a box that says who it is is offered; `file` lies below the offer's path. */
export const boxPackageOffer = z.object({ ...about, file: z.string().regex(BOX_PACKAGE_NAME) });

/** What a signed manifest says of a package besides its file. */
export const boxPackageFacts = z.strictObject({
  versionCode: about.versionCode,
  signerSha256: about.signerSha256,
});

/** What a box that cannot say who it is is told of the newest release: docs/protocol/box-shell.md, "A release". */
export const boxRelease = z.object({
  ...about,
  path: z.string().startsWith(BOX_RELEASE_PATH),
  /** As two of the signers signed it; shells of before pass it over. */
  manifest: coSigned,
});
export type BoxRelease = z.infer<typeof boxRelease>;

export const boxPackageFile = z.strictObject({ file: z.string().regex(BOX_PACKAGE_NAME) });
