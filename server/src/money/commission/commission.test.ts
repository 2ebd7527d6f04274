import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { COMMISSION_KINDS } from '@bianmin/purchase/api/commission';
import { accruedBy, ruleOf } from '../../testing/commission-judge.ts';
import { commissionOf, earnedFen, type SaleFacts } from './commission.ts';
import { holdsOn, overlap, placeOf, type CommissionRule } from './rule.ts';

const [PREFECTURE, SHOP, OTHER] = ['650100', 'c00000000000000a1', 'c00000000000000b2'];
const PATH = ['province', PREFECTURE, SHOP];
const facts = (over: Partial<SaleFacts> = {}): SaleFacts => ({
  ...{ day: '2026-03-01', orgPath: PATH, channel: 'wechat', faceFen: 5000 },
  ...over,
});
const earned = (rules: readonly CommissionRule[], over: Partial<SaleFacts> = {}) =>
  commissionOf(facts(over), rules).map(({ rule, fen }) => [rule.id, fen]);

describe('what one order earns by a rule', () => {
  it.each([
    ['so much an order', { perOrderFen: 50, basisPoints: 0 }, 5000, 50],
    ['a part of its face value', { basisPoints: 125 }, 5000, 63],
    ['half a fen as one', { basisPoints: 1 }, 5000, 1],
    ['less than half a fen as none', { basisPoints: 1 }, 4999, 0],
    ['both', { perOrderFen: 50, basisPoints: 100 }, 5000, 100],
    ['the least', { basisPoints: 1, leastFen: 20 }, 5000, 20],
    ['the most', { basisPoints: 1000, mostFen: 300 }, 5000, 300],
  ])('%s', (_, terms, faceFen, fen) => {
    expect(earnedFen(ruleOf(terms), faceFen)).toBe(fen);
  });
});

describe('by which rule a sale earns', () => {
  it('is that of the nearest organisation, and there that of its channel', () => {
    const everywhere = ruleOf({ id: 'province', basisPoints: 10 });
    const near = ruleOf({ id: 'near', org: PREFECTURE, basisPoints: 20 });
    const own = ruleOf({ id: 'own', org: SHOP, basisPoints: 30 });
    const cash = ruleOf({ id: 'cash', org: SHOP, channel: 'cash', basisPoints: 40 });
    const nearCash = ruleOf({ id: 'near-cash', org: PREFECTURE, channel: 'cash', basisPoints: 50 });
    expect(earned([everywhere])).toEqual([['province', 5]]);
    expect(earned([everywhere, near])).toEqual([['near', 10]]);
    expect(earned([near, own, everywhere, nearCash], { channel: 'cash' })).toEqual([['own', 15]]);
    expect(earned([near, own, cash], { channel: 'cash' })).toEqual([['cash', 20]]);
    expect(earned([near, own, cash])).toEqual([['own', 15]]);
    expect(earned([cash], { channel: 'wechat' })).toEqual([]);
    expect(earned([own], { orgPath: ['province', PREFECTURE, OTHER] })).toEqual([]);
  });

  it('holds from its first day to its last', () => {
    const rule = ruleOf({ from: '2026-03-01', until: '2026-03-31' });
    const days = ['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'];
    expect(days.map((day) => earned([rule], { day }).length)).toEqual([0, 1, 1, 0]);
    expect(holdsOn({ from: '2026-03-01', until: null }, '2099-12-31')).toBe(true);
  });

  it('is none of a sale that was undone, and the province pays itself no commission', () => {
    const rules = [ruleOf({ leastFen: 10 }), ruleOf({ id: 'a', kind: 'agency', leastFen: 10 })];
    expect(earned(rules, { faceFen: 0 })).toEqual([]);
    expect(earned(rules, { orgPath: ['province'] })).toEqual([['a', 50]]);
    expect(earned(rules).map(([id]) => id)).toEqual(['a', 'r1']);
  });

  it('of one channel is not for an order that does not say how it was paid', () => {
    const { channel: _, ...unknown } = facts();
    expect(commissionOf(unknown, [ruleOf({ channel: 'cash' })])).toEqual([]);
  });
});

const DAYS = ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03'];
const CHANNELS = ['wechat', 'alipay', 'bestpay', 'cash'] as const;
const anyRule = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom(...COMMISSION_KINDS),
    org: fc.constantFrom('province', PREFECTURE, SHOP, OTHER),
    channel: fc.constantFrom(null, ...CHANNELS),
    from: fc.constantFrom(...DAYS),
    until: fc.constantFrom(null, ...DAYS),
    perOrderFen: fc.nat(300),
    basisPoints: fc.nat(500),
    leastFen: fc.nat(100),
    mostFen: fc.option(fc.integer({ min: 100, max: 1000 })),
  })
  .map((terms) => ruleOf(terms));
/** As they can be: no two of a place hold on the same day. */
const rulesApart = fc
  .array(anyRule, { maxLength: 12 })
  .map((rules) =>
    rules.filter(
      (rule, index) =>
        !rules.slice(0, index).some((other) => placeOf(other) === placeOf(rule) && overlap(other, rule)),
    ),
  );
const anySale = fc.record({
  day: fc.constantFrom(...DAYS),
  orgPath: fc.constantFrom(['province'], ['province', PREFECTURE], PATH, ['province', PREFECTURE, OTHER]),
  channel: fc.constantFrom(...CHANNELS),
  faceFen: fc.nat(100_000),
});

describe('the sales of a day', () => {
  it('earn by one rule of each kind at most, as somebody else works it out, to the fen', () => {
    fc.assert(
      fc.property(rulesApart, fc.array(anySale, { maxLength: 20 }), (rules, sales) => {
        const sums = new Map<string, number>();
        for (const sale of sales) {
          const parts = commissionOf(sale, rules);
          expect(new Set(parts.map(({ kind }) => kind)).size).toBe(parts.length);
          for (const { kind, rule, fen } of parts) {
            expect(rule.kind).toBe(kind);
            expect(fen).toBeGreaterThan(0);
            const [debit, credit] =
              kind === 'agency'
                ? ['agency:g', 'income:agency']
                : ['cost:commission', `commission:${sale.orgPath.at(-1) ?? ''}`];
            sums.set(debit, (sums.get(debit) ?? 0) + fen);
            sums.set(credit, (sums.get(credit) ?? 0) - fen);
          }
        }
        const standing = sales.filter(({ faceFen }) => faceFen > 0).map((sale) => ({ ...sale, grid: 'g' }));
        expect(sums).toEqual(accruedBy(standing, rules));
      }),
      { numRuns: runs(500) },
    );
  });

  it('are never of two rules of one place, whose days are apart', () => {
    fc.assert(
      fc.property(anyRule, anyRule, fc.constantFrom(...DAYS), (one, other, day) => {
        if (holdsOn(one, day) && holdsOn(other, day)) expect(overlap(one, other)).toBe(true);
        expect(overlap(one, other)).toBe(overlap(other, one));
        if (one.until !== null && one.until < one.from) expect(overlap(one, other)).toBe(false);
      }),
      { numRuns: runs(500) },
    );
  });
});
