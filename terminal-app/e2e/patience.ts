import type { Page } from 'playwright-core';

/**
 * Against hanging alone: what is waited for comes or its maker dies long before, on a machine with eight times as much to
 * do as well. A test that means the product's own time says so with a number of its own.
 */
export const PATIENCE_MS = 240_000;
/** More than one wait may be that long before a test, or what is done before and after it, is given up. */
export const TEST_LIMIT_MS = 600_000;

/** After so long a key is pressed once more: the screen may have changed under the first press, and swallowed it. */
export const PRESS_AGAIN_MS = 3_000;

/** How often a fact is asked for until it is there. */
export const SOON = { timeout: PATIENCE_MS, interval: 100 };

/** A page, and whatever it opens, whose waits end on what they wait for. */
export function patient(page: Page): Page {
  page.context().setDefaultTimeout(PATIENCE_MS);
  return page;
}
