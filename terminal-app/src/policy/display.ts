/** So long after the last touch a resident may still be reading, ms. */
export const READING_MS = 3 * 60_000;

/** Whether the display is kept from going to sleep: only while the terminal is in use. */
export function needsDisplay(moment: { readonly busy: boolean; readonly idleMs: number }): boolean {
  return moment.busy || moment.idleMs < READING_MS;
}
