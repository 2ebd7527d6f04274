import type { FuzzTarget } from '@bianmin/card/testing/fuzz/fuzz';
import { HOSTILITIES } from './hostilities.ts';
import { hostileVisit } from './hostile-visit.ts';

/** A visit is some sixty messages each way: so many inputs of a parser take as long as one. */
const INPUTS_A_VISIT = 500;

/** Hostile devices for the fuzz: an input is the seed of a visit, and what was not as it must be is its error. */
export const HOSTILE_TARGETS: readonly FuzzTarget[] = HOSTILITIES.map(([parser, hostility]) => ({
  parser,
  inputsEach: INPUTS_A_VISIT,
  seeds: [Uint8Array.of(1, 2, 3, 4)],
  run: async (input) => {
    const complaints = await hostileVisit(seedOf(input), hostility);
    if (complaints.length > 0)
      throw new Error(`seed ${seedOf(input)}: ${[...new Set(complaints)].join('; ')}`);
  },
}));

function seedOf(input: Uint8Array): number {
  return input.reduce((seed, byte) => (Math.imul(seed, 31) + byte) >>> 0, 7);
}
