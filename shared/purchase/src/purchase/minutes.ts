/** A time in whole minutes for a person who waits, rounded up: one at least. */
export function minutesToWait(ms: number): number {
  return Math.max(1, Math.ceil(ms / 60_000));
}
