import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { logMsIn, membersIn } from '../store-facts.ts';
import { storesStrained, type StoreFacts } from './stores.ts';

const at = { now: new Date('2026-12-01T12:00:00Z'), limits: DEFAULT_LIMITS };
const nothing: StoreFacts = { full: [], members: [], logMs: undefined };
const HOUR_MS = 3_600_000;
const judged = (facts: Partial<StoreFacts>) =>
  storesStrained({ ...nothing, ...facts }, at).map(({ subject, level, facts: told }) => ({
    ...{ subject, level, told },
  }));

describe('a store that runs short', () => {
  it('is no trouble where it says nothing, or has enough', () => {
    expect(judged({})).toEqual([]);
    expect(
      judged({
        full: [{ what: 'disk', percent: 79.9 }],
        members: [{ name: 'm1:27017', behindMs: 59_000 }],
        logMs: 24 * HOUR_MS,
      }),
    ).toEqual([]);
  });

  it('has a trouble for each of what it lacks, and a worse one where minutes are left', () => {
    expect(
      judged({
        full: [
          { what: 'disk', percent: 95.2 },
          { what: 'redis-queue', percent: 80 },
        ],
        members: [
          { name: 'm1:27017', behindMs: 61_000 },
          { name: 'm2:27017', behindMs: null },
        ],
        logMs: 5.5 * HOUR_MS,
      }),
    ).toEqual([
      { subject: 'disk', level: 3, told: { percent: 95 } },
      { subject: 'redis-queue', level: 1, told: { percent: 80 } },
      { subject: 'member', level: 1, told: { names: 'm2:27017' } },
      { subject: 'lag', level: 1, told: { minutes: 1 } },
      { subject: 'log', level: 1, told: { hours: 5 } },
    ]);
  });
});

describe('what MongoDB says of its members', () => {
  const seconds = (s: number): Date => new Date(Date.UTC(2026, 11, 1, 12, 0, s));
  const member = (name: string, state: number, optimeDate?: Date, health = 1) => ({
    ...{ name, state, health, optimeDate },
  });

  it('is how far each is behind the primary, and which cannot be reached', () => {
    const members = [
      member('m0', 1, seconds(30)),
      member('m1', 2, seconds(10)),
      // Its clock is not asked: it was told of something younger than we were.
      member('m2', 2, seconds(31)),
      member('m3', 8, undefined, 0),
      member('m4', 3, seconds(1)),
      member('arbiter', 7),
    ];
    expect(membersIn({ members })).toEqual([
      { name: 'm1', behindMs: 20_000 },
      { name: 'm2', behindMs: 0 },
      { name: 'm3', behindMs: null },
      { name: 'm4', behindMs: null },
    ]);
  });

  it('is nothing where it may not be asked', () => {
    expect(membersIn({})).toEqual([]);
    expect(logMsIn({})).toBeUndefined();
  });

  it('is how far back its log reaches, once it does not reach back to the beginning', () => {
    const log = (hours: number, uptimeMillis: number) => ({
      oplog: {
        earliestOptime: new mongo.Timestamp({ t: 1_000_000, i: 1 }),
        latestOptime: new mongo.Timestamp({ t: 1_000_000 + hours * 3_600, i: 1 }),
      },
      uptimeMillis,
    });
    expect(logMsIn(log(10, 100 * HOUR_MS))).toBe(10 * HOUR_MS);
    expect(logMsIn(log(10, 10 * HOUR_MS))).toBeUndefined();
  });
});
