import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeCounts } from '@bianmin/purchase/api/rollout';
import { badOf, decide, type Judged } from './decide.ts';

const NONE: OutcomeCounts = { offered: 0, taken: 0, installed: 0, failed: 0, 'fell-back': 0, missing: 0 };
const HOUR = 3_600_000;
const RULES: Judged = {
  stages: [
    { permille: 10, soakS: 3600, successPermille: 900, next: 'itself' },
    { permille: 250, soakS: 3600, successPermille: 900, next: 'approval' },
    { permille: 1000, soakS: 3600, successPermille: 900, next: 'itself' },
  ],
  ...{
    stage: 0,
    stageSince: 0,
    errorPermille: 50,
    leastBad: 2,
    faultFactor: 3,
    onErrors: 'stop',
    forgiven: 0,
  },
};

describe('a rollout', () => {
  it('goes on by itself once its time is over and enough run the release', () => {
    const counts = { ...NONE, offered: 1, installed: 9 };
    expect(decide(RULES, counts, { now: HOUR - 1 })).toEqual({ is: 'wait' });
    expect(decide(RULES, counts, { now: HOUR })).toEqual({ is: 'advance', stage: 1 });
    expect(decide(RULES, { ...counts, offered: 2 }, { now: HOUR })).toEqual({ is: 'wait' });
    expect(decide({ ...RULES, stage: 1 }, counts, { now: HOUR })).toEqual({ is: 'ask' });
    expect(decide({ ...RULES, stage: 2 }, counts, { now: HOUR })).toEqual({ is: 'done' });
    // No terminal took it: nothing is proven.
    expect(decide(RULES, NONE, { now: 100 * HOUR })).toEqual({ is: 'wait' });
  });

  it('ends where one in twenty of those who took it fared badly, whatever it was, and not before there are enough', () => {
    for (const how of ['failed', 'fell-back', 'missing'] as const) {
      expect(decide(RULES, { ...NONE, installed: 38, [how]: 2 }, { now: 0 })).toEqual({
        is: 'stop',
        cause: 'errors',
      });
      expect(decide(RULES, { ...NONE, installed: 39, [how]: 2 }, { now: 0 })).toEqual({ is: 'wait' });
      expect(decide(RULES, { ...NONE, [how]: 1 }, { now: 0 })).toEqual({ is: 'wait' });
    }
    const paused = decide({ ...RULES, onErrors: 'pause' }, { ...NONE, failed: 2 }, { now: 0 });
    expect(paused).toEqual({ is: 'pause', cause: 'errors' });
  });

  it('does not end again by those that two persons have seen', () => {
    const counts = { ...NONE, installed: 10, failed: 3 };
    expect(decide({ ...RULES, forgiven: 3 }, counts, { now: 0 })).toEqual({ is: 'wait' });
    expect(decide({ ...RULES, forgiven: 3 }, { ...counts, failed: 5 }, { now: 0 })).toMatchObject({
      is: 'stop',
    });
  });

  it('ends where a terminal has many times the faults of one with another version', () => {
    const before = { terminals: 1000, faults: 100 };
    const of = (faults: number) => ({ now: 0, faults: { now: { terminals: 40, faults }, before } });
    const counts = { ...NONE, installed: 40 };
    expect(decide(RULES, counts, of(12))).toEqual({ is: 'stop', cause: 'faults' });
    // Few faults say nothing, though they are many for so few terminals.
    expect(decide(RULES, counts, of(9))).toEqual({ is: 'wait' });
    expect(decide({ ...RULES, faultFactor: 0 }, counts, of(1000))).toEqual({ is: 'wait' });
  });

  const counts = fc.record({
    ...{ offered: fc.nat(500), taken: fc.nat(500), installed: fc.nat(500) },
    ...{ failed: fc.nat(60), 'fell-back': fc.nat(60), missing: fc.nat(60) },
  });
  const rules = fc
    .record({
      stage: fc.nat(2),
      errorPermille: fc.integer({ min: 1, max: 1000 }),
      leastBad: fc.integer({ min: 1, max: 20 }),
      forgiven: fc.nat(40),
      onErrors: fc.constantFrom('pause' as const, 'stop' as const),
    })
    .map((of) => ({ ...RULES, ...of }));
  const now = fc.nat(3 * HOUR);

  it('never goes on with too many that fared badly, and reaches one step more at most', () => {
    fc.assert(
      fc.property(rules, counts, now, (of, found, at) => {
        const bad = Math.max(0, badOf(found) - of.forgiven);
        const took = found.taken + found.installed + badOf(found);
        const tooMany = bad >= of.leastBad && bad * 1000 >= of.errorPermille * took;
        const is = decide(of, found, { now: at });
        expect(is.is === of.onErrors).toBe(tooMany);
        if (is.is === 'advance') expect(is.stage).toBe(of.stage + 1);
        if (is.is === 'done') expect(of.stage).toBe(2);
        if (is.is === 'advance' || is.is === 'done' || is.is === 'ask') {
          expect(found.installed).toBeGreaterThan(0);
          expect(at).toBeGreaterThanOrEqual(HOUR);
        }
      }),
    );
  });

  it('is not let go on by more that fare badly', () => {
    fc.assert(
      fc.property(
        rules,
        counts,
        now,
        fc.constantFrom('failed', 'fell-back', 'missing'),
        (of, found, at, how) => {
          const [first, second] = [found, { ...found, [how]: found[how] + 1 }].map((each) =>
            decide(of, each, { now: at }),
          );
          if (first?.is === of.onErrors) expect(second?.is).toBe(of.onErrors);
        },
      ),
    );
  });
});
