import { describe, expect, it } from 'vitest';
import { seededRandom } from '@bianmin/card/testing/random';
import { isSound, type KioskSoakRow } from './kiosk.ts';
import { KioskMishaps, type KioskMishap } from './kiosk-mishaps.ts';

describe('the soak of the kiosk', () => {
  const drawn = (seed: number, restarts: boolean): KioskMishap[] => {
    const draw = new KioskMishaps(seededRandom(seed));
    return Array.from({ length: 400 }, () => draw.next(restarts).what);
  };

  it('lets the same things happen for the same seed', () => {
    expect(drawn(7, true)).toEqual(drawn(7, true));
    expect(drawn(7, true)).not.toEqual(drawn(8, true));
  });

  it('freezes host and page at each step, for as long as the campaign has room', () => {
    const draw = new KioskMishaps(seededRandom(7));
    const plans = Array.from({ length: 40 }, (_, n) => draw.freeze(n, 120_000));
    expect(new Set(plans.slice(0, 10).map(({ what, when }) => `${what} ${when}`)).size).toBe(10);
    const longest = plans.map(({ ms }) => ms).sort((a, b) => a - b);
    expect(longest[0]).toBeGreaterThanOrEqual(5_000);
    expect(longest.at(-1)).toBeLessThanOrEqual(120_000);
    expect(longest.at(-1)).toBeGreaterThan(60_000);
    expect(draw.freeze(0, 1_000).ms).toBe(5_000);
  });

  it('kills page and host at the beginning, and lets them live where memory is compared', () => {
    expect(new Set(drawn(7, true)).size).toBe(6);
    expect([...new Set(drawn(7, false))].sort()).toEqual(['none', 'pulled', 'server']);
  });

  it('fails for a household that lost, an order that stays, a screen that lied and a leak', () => {
    const row: KioskSoakRow = {
      ...{ soak: 'kiosk', purchases: 1, lost: 0, doubled: 0, unknown: 0, faults: 0, heapRatio: 1.1 },
      ...{
        pageHeapRatio: 1.1,
        hostHeapRatio: 1,
        hostUsedRatio: 1,
        hostRssMb: 1,
        early: 0,
        mishaps: '',
        perSecond: 1,
        seconds: 1,
      },
      ...{ seed: 1, engine: 'none' },
    };
    expect(isSound(row)).toBe(true);
    for (const bad of [{ lost: 1 }, { doubled: 1 }, { unknown: 1 }, { faults: 1 }, { heapRatio: 1.101 }]) {
      expect(isSound({ ...row, ...bad })).toBe(false);
    }
  });
});
