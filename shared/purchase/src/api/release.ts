import { z } from 'zod';
import { BOX_PACKAGE_NAME, boxPackageFacts } from './box-release.ts';
import { coSigned, endsWithin, RELEASE_DAYS, signedTimes } from './release-root.ts';
import { timestamp, words } from './scalars.ts';

/** What asks for itself which release is meant for it. */
export const KIOSK_KINDS = ['kiosk-win', 'kiosk-linux'] as const;
export const kioskKind = z.enum(KIOSK_KINDS);
export type KioskKind = z.infer<typeof kioskKind>;
/** What can be replaced from afar. */
export const RELEASE_KINDS = [...KIOSK_KINDS, 'box'] as const;
export const releaseKind = z.enum(RELEASE_KINDS);
export type ReleaseKind = z.infer<typeof releaseKind>;

/** The file that electron-updater asks for first, by kind. */
export const FEED_FILES: Readonly<Record<KioskKind, string>> = {
  'kiosk-win': 'latest.yml',
  'kiosk-linux': 'latest-linux.yml',
};

/** Three numbers, so that newer is never a matter of opinion. */
export const RELEASE_VERSION = /^(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})$/;
export const version = z.string().regex(RELEASE_VERSION, { error: 'must be three numbers: 1.2.3' });
/** A name and no path. */
export const RELEASE_FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const fileName = z.string().regex(RELEASE_FILE_NAME);
const MAX_FILE_BYTES = 512 << 20;

/** One piece of an upload, and the largest body of it: what nginx takes by itself. */
export const RELEASE_PIECE_BYTES = 1 << 20;

export const releaseFile = z.strictObject({
  name: fileName,
  bytes: z.int().min(1).max(MAX_FILE_BYTES),
  /** Hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Base64, as electron-updater writes it. */
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});
export type ReleaseFile = z.infer<typeof releaseFile>;

/** A kiosk's feed and what that names, or a box's one package with what its installer is checked by. */
function hasItsFiles(of: {
  readonly kind: ReleaseKind;
  readonly box?: unknown;
  readonly files: readonly { readonly name: string }[];
}): boolean {
  const { kind, box, files } = of;
  if (kind !== 'box') return box === undefined && files.some(({ name }) => name === FEED_FILES[kind]);
  return box !== undefined && files.length === 1 && files.every(({ name }) => BOX_PACKAGE_NAME.test(name));
}

const about = {
  kind: releaseKind,
  version,
  notes: z.string().max(2000),
  /** Of a box's package. */
  box: boxPackageFacts.optional(),
  files: z.array(releaseFile).min(1).max(12),
};

function namesEachOnce({ files }: { readonly files: readonly ReleaseFile[] }): boolean {
  return new Set(files.map(({ name }) => name.toLowerCase())).size === files.length;
}
const ONCE = { error: 'must name each file once', path: ['files'] };
const ITS_FILES = { error: 'must have the files of its kind', path: ['files'] };

/** What two of the signers sign: everything that a terminal may be given of a release, and until when it takes it. */
export const releaseManifest = z
  .strictObject({ format: z.literal(2), ...about, ...signedTimes })
  .refine(namesEachOnce, ONCE)
  .refine(hasItsFiles, ITS_FILES)
  .refine((manifest) => endsWithin(manifest, RELEASE_DAYS.most), {
    error: 'must end soon enough',
    path: ['expires'],
  });
export type ReleaseManifest = z.infer<typeof releaseManifest>;

/** The same as terminals know it that were set up when one key signed: it never ends. */
export const formerManifest = z
  .strictObject({ format: z.literal(1), ...about })
  .refine(namesEachOnce, ONCE)
  .refine(hasItsFiles, ITS_FILES);
export type FormerManifest = z.infer<typeof formerManifest>;

/** A former manifest as it is signed: a compact JWS (RFC 7515). */
export const sealed = z
  .string()
  .max(32_000)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);

/** Whether `version` is newer than `than`; a version that is not three numbers is neither. */
export function isNewer(version: string, than: string): boolean {
  const [a, b] = [numbersFrom(version), numbersFrom(than)];
  if (a === undefined || b === undefined) return false;
  for (const [no, number] of a.entries()) {
    const other = b[no] ?? 0;
    if (number !== other) return number > other;
  }
  return false;
}

function numbersFrom(version: string): number[] | undefined {
  return /^\d+\.\d+\.\d+$/.test(version) ? version.split('.').map(Number) : undefined;
}

/** `kiosk-linux@1.2.3` */
export const releaseId = z
  .string()
  .regex(new RegExp(`^(?:${RELEASE_KINDS.join('|')})@${RELEASE_VERSION.source.slice(1, -1)}$`));

export const RELEASE_STATES = ['incomplete', 'ready', 'withdrawn'] as const;
export const releaseView = z.object({
  id: releaseId,
  kind: releaseKind,
  version: z.string(),
  notes: z.string(),
  state: z.enum(RELEASE_STATES),
  /** No terminal takes it after; signed again it goes on. */
  expires: timestamp,
  /** Whether terminals that know one key and no root may have it, too. */
  former: z.boolean(),
  files: z.array(releaseFile.pick({ name: true, bytes: true }).extend({ received: z.int() })),
  by: z.string(),
  at: timestamp,
  /** Of one that was withdrawn. */
  reason: z.string().nullable(),
});
export type ReleaseView = z.infer<typeof releaseView>;
/** `on`: whether this server takes releases at all. */
export const releaseList = z.object({ on: z.boolean(), releases: z.array(releaseView) });
export const beginRelease = z.strictObject({
  manifest: coSigned,
  /** For terminals that know one key and no root. */
  former: sealed.optional(),
});
export const releaseParam = z.strictObject({ id: releaseId });
export const releasePieceParam = z.strictObject({ id: releaseId, name: fileName });
export const releasePieceQuery = z.strictObject({
  /** How much of the file is there already, bytes. */
  offset: z.coerce.number().int().min(0).max(MAX_FILE_BYTES).default(0),
});
export const releaseReason = z.strictObject({ reason: words(3, 500) });
