import { seededRandom } from '@bianmin/card/testing/random';
import { describe, expect, it } from 'vitest';
import { putOffMs, seen } from './happenings.ts';
import { faultsOf, missedGoals, type ChaosSoakRow } from './row.ts';
import { said, TroubleDeck, type Trouble, type World } from './troubles.ts';

const ALL: World = {
  nodes: 2,
  clocks: true,
  disk: true,
  sentinels: false,
  aheadMs: 60_000,
  frozenMs: 120_000,
};
const drawn = (seed: number, count: number, world = ALL): Trouble[] => {
  const deck = new TroubleDeck(seededRandom(seed), world);
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
    const first = drawn(7, 62);
    expect(kinds(first).size).toBe(62);
    expect(kinds(drawn(8, 62))).toEqual(kinds(first));
    expect(kinds(drawn(7, 34, { ...ALL, nodes: 1 })).size).toBe(34);
  });

  it('come to nothing of a second node where there is one, nor to its ways', () => {
    const of = (nodes: 1 | 2): string[] => [...kinds(drawn(7, 200, { ...ALL, nodes }))];
    expect(of(1).filter((kind) => /-2 |^cache|^nginx|^haproxy/.test(kind))).toEqual([]);
    expect(of(2)).toEqual(
      expect.arrayContaining([
        'web-2 kill',
        'worker-2 restart',
        'database-2 cut',
        'nginx pause',
        'haproxy kill',
        'grid kill',
      ]),
    );
  });

  it('move no clock where none can be moved, and fill no disk where there is none to fill', () => {
    const ending = (what: string, world = ALL): string[] =>
      [...kinds(drawn(7, 200, world))].filter((kind) => kind.endsWith(what));
    expect(ending('clock', { ...ALL, clocks: false })).toEqual([]);
    expect(ending('clock')).toHaveLength(4);
    expect(ending('full', { ...ALL, disk: false }).sort()).toEqual(['cache full', 'redis full']);
    expect(ending('full')).toContain('database full');
  });

  it('let no clock go further ahead than the evening can wait for', () => {
    const jumps = drawn(7, 2_000).flatMap((trouble) => (trouble.what === 'clock' ? [trouble.byMs] : []));
    expect(Math.max(...jumps)).toBeLessThan(65_000);
    expect(Math.min(...jumps)).toBeLessThan(-300_000);
  });

  it('freeze every part, for five seconds to two minutes, the longest rarely', () => {
    const frozen = drawn(7, 4_000).filter(({ what }) => what === 'freeze');
    expect(kinds(frozen).size).toBe(11);
    const times = frozen.map(({ ms }) => ms);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(120_000);
    expect(Math.max(...times)).toBeGreaterThan(100_000);
    const share = (atLeast: number): number => times.filter((ms) => ms >= atLeast).length / times.length;
    expect(share(60_000)).toBeGreaterThan(0.15);
    expect(share(60_000)).toBeLessThan(0.3);
    const short = drawn(7, 1_000, { ...ALL, frozenMs: 10_000 }).filter(({ what }) => what === 'freeze');
    expect(Math.max(...short.map(({ ms }) => ms))).toBeLessThanOrEqual(10_000);
  });

  it('freeze the primary of sentinels in the place of the one Redis, to which no line leads then', () => {
    const watched = [...kinds(drawn(7, 200, { ...ALL, sentinels: true }))];
    expect(watched.filter((kind) => /^(redis|primary)/.test(kind))).toEqual(['primary freeze']);
    expect(watched.filter((kind) => kind.startsWith('cache')).length).toBe(6);
  });

  it('are those alone that were asked for by name', () => {
    expect(kinds(drawn(7, 3, { ...ALL, only: 'database freeze' }))).toEqual(new Set(['database freeze']));
    expect(kinds(drawn(7, 100, { ...ALL, only: 'freeze' })).size).toBe(11);
    expect(() => drawn(7, 1, { ...ALL, only: 'moon' })).toThrow('no such trouble');
  });

  it('are told by what, whom and how long', () => {
    expect(said({ what: 'kill', whom: 'redis', ms: 1_500 })).toBe('redis: kill for 1.5 s');
    expect(said({ what: 'clock', whom: 'web', ms: 2_000, byMs: -60_000 })).toBe(
      'web: clock -60.0 s off for 2.0 s',
    );
    expect(said({ what: 'restart', whom: 'web-2', ms: 0 })).toBe('web-2: restart');
    const trouble: Trouble = { what: 'cut', whom: 'grid', ms: 1 };
    expect(
      seen([
        { trouble, atMs: 0, tookMs: 1_000, orders: 2 },
        { trouble, atMs: 9, tookMs: 3_000, orders: 1 },
      ]),
    ).toEqual(['grid, cut: 2 times, 2.0 s each, 3 orders meanwhile']);
  });

  it('put off what was done under a clock that was ahead, and by one that was behind nothing', () => {
    const clock = (byMs: number): Trouble => ({ what: 'clock', whom: 'worker', ms: 2_000, byMs });
    const ahead = { trouble: clock(300_000), atMs: 10_000, tookMs: 2_000, orders: 0 };
    expect(putOffMs([ahead], 60_000)).toBe(110_000);
    expect(putOffMs([ahead], 252_000)).toBe(60_000);
    expect(putOffMs([ahead], 400_000)).toBe(0);
    expect(putOffMs([{ ...ahead, trouble: clock(-300_000) }], 60_000)).toBe(0);
    // However far ahead it was: by then a worker has found what it put off.
    expect(putOffMs([{ ...ahead, trouble: clock(3_600_000) }], 60_000)).toBe(110_000);
  });

  it('fail the run for a household that lost, one credited twice, an order that stays and a lie', () => {
    for (const wrong of ['lost', 'doubled', 'wrongMeter', 'stuck', 'uncaughtFalseClaims'])
      expect(faultsOf({ ...CALM, [wrong]: 1 })).toEqual([`${wrong}: 1, not 0`]);
  });

  it('fail it for a late request and for selling that does not come back', () => {
    const WHOLE = { ...CALM, minutes: 60 };
    expect(faultsOf(CALM)).toEqual([]);
    expect(faultsOf({ ...CALM, maxBackMs: 5_001 })).toEqual([]);
    expect(missedGoals({ maxBackMs: 5_001 })).toHaveLength(1);
    expect(faultsOf({ ...CALM, maxBackMs: 5_000, maxOverDeadlineMs: 250 })).toEqual([]);
    expect(faultsOf({ ...WHOLE, maxBackMs: 5_001 })).toHaveLength(1);
    expect(faultsOf({ ...WHOLE, maxBackMs: 5_001, usualSaleMs: 2_500 })).toHaveLength(1);
    expect(faultsOf({ ...WHOLE, maxBackMs: 5_001, usualSaleMs: 2_501 })).toEqual([]);
    expect(faultsOf({ ...CALM, overdue: 2, maxOverDeadlineMs: 700 })).toEqual([
      '2 requests were more than 250 ms late',
    ]);
  });
});

const CALM: ChaosSoakRow = {
  ...{ soak: 'chaos', minutes: 1, nodes: 2, orders: 1, requests: 9 },
  ...{ lost: 0, doubled: 0, wrongMeter: 0, stuck: 0, uncaughtFalseClaims: 0 },
  ...{ kills: 1, restarts: 1, pauses: 1, freezes: 1, cuts: 1, spoiltLines: 1 },
  ...{ fullStores: 1, fullDisks: 1, clockJumps: 1 },
  ...{ maxOverDeadlineMs: 0, judgeLagMs: 0, overdue: 0, maxBackMs: 0, usualSaleMs: 0 },
  ...{ perMinute: 1, seconds: 1, seed: 1, engine: 'none' },
};
