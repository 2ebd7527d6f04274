import { z } from 'zod';

/** What is remembered of releases over restarts: `update-state.json`. Times are wall clock, ms. */
export const updateState = z.strictObject({
  /** The release that started last. */
  version: z.string(),
  startedAt: z.number(),
  /** When it first showed itself healthy; null while it is on trial. */
  healthyAt: z.number().nullable(),
  /** How often it started without becoming healthy, the last start included. */
  starts: z.int().min(0),
  /** The last release that was healthy. */
  good: z.string().nullable(),
  /** Releases that were given up; they are not taken again. A mended one has a higher number. */
  refused: z.array(z.string()),
});
export type UpdateState = z.infer<typeof updateState>;

/** A release that has not become healthy in so long a run is given up, ms. */
export const HEALTHY_WITHIN_MS = 5 * 60_000;
/** Healthy is a page that paints so long after the start, ms: a page that crashes in a loop has been given up by then. */
export const HEALTHY_AFTER_MS = 60_000;
/** A release that ended so often without becoming healthy is given up. */
export const FAILED_STARTS = 2;
const REFUSED_KEPT = 20;

/** The state after a start. A release that was healthy once stays good, whatever happens later. */
export function onStart(
  state: UpdateState | undefined,
  start: { readonly version: string; readonly now: number },
): UpdateState {
  const { version, now } = start;
  if (state === undefined) {
    return { version, startedAt: now, healthyAt: null, starts: 1, good: null, refused: [] };
  }
  if (state.version === version) {
    return { ...state, startedAt: now, starts: state.healthyAt === null ? state.starts + 1 : 1 };
  }
  const good = state.healthyAt === null ? state.good : state.version;
  // Installed by hand, it is wanted.
  const refused = state.refused.filter((other) => other !== version);
  return { version, startedAt: now, healthyAt: null, starts: 1, good, refused };
}

export function onHealthy(state: UpdateState, now: number): UpdateState {
  return { ...state, healthyAt: state.healthyAt ?? now, starts: 0, good: state.version };
}

/** The release to go back to when `state` has just started or has run for `runMs`; undefined: go on. */
export function fallBackTo(state: UpdateState, runMs: number): string | undefined {
  if (state.healthyAt !== null || state.good === null || state.good === state.version) return undefined;
  const failed = state.starts > FAILED_STARTS || runMs >= HEALTHY_WITHIN_MS;
  return failed ? state.good : undefined;
}

/** The state with its release given up. */
export function onRefused(state: UpdateState): UpdateState {
  return { ...state, refused: [...new Set([...state.refused, state.version])].slice(-REFUSED_KEPT) };
}

/** Whether a release that the feed offers is taken. */
export function mayTake(state: UpdateState | undefined, version: string): boolean {
  return !(state?.refused.includes(version) ?? false);
}
