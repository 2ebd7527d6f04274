import type { Presence } from '@bianmin/purchase/api/heartbeat';

/**
 * Beats that may be missed before a terminal is late, and before it is missing; each wait is up to 1.2 intervals
 * long.
 */
const LATE_AFTER = 2.5;
const MISSING_AFTER = 10;
/** Who was away for longer than this many times the wait after which it is late was missing. */
export const LATE_TO_MISSING = MISSING_AFTER / LATE_AFTER;
/** A wait lies within this part of the interval, either way. */
const SPREAD = 0.2;

/** How old "last heard" in MongoDB may grow. */
export const SEEN_EVERY_MS = 600_000;
/**
 * After we were away the last of a fleet is back by then, ms: it waits up to five minutes between tries, a busy server tells it up to
 * five more, and as much again is room.
 */
export const RETURN_MS = 900_000;

/** For how long beats could be heard. */
export interface Hearing {
  /** Without a gap since then; now, where nobody can be heard; wall clock, ms. */
  readonly since: number;
  /** Up to then the whole fleet could be heard, before the gap; null: not known. */
  readonly before: number | null;
  /** The board has everybody. */
  readonly whole: boolean;
}

/** From when on one must have been heard to be this; who was heard earlier is missing. Wall clock, ms. */
export interface PresenceBounds {
  readonly online: number;
  readonly late: number;
  readonly unknown: number;
}

/** Between two beats of a kind, ms. */
export type BeatIntervals = Readonly<Record<'kiosk' | 'box', number>>;

export function beatIntervals(config: {
  readonly HEARTBEAT_MS: number;
  readonly BOX_HEARTBEAT_MS: number;
}): BeatIntervals {
  return { kiosk: config.HEARTBEAT_MS, box: config.BOX_HEARTBEAT_MS };
}

/** Without a beat for longer, ms, a terminal is late. */
export function lateAfter(intervalMs: number): number {
  return LATE_AFTER * intervalMs;
}

/**
 * Silence counts only while we could hear: until the fleet had time to come back, who was not heard since is not known, and missing only
 * who was so before.
 */
export function presenceBounds(now: number, intervalMs: number, hearing: Hearing): PresenceBounds {
  const online = now - lateAfter(intervalMs);
  const missingMs = MISSING_AFTER * intervalMs;
  if (now - hearing.since >= Math.max(missingMs, RETURN_MS)) {
    return { online, late: now - missingMs, unknown: now - missingMs };
  }
  const { since, before } = hearing;
  return {
    online,
    late: Math.min(online, since),
    unknown: before === null ? -Infinity : before - missingMs - SEEN_EVERY_MS,
  };
}

/** What was last heard says of a terminal now. `seenAt`: wall clock, ms; null where nothing was ever heard. */
export function presenceOf(seenAt: number | null, bounds: PresenceBounds): Presence {
  if (seenAt === null) return 'never';
  if (seenAt >= bounds.online) return 'online';
  if (seenAt >= bounds.late) return 'late';
  return seenAt >= bounds.unknown ? 'unknown' : 'missing';
}

/** How much of the time since a terminal was last heard we could hear, ms; nothing of it ever: since we can. */
export function silenceOf(seenAt: number | null, now: number, { since, before }: Hearing): number {
  if (seenAt === null) return now - since;
  if (seenAt >= since) return now - seenAt;
  return now - since + Math.max(0, (before ?? seenAt) - seenAt);
}

/** Until the next beat, ms. `random`: 0 to 1, another for each, or a fleet that came back at once stays in step. */
export function nextBeat(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (1 - SPREAD + 2 * SPREAD * random));
}
