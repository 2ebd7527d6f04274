import { describe, expect, it } from 'vitest';
import { systemClock } from '../node/system-clock.ts';
import { benchApdus } from './sim-reader-bench.ts';

describe('the bench of APDUs', () => {
  it.each(['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const)(
    'measures by the clock given: %s',
    async (level) => {
      let now = 0n;
      // Each look at the clock is 2 µs after the last.
      const hrtime = (): bigint => (now += 2_000n);
      for (const protocol of ['T0', 'T1'] as const) {
        const result = await benchApdus({ clock: systemClock, level, protocol, apdus: 20, hrtime });
        expect(result).toEqual({ p50: 2, p95: 2, max: 2 });
      }
    },
  );
});
