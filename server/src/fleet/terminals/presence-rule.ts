import type { Presence } from '@bianmin/purchase/api/heartbeat';

/**
 * Beats that may be missed before a terminal is late, and before it is missing; each wait is up to 1.2 intervals
 * long.
 */
const LATE_AFTER = 2.5;
const MISSING_AFTER = 10;
/** A wait lies within this part of the interval, either way. */
const SPREAD = 0.2;

/** Between two beats of a kind, ms. */
export type BeatIntervals = Readonly<Record<'kiosk' | 'box', number>>;

export function beatIntervals(config: {
  readonly HEARTBEAT_MS: number;
  readonly BOX_HEARTBEAT_MS: number;
}): BeatIntervals {
  return { kiosk: config.HEARTBEAT_MS, box: config.BOX_HEARTBEAT_MS };
}

/** What was last heard says of a terminal now. `seenAt` and `now`: wall clock, ms; null where nothing was ever heard. */
export function presenceOf(seenAt: number | null, now: number, intervalMs: number): Presence {
  if (seenAt === null) return 'never';
  const beats = (now - seenAt) / intervalMs;
  if (beats <= LATE_AFTER) return 'online';
  return beats <= MISSING_AFTER ? 'late' : 'missing';
}

/** Until the next beat, ms. `random`: 0 to 1, another for each, or a fleet that came back at once stays in step. */
export function nextBeat(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (1 - SPREAD + 2 * SPREAD * random));
}

/** Since when one must have been heard not to be late, and not to be missing; wall clock, ms. */
export function presenceBounds(now: number, intervalMs: number): { late: number; missing: number } {
  return { late: now - LATE_AFTER * intervalMs, missing: now - MISSING_AFTER * intervalMs };
}
