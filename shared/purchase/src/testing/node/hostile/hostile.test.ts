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
});
