import { describe, expect, it } from 'vitest';
import { fuzz } from '@bianmin/card/testing/fuzz/fuzz';
import { processorMs } from '@bianmin/card/testing/node/processor-time';
import { runs, runSeed } from '@bianmin/card/testing/property-runs';
import { BRIDGE_TARGETS } from './bridge-targets.ts';

const INPUTS = runs(20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? runSeed());

describe(`parsers of what the box's shell says (seed ${seed})`, () => {
  it.each(BRIDGE_TARGETS)(
    '$parser: a result or a typed error, soon, and no more than was stated',
    async (target) => {
      expect(await fuzz(target, { inputs: INPUTS, seed, now: processorMs })).toEqual({
        parser: target.parser,
        inputs: INPUTS,
        untyped: 0,
        hangs: 0,
        oversized: 0,
        seed,
      });
    },
  );
});
