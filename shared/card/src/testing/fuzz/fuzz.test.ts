import { describe, expect, it } from 'vitest';
import { processorMs } from '../node/processor-time.ts';
import { runs, runSeed } from '../property-runs.ts';
import { fuzz, type FuzzTarget } from './fuzz.ts';
import { FUZZ_TARGETS } from './targets.ts';

const INPUTS = runs(20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? runSeed());

describe(`parsers of what comes from outside (seed ${seed})`, () => {
  it.each(FUZZ_TARGETS)(
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

describe('the fuzz itself', () => {
  const target = (run: FuzzTarget['run']): FuzzTarget => ({
    parser: 'bad',
    seeds: [Uint8Array.of(1, 2, 3)],
    run,
  });
  const outcome = (run: FuzzTarget['run'], clock = processorMs) =>
    fuzz(target(run), { inputs: 200, seed: 1, now: clock });

  it('notices an error without a code', async () => {
    const { untyped, first } = await outcome((input) => {
      if (input.length > 3) throw new RangeError('beyond');
    });
    expect(untyped).toBeGreaterThan(0);
    expect(first?.what).toContain('beyond');
  });

  it('notices a parser that believes a length', async () => {
    expect((await outcome((input) => new Uint8Array((input[0] ?? 0) * 1_000))).oversized).toBeGreaterThan(0);
  });

  it('notices a hang', async () => {
    let time = 0;
    const { hangs } = await outcome(
      () => {
        time += 5_000;
      },
      () => time,
    );
    expect(hangs).toBe(200);
  });

  it('feeds the same inputs to the same seed', async () => {
    const seen: string[][] = [[], []];
    for (const list of seen) await outcome((input) => list.push(String(input)));
    expect(seen[0]).toEqual(seen[1]);
  });
});
