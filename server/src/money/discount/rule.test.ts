import { describe, expect, it } from 'vitest';
import { sampleRule } from '../../testing/memory-rules.ts';
import { offeredFen, type DiscountRule, type Household } from './rule.ts';

const NOON = new Date('2026-03-10T12:00:00+08:00');
const household = (community: string, ...tags: string[]): Household => ({
  ...{ _id: 'h', community, tags },
  orgPath: ['province', '650100', community],
});
const offered = (over: Partial<DiscountRule>, init: Partial<Parameters<typeof offeredFen>[1]> = {}): number =>
  offeredFen(sampleRule(over), { household: null, faceFen: 5000, now: NOON, ...init });

describe('what a rule offers', () => {
  it('is its part of the face amount in whole jiao, rounded down, or its fixed sum', () => {
    expect(offered({})).toBe(500);
    expect(offered({}, { faceFen: 5099 })).toBe(500);
    expect(offered({ off: { kind: 'percent', percent: 7 } }, { faceFen: 1300 })).toBe(90);
    expect(offered({ off: { kind: 'percent', percent: 90 } })).toBe(4500);
    expect(offered({ off: { kind: 'fixed', fen: 700 } })).toBe(700);
  });

  it('leaves the payer ¥1 to pay, and is nothing where they pay no more than that', () => {
    const fixed = { off: { kind: 'fixed', fen: 9000 } } as const;
    expect(offered(fixed)).toBe(4900);
    expect([110, 109, 99].map((faceFen) => offered(fixed, { faceFen }))).toEqual([10, 0, 0]);
  });

  it('is nothing before its days and from their end on', () => {
    const at = (text: string): number => offered({}, { now: new Date(text) });
    expect([at('2026-02-28T15:59:59.999Z'), at('2026-02-28T16:00:00Z')]).toEqual([0, 500]);
    expect([at('2026-03-31T15:59:59.999Z'), at('2026-03-31T16:00:00Z')]).toEqual([500, 0]);
  });

  it('is nothing of a rule that is not allowed, or that is paused', () => {
    expect([offered({ status: 'proposed' }), offered({ status: 'paused' })]).toEqual([0, 0]);
  });

  it('is for households of its organisation and those below it, of which nothing may be known', () => {
    const north = { community: 'north' };
    expect(offered(north)).toBe(0);
    expect(offered(north, { household: household('south') })).toBe(0);
    expect(offered(north, { household: household('north') })).toBe(500);
    expect(offered({ community: '650100' }, { household: household('north') })).toBe(500);
    expect(offered({ community: '653100' }, { household: household('north') })).toBe(0);
    expect(offered({}, { household: household('south') })).toBe(500);
  });

  it('is for households with its tag, of which nothing may be known', () => {
    const old = { tag: 'elderly' };
    expect(offered(old)).toBe(0);
    expect(offered(old, { household: household('north', 'low-income') })).toBe(0);
    expect(offered(old, { household: household('north', 'low-income', 'elderly') })).toBe(500);
    const both = { ...old, community: 'south' };
    expect(offered(both, { household: household('north', 'elderly') })).toBe(0);
    expect(offered(both, { household: household('south', 'elderly') })).toBe(500);
  });
});
