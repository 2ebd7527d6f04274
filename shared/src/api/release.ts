import { z } from 'zod';
import { BOX_PACKAGE_NAME, boxPackageFacts, boxPackageOffer } from './box-release.ts';
import { FAULT_CODE, platform } from './heartbeat.ts';
import { orgId } from './org.ts';
import { terminalId, timestamp, words } from './scalars.ts';

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
const version = z.string().regex(RELEASE_VERSION, { error: 'must be three numbers: 1.2.3' });
/** A name and no path. */
export const RELEASE_FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const fileName = z.string().regex(RELEASE_FILE_NAME);
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

/** What the release key signs: everything that a terminal may be given of a release. */
export const releaseManifest = z
  .strictObject({
    format: z.literal(1),
    kind: releaseKind,
    version,
    notes: z.string().max(2000),
    /** Of a box's package. */
    box: boxPackageFacts.optional(),
    files: z.array(releaseFile).min(1).max(12),
  })
  .refine(({ files }) => new Set(files.map(({ name }) => name.toLowerCase())).size === files.length, {
    error: 'must name each file once',
    path: ['files'],
  })
  .refine(hasItsFiles, { error: 'must have the files of its kind', path: ['files'] });
export type ReleaseManifest = z.infer<typeof releaseManifest>;

/** A manifest as it is signed: a compact JWS (RFC 7515). */
const sealed = z
  .string()
  .max(32_000)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);

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
  files: z.array(releaseFile.pick({ name: true, bytes: true }).extend({ received: z.int() })),
  by: z.string(),
  at: timestamp,
  /** Of one that was withdrawn. */
  reason: z.string().nullable(),
});
export type ReleaseView = z.infer<typeof releaseView>;
/** `on`: whether this server takes releases at all. */
export const releaseList = z.object({ on: z.boolean(), releases: z.array(releaseView) });
export const beginRelease = z.strictObject({ manifest: sealed });
export const releaseParam = z.strictObject({ id: releaseId });
export const releasePieceParam = z.strictObject({ id: releaseId, name: fileName });
export const releasePieceQuery = z.strictObject({
  /** How much of the file is there already, bytes. */
  offset: z.coerce.number().int().min(0).max(MAX_FILE_BYTES).default(0),
});
export const releaseReason = z.strictObject({ reason: words(3, 500) });

/** One step of a rollout: how large a part of the terminals is offered the release, and when the next follows. */
export const rolloutStage = z.strictObject({
  /** Of those of its region, per mille. */
  permille: z.int().min(1).max(1000),
  /** It lasts at least so long, s. */
  soakS: z
    .int()
    .min(0)
    .max(30 * 86_400),
  /** Of those that were offered it so many per mille must run it before the next step. */
  successPermille: z.int().min(1).max(1000),
  /** Whether the next step begins by itself, or waits for two persons. */
  next: z.enum(['itself', 'approval']),
});
export type RolloutStage = z.infer<typeof rolloutStage>;

const rules = {
  release: releaseId,
  /** Terminals of this organisation and of every one below it. */
  org: orgId,
  /** Only these of them; empty: all. */
  terminals: z.array(terminalId).max(200),
  stages: z.array(rolloutStage).min(1).max(8),
  /** Of those that took it, so many per mille that fared badly end or halt it. */
  errorPermille: z.int().min(1).max(1000),
  /** But not before there are so many of them. */
  leastBad: z.int().min(1).max(1000),
  /** Also where faults for each terminal are so many times those of the versions before; 0: never. */
  faultFactor: z.number().min(0).max(100),
  onErrors: z.enum(['pause', 'stop']),
};
const growing = ({ stages }: { stages: readonly RolloutStage[] }): boolean =>
  stages.every(({ permille }, no) => permille > (stages[no - 1]?.permille ?? 0));
export const createRollout = z
  .strictObject({ key: z.uuid(), ...rules, reason: words(3, 500) })
  .refine(growing, { error: 'each must be larger than the one before', path: ['stages'] });
export type CreateRollout = z.infer<typeof createRollout>;

/** `draft`: waits for the second person. `stopped` is for good; `done`: everybody is offered it. */
export const ROLLOUT_STATES = ['draft', 'running', 'paused', 'stopped', 'done'] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];
/** Why it is as it is: by a person, too many that fared badly, faults that rose, or its release was withdrawn. */
export const ROLLOUT_CAUSES = ['person', 'errors', 'faults', 'withdrawn', 'success'] as const;
export type RolloutCause = (typeof ROLLOUT_CAUSES)[number];

/** How terminals fared; each is in one of these. `taken`: it is installing. `missing`: it took it and is not heard of. */
export const OUTCOMES = ['offered', 'taken', 'installed', 'failed', 'fell-back', 'missing'] as const;
export type Outcome = (typeof OUTCOMES)[number];
const count = z.int().min(0);
export const outcomeCounts = z.object({
  ...{ offered: count, taken: count, installed: count },
  ...{ failed: count, 'fell-back': count, missing: count },
});
export type OutcomeCounts = z.infer<typeof outcomeCounts>;

export const rolloutView = z.object({
  id: z.string(),
  kind: releaseKind,
  version: z.string(),
  ...rules,
  state: z.enum(ROLLOUT_STATES),
  /** Which step it is at, from 0. */
  stage: z.int(),
  stageSince: timestamp.nullable(),
  counts: outcomeCounts,
  /** The step has succeeded and the next waits for two persons. */
  ready: z.boolean(),
  by: z.string(),
  at: timestamp,
  /** What happened to it, the last first. */
  moves: z.array(
    z.object({
      at: timestamp,
      state: z.enum(ROLLOUT_STATES),
      stage: z.int(),
      cause: z.enum(ROLLOUT_CAUSES),
      by: z.string().nullable(),
      reason: z.string(),
      counts: outcomeCounts.nullable(),
    }),
  ),
});
export type RolloutView = z.infer<typeof rolloutView>;
export const rolloutList = z.object({ rollouts: z.array(rolloutView) });
export const rolloutParam = z.strictObject({ id: z.uuid() });

/** How many terminals run which version where: `org` is the prefecture. */
export const versionCounts = z.object({
  asOf: timestamp,
  counts: z.array(
    z.object({
      kind: z.enum(['kiosk', 'box']),
      /** Null where they do not say. */
      platform: platform.nullable(),
      ...{ version: z.string(), org: z.string(), terminals: z.int() },
    }),
  ),
});
export type VersionCounts = z.infer<typeof versionCounts>;

const running = z.string().min(1).max(32);
/** A terminal asks which release is meant for it, and says how the last ones fared: the same words again change nothing. */
export const releaseAsk = z.strictObject({
  kind: releaseKind,
  /** The release that runs and is healthy. */
  version: running,
  /** Those that it gave up. */
  refused: z.array(running).max(20),
  /** About the release that it was offered: it is about to install it, or it could not be had. */
  step: z
    .strictObject({
      version: running,
      is: z.enum(['installing', 'failed']),
      code: z.string().regex(FAULT_CODE).max(64).optional(),
    })
    .optional(),
});
export type ReleaseAsk = z.infer<typeof releaseAsk>;

/** What this terminal may install now; good for some hours, and only as long as the rollout goes on. */
export const releaseOffer = z.object({
  version,
  /** Of the feed on this server, ending with `/`; opens nothing but this release. */
  path: z.string().regex(/^\/updates\/[\w-]+\/$/),
  /** Its signed manifest. */
  manifest: sealed,
  /** Of a box's package: what its installer is checked by. */
  box: boxPackageOffer.optional(),
});
export type ReleaseOffer = z.infer<typeof releaseOffer>;
export const releaseDownload = z.strictObject({
  ticket: z.string().regex(/^[\w-]{20,400}$/),
  name: fileName,
});
