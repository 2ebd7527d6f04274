/** Crashes that lie further back are forgotten, ms. */
export const CRASH_WINDOW_MS = 10 * 60_000;
/** How long to wait before the first, second, … reload within the window, ms. */
export const RELOAD_AFTER_MS = [500, 2_000, 5_000, 15_000] as const;

export type AfterCrash =
  | { readonly action: 'reload'; readonly afterMs: number }
  /** Reloading does not help: the program starts again, drawing without the graphics card. */
  | { readonly action: 'restart' };

/** What is done about a page that is gone. `crashes`: when, this one included, on the same clock as `now`, ms. */
export function afterCrash(crashes: readonly number[], now: number): AfterCrash {
  const recent = recentCrashes(crashes, now).length;
  const afterMs = RELOAD_AFTER_MS[Math.max(recent, 1) - 1];
  return afterMs === undefined ? { action: 'restart' } : { action: 'reload', afterMs };
}

/** Those that still count. */
export function recentCrashes(crashes: readonly number[], now: number): number[] {
  return crashes.filter((at) => now - at < CRASH_WINDOW_MS);
}

/** The page loads from the disk; after so long without a first picture it will not come, ms. */
export const FIRST_PAINT_MS = 30_000;
/** The page says that it painted every five seconds; so long a silence is a hung page, ms. */
export const SILENT_MS = 20_000;
/** Chromium says that a page does not take input; it is given so long to come to itself, ms. */
export const UNRESPONSIVE_MS = 10_000;

/** What is known of a page, on one monotonic clock, ms. */
export interface PageFacts {
  readonly loadedAt: number;
  /** When it last said that it painted; null before the first time. */
  readonly paintedAt: number | null;
  /** Since when Chromium calls it unresponsive; null while it does not. */
  readonly unresponsiveAt: number | null;
}

/** Whether a page must be ended, since it will not show anything new by itself. */
export function isHung({ loadedAt, paintedAt, unresponsiveAt }: PageFacts, now: number): boolean {
  if (unresponsiveAt !== null && now - unresponsiveAt >= UNRESPONSIVE_MS) return true;
  return paintedAt === null ? now - loadedAt >= FIRST_PAINT_MS : now - paintedAt >= SILENT_MS;
}

/** Longer than every reload with its wait and first picture: who has painted nothing for so long is stuck, ms. */
export const STUCK_MS = 90_000;

/** Whether the supervisor may be told that the kiosk is alive: its page has painted, or may still be coming back. */
export function isAlive(moment: {
  readonly startedAt: number;
  readonly paintedAt: number | null;
  readonly now: number;
}) {
  return moment.now - (moment.paintedAt ?? moment.startedAt) < STUCK_MS;
}
