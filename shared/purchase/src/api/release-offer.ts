import { z } from 'zod';
import { boxPackageOffer } from './box-release.ts';
import { FAULT_CODE } from './heartbeat.ts';
import { releaseKind, version, fileName, sealed } from './release.ts';
import { coSigned } from './release-root.ts';

const running = z.string().min(1).max(32);
/** A terminal asks which release is meant for it, and says how the last ones fared: the same words again change nothing. */
export const releaseAsk = z.strictObject({
  kind: releaseKind,
  /** The release that runs and is healthy. */
  version: running,
  /** Those that it gave up. */
  refused: z.array(running).max(20),
  /** The version of the root that it has; absent: it is a program of before roots, and knows one key. */
  root: z.int().min(0).max(10_000).optional(),
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
  /** Its signed manifest: as one key signed it where the terminal knows no root. */
  manifest: z.union([coSigned, sealed]),
  /** Of a box's package: what its installer is checked by. */
  box: boxPackageOffer.optional(),
});
export type ReleaseOffer = z.infer<typeof releaseOffer>;
export const releaseDownload = z.strictObject({
  ticket: z.string().regex(/^[\w-]{20,400}$/),
  name: fileName,
});
