import { seededRandom } from '@bianmin/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { isCalm, seen, type ChaosSoakRow } from './chaos.ts';
import { said, TroubleDeck, type Trouble } from './troubles.ts';

const drawn = (seed: number, count: number, clocks = true): Trouble[] => {
  const deck = new TroubleDeck(seededRandom(seed), clocks);
  return Array.from({ length: count }, () => deck.next());
};
const kinds = (troubles: readonly Trouble[]): Set<string> =>
  new Set(troubles.map(({ what, whom }) => `${whom} ${what}`));

describe('the troubles of an evening', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(drawn(5, 40)).toEqual(drawn(5, 40));
    expect(drawn(6, 40)).not.toEqual(drawn(5, 40));
  });

  it('come to every part in every way before any comes again', () => {
    const first = drawn(7, 23);
    expect(kinds(first).size).toBe(23);
    expect(kinds(drawn(8, 23))).toEqual(kinds(first));
  });

  it('move no clock where none can be moved', () => {
    expect([...kinds(drawn(7, 100, false))].filter((kind) => kind.endsWith('clock'))).toEqual([]);
    expect([...kinds(drawn(7, 100))].filter((kind) => kind.endsWith('clock'))).toHaveLength(2);
  });

  it('are told by what, whom and how long', () => {
    expect(said({ what: 'kill', whom: 'redis', ms: 1_500 })).toBe('redis: kill for 1.5 s');
    expect(said({ what: 'clock', whom: 'web', ms: 2_000, byMs: -60_000 })).toBe(
      'web: clock -60.0 s off for 2.0 s',
    );
    const trouble: Trouble = { what: 'cut', whom: 'grid', ms: 1 };
    expect(
      seen([
        { trouble, atMs: 0, tookMs: 1_000, orders: 2 },
        { trouble, atMs: 9, tookMs: 3_000, orders: 1 },
      ]),
    ).toEqual(['grid, cut: 2 times, 2.0 s each, 3 orders meanwhile']);
  });

  it('fail the run for a household that lost, one credited twice, an order that stays and a lie', () => {
    const row: ChaosSoakRow = {
      ...{ soak: 'chaos', minutes: 1, orders: 1, lost: 0, doubled: 0, stuck: 0, uncaughtFalseClaims: 0 },
      ...{ kills: 1, pauses: 1, cuts: 1, spoiltLines: 1, fullStores: 1, clockJumps: 1 },
      ...{ perMinute: 1, seconds: 1, seed: 1, engine: 'none' },
    };
    expect(isCalm(row)).toBe(true);
    for (const wrong of ['lost', 'doubled', 'stuck', 'uncaughtFalseClaims'])
      expect(isCalm({ ...row, [wrong]: 1 })).toBe(false);
  });
});
