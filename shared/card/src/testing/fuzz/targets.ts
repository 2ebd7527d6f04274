import { chipTargets } from './chip-targets.ts';
import { FRAMING_TARGETS } from './framing-targets.ts';
import { LAYOUT_TARGETS } from './layout-targets.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Every parser of the card layer that is fuzzed, in tests and in the soak. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [...FRAMING_TARGETS, ...chipTargets(), ...LAYOUT_TARGETS];
