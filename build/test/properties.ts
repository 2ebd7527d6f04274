import process from 'node:process';
import fc from 'fast-check';

/** So that a property is tried with the same examples in every run: what passes here passes there. */
const SEED = 20_261_126;
/** Examples of a property that names no number of its own; those that do are scaled by `runs()` in the same measure. */
const FEW = 25;
const MANY = 100;

// `PROPERTY_SEED=random` looks for new counterexamples, which print their own seed; a number repeats one.
// `PROPERTY_RUNS=many` is what CI does: four times as many examples as `npm test`. A number is a percentage of that.
const { PROPERTY_SEED: seed = String(SEED), PROPERTY_RUNS: examples = String(FEW) } = process.env;
const numRuns = examples === 'many' ? MANY : Number(examples);
if (!(numRuns >= 1)) throw new Error(`PROPERTY_RUNS is "many" or a percentage of it, not "${examples}".`);
fc.configureGlobal({ numRuns, seed: seed === 'random' ? Date.now() % 0x7fff_ffff : Number(seed) });
