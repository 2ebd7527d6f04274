import { z } from 'zod';
import { platform } from './heartbeat.ts';
import { orgId } from './org.ts';
import { terminalId, timestamp, words } from './scalars.ts';
import { releaseKind, releaseId } from './release.ts';

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
