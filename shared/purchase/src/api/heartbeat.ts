import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { timestamp } from './scalars.ts';

/** A stable code of ours, `area.what`; never a sentence. */
export const FAULT_CODE = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/;
const code = z.string().regex(FAULT_CODE).max(64);
const count = z.int().min(0).max(1_000_000);

/** What a terminal runs on. */
export const PLATFORMS = ['windows', 'linux', 'android'] as const;
export const platform = z.enum(PLATFORMS);
export type Platform = z.infer<typeof platform>;

/** What a terminal says about itself, again and again. Counts are of what happened since the last one that was answered. */
export const heartbeat = z.strictObject({
  version: z.string().min(1).max(32),
  /** Absent: it does not say, as older ones do not. */
  platform: platform.optional(),
  /** As their drivers call them: "ACS ACR39U". The first is the one that sells. */
  readers: z.array(z.string().min(1).max(64)).max(4),
  /** User agent of the engine that draws its pages; a kiosk's and a box's differ much. */
  engine: z.string().max(300).optional(),
  /** Room where the journal is, MB. */
  diskFreeMb: z.int().min(0).max(100_000_000).optional(),
  /** Its clock before ours, ms; negative: behind. */
  clockSkewMs: z.int().min(-1e12).max(1e12).optional(),
  /** It was told to sell nothing. Absent: it does not say, as older ones do not. */
  blocked: z.boolean().optional(),
  /** Cards that were read, by chip. */
  chips: z
    .array(z.strictObject({ chip: z.enum(CHIP_NAMES), count }))
    .max(CHIP_NAMES.length)
    .default([]),
  /** Faults by their code. */
  errors: z.array(z.strictObject({ code, count })).max(32).default([]),
});
export type Heartbeat = z.input<typeof heartbeat>;

/** In what steps clock and disk are told and kept, so that words change only with what they mean. */
export const VITALS_STEPS = { diskFreeMb: 100, clockSkewMs: 10_000 } as const;

/** To the next whole step; never to minus nought, which would be another word. */
export function toStep(value: number, step: number): number {
  return Math.round(value / step) * step || 0;
}

/** Commands that one answer carries at most. */
export const COMMANDS_AT_ONCE = 8;

export const heartbeatAnswer = z.object({
  /** How long to wait before the next, ms; spread, so that a fleet that was away does not come back at once. */
  nextMs: z.int().min(1_000),
  /** Commands that wait, each signed (`api/command.ts`); absent: none. */
  commands: z.array(z.string().max(2048)).max(COMMANDS_AT_ONCE).optional(),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;

/**
 * `late`: some were missed; `missing`: it is not counted on; `never`: none came since it was accepted; `unknown`: it was not heard since the
 * server hears again, and may be on its way back.
 */
export const PRESENCES = ['online', 'late', 'missing', 'never', 'unknown'] as const;
export const presence = z.enum(PRESENCES);
export type Presence = z.infer<typeof presence>;

/** Terminals that have version, platform, reader and place in common: a fault shows in one of them first. */
export const cohort = z.object({
  kind: z.enum(['kiosk', 'box']),
  version: z.string(),
  /** Null where they do not say. */
  platform: platform.nullable(),
  /** The reader that sells; null where there is none. */
  reader: z.string().nullable(),
  /** The prefecture; the province's own where they stand in none. */
  org: z.string(),
  terminals: z.int(),
  presence: z.object({ online: z.int(), late: z.int(), missing: z.int(), unknown: z.int() }),
  /** Of them, those that said when they were last heard that they were told to sell nothing. */
  blocked: z.int(),
  /** Counted in the last 24 hours, the most frequent first; ten at most. */
  faults: z.array(z.object({ code: z.string(), count: z.int() })),
});
export type Cohort = z.infer<typeof cohort>;
/** `asOf`: counted then; up to half a minute old. The largest share of missing and late ones first. */
export const cohorts = z.object({ asOf: timestamp, cohorts: z.array(cohort) });
