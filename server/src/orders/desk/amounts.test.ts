import { describe, expect, it } from 'vitest';
import { isOffered, limitsOf } from './amounts.ts';

describe('the amounts that a screen offers', () => {
  it.each([
    ['of any meter', { minFen: 100, maxFen: 200_000 }, [5000, 10_000, 20_000]],
    ['above what is owed', { minFen: 5_120, maxFen: 200_000 }, [10_000, 20_000]],
    ['below the room of a meter', { minFen: 100, maxFen: 10_000 }, [5000, 10_000]],
    [
      'of a meter that is nearly full: all that it takes, in whole yuan',
      { minFen: 100, maxFen: 2_077 },
      [2000],
    ],
    ['where more is owed than any of them: none', { minFen: 30_000, maxFen: 200_000 }, []],
    ['of a full meter: none', { minFen: 100, maxFen: 99 }, []],
  ])('%s', (_, allowed, presetsFen) => {
    const limits = limitsOf(allowed);
    expect(limits.presetsFen).toEqual(presetsFen);
    for (const fen of presetsFen) expect(isOffered(allowed, fen)).toBe(true);
  });

  it('are whole yuan between both ends', () => {
    expect(limitsOf({ minFen: 101, maxFen: 2_077 })).toMatchObject({
      minFen: 200,
      maxFen: 2000,
      stepFen: 100,
    });
    expect(
      [100, 200, 250, 2000, 2100].filter((fen) => isOffered({ minFen: 101, maxFen: 2_077 }, fen)),
    ).toEqual([200, 2000]);
  });
});
