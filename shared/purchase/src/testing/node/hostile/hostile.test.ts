import { describe, expect, it } from 'vitest';
import { runs, runSeed } from '@bianmin/card/testing/property-runs';
import { HOSTILITIES } from './hostilities.ts';
import { hostileVisit } from './hostile-visit.ts';

const VISITS = runs(12);
const seed = Number(process.env['FUZZ_SEED'] ?? runSeed());

describe(`hostile devices (seed ${seed})`, () => {
  it.each(HOSTILITIES)(
    '%s: typed errors in time, nothing lost, and the next visit works',
    async (_name, hostility) => {
      const found: Record<number, string[]> = {};
      for (let i = 0; i < VISITS; i++) {
        const complaints = await hostileVisit(seed + i, hostility);
        if (complaints.length > 0) found[seed + i] = [...new Set(complaints)];
      }
      expect(found).toEqual({});
    },
  );

  it.each([
    ['a card that gives more than was asked', 1543492118],
    ['a card that gives less than was asked', 1948337228],
    ['a card that gives 64 KB', 1543492118],
  ])('%s, as it was found once (seed %d)', async (wanted, found) => {
    const hostility = HOSTILITIES.find(([name]) => name === wanted)?.[1];
    expect(await hostileVisit(found, hostility ?? {})).toEqual([]);
  });
});
