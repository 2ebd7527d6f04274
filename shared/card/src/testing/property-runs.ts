import fc from 'fast-check';

/** fast-check's own number of examples, and what the numbers in tests are written for. */
const MANY = 100;

/**
 * How many examples to try where `many` is the number worth having. `npm test` tries a part of them, CI all:
 * `build/test/properties.ts` decides by `PROPERTY_RUNS`.
 */
export function runs(many: number): number {
  const { numRuns = MANY } = fc.readConfigureGlobal();
  return Math.max(1, Math.round((many * numRuns) / MANY));
}

/** The seed of this run, for what draws its examples without fast-check; it stands in the titles of such tests. */
export function runSeed(): number {
  return fc.readConfigureGlobal().seed ?? 1;
}
