import { z } from 'zod';

/** What is remembered of the graphics card over restarts. */
export const graphicsRecord = z.strictObject({
  /** The release that had the faults: another one may draw otherwise. */
  version: z.string(),
  /** When the GPU process died or the page crashed in a loop, wall clock, ms. */
  faults: z.array(z.number()),
});
export type GraphicsRecord = z.infer<typeof graphicsRecord>;

/** Two faults so close are the card's or its driver's, ms. */
export const FAULTS_TOGETHER_MS = 10 * 60_000;
/** After so long the card is tried again, ms. */
export const SOFTWARE_FOR_MS = 7 * 24 * 3_600_000;
const KEEP = 10;

/** The record with one more fault. A page that crashed in a loop counts as two: no second loop is needed. */
export function withFault(
  record: GraphicsRecord | undefined,
  fault: { readonly version: string; readonly now: number; readonly weight: 1 | 2 },
): GraphicsRecord {
  const before = record?.version === fault.version ? record.faults : [];
  const added = Array<number>(fault.weight).fill(fault.now);
  return { version: fault.version, faults: [...before, ...added].slice(-KEEP) };
}

/**
 * Whether this start draws without the graphics card. Chromium ends the whole program when its GPU process dies too
 * often, so this is decided from a file when the program starts, and not only while it runs.
 */
export function drawsInSoftware(
  record: GraphicsRecord | undefined,
  start: { readonly version: string; readonly now: number },
): boolean {
  if (record?.version !== start.version) return false;
  // A clock that was set back must not make a fault be forgotten at once, nor remembered for years.
  const recent = record.faults.filter((at) => Math.abs(start.now - at) < SOFTWARE_FOR_MS);
  return recent.some((at, index) => {
    const before = recent[index - 1];
    return before !== undefined && Math.abs(at - before) < FAULTS_TOGETHER_MS;
  });
}
