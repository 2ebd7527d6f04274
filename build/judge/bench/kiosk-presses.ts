import type { Page } from 'playwright-core';

/** What is faster than the least that Event Timing tells of, ms. */
const LEAST_MS = 16;

declare global {
  interface Window {
    /** ms from each press to the next paint, by Event Timing: the longest of its events. */
    benchPressesMs?: Map<number, number>;
  }
}

/** From now on the page keeps how long each press took. */
export async function watchPresses(page: Page): Promise<void> {
  await page.evaluate((durationThreshold) => {
    window.benchPressesMs = new Map();
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
        const { interactionId: id = 0, duration } = entry;
        // Moves of the mouse belong to no press.
        if (id === 0) continue;
        window.benchPressesMs?.set(id, Math.max(duration, window.benchPressesMs.get(id) ?? 0));
      }
    }).observe({ type: 'event', durationThreshold } as PerformanceObserverInit);
  }, LEAST_MS);
}

/** What the presses since the last call took, ms each. */
export async function pressesPainted(page: Page, pressed: number): Promise<number[]> {
  // Entries are told in an idle moment, after the paint.
  await page.waitForTimeout(200);
  const told = await page.evaluate(() => {
    const all = [...(window.benchPressesMs?.values() ?? [])];
    window.benchPressesMs?.clear();
    return all;
  });
  const quick = Array.from({ length: Math.max(0, pressed - told.length) }, () => LEAST_MS);
  return [...told, ...quick];
}
