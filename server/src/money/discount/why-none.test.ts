import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoDiscount } from '@bianmin/purchase/api/no-discount';
import { deskWith, house } from '../../testing/discount-desk.ts';
import { KASHGAR, NORTH, SOUTH, URUMQI } from '../../testing/memory-orgs.ts';
import { sampleRule } from '../../testing/memory-rules.ts';
import type { DiscountRule } from './rule.ts';
import { whyNone } from './why-none.ts';

const NOON = new Date('2026-03-10T12:00:00+08:00');
const household = {
  ...{ _id: 'h', community: NORTH, tags: ['elderly'] },
  orgPath: ['province', URUMQI, NORTH],
};
type Purchase = Parameters<typeof whyNone>[1];
type Left = Parameters<typeof whyNone>[0][number];
const left = (over: Partial<DiscountRule> = {}, sums: Partial<Left> = {}): Left => ({
  ...{ rule: sampleRule(over), budgetLeftFen: 10_000, capLeftFen: 1000 },
  ...sums,
});
const why = (rules: readonly Left[], over: Partial<Purchase> = {}): NoDiscount | undefined =>
  whyNone(rules, { household, faceFen: 5000, now: NOON, ...over });

describe('why there is no discount', () => {
  it('is said of a rule by what of it is in the way', () => {
    const unknown = { household: null };
    expect(why([])).toBe('no-rule');
    for (const over of [{ status: 'paused' }, { status: 'proposed' }, { to: NOON }] as const) {
      expect(why([left(over)])).toBe('no-rule');
    }
    expect(why([left({ from: new Date(NOON.getTime() + 1) })])).toBe('not-begun');
    expect(why([left({ community: URUMQI })], unknown)).toBe('household-unknown');
    expect(why([left({ tag: 'elderly' })], unknown)).toBe('household-unknown');
    expect(why([left({ community: KASHGAR })])).toBe('elsewhere');
    expect(why([left({ community: URUMQI, tag: 'low-income' })])).toBe('tag-missing');
    expect(why([left()], { faceFen: 100 })).toBe('too-small');
    expect(why([left({}, { budgetLeftFen: 0 })])).toBe('budget-spent');
    expect(why([left({}, { capLeftFen: 0 })])).toBe('cap-spent');
  });

  it('is nothing where a rule gives something, whatever is in the way of others', () => {
    expect(why([left()], { household: null })).toBeUndefined();
    expect(why([left({ community: URUMQI, tag: 'elderly' })])).toBeUndefined();
    expect(why([left({ community: KASHGAR }), left(), left({}, { capLeftFen: 0 })])).toBeUndefined();
  });

  it('is that of the rule which comes nearest', () => {
    const far = [left({ from: new Date(NOON.getTime() + 1) }), left({ community: KASHGAR })];
    expect(why(far)).toBe('elsewhere');
    expect(why([...far, left({}, { budgetLeftFen: 0 }), left({ tag: 'low-income' })])).toBe('budget-spent');
  });

  it('is not made up where it cannot be looked for', async () => {
    const { desk, store, lines } = await deskWith(sampleRule({ tag: 'elderly' }));
    store.household = () => Promise.reject(new Error('The database is gone.'));
    const customerNo = '650100000017';
    expect(await desk.whyNone({ grid: 'g', customerNo, faceFen: 5000 })).toBeUndefined();
    expect(lines).toMatchObject([{ level: 50, msg: 'why there is no discount could not be looked for' }]);
    expect(JSON.stringify(lines)).not.toContain(customerNo);
  });
});

/** Rules, a household and what was taken of both before, near every edge. */
const someRule = fc.record({
  status: fc.constantFrom('active', 'active', 'active', 'paused', 'proposed'),
  community: fc.constantFrom(null, 'province', URUMQI, NORTH, SOUTH, 'typed-once'),
  tag: fc.constantFrom(null, null, 'elderly', 'low-income'),
  from: fc.constantFrom(-1, -1, 0, 1),
  to: fc.constantFrom(0, 2, 2, 2),
  off: fc.oneof(
    fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ kind: fc.constant('fixed' as const), fen: fc.integer({ min: 1, max: 900 }) }),
  ),
  capFen: fc.integer({ min: 1, max: 900 }),
  budgetFen: fc.integer({ min: 1, max: 1500 }),
});
const someHousehold = fc.option(
  fc.record({
    community: fc.constantFrom(NORTH, SOUTH, URUMQI, 'typed-once'),
    tags: fc.subarray(['elderly', 'low-income']),
  }),
);

/** What each reason says of what the desk keeps, by the rules that are in force. */
type World = Awaited<ReturnType<typeof deskWith>>;
async function isTrue(reason: NoDiscount, { store, budgets, caps, clock }: World, faceFen: number) {
  const now = new Date(clock.now());
  const known = await store.household(house());
  const inForce = [...store.rules.values()].filter(({ status, to }) => status === 'active' && to > now);
  const begun = inForce.filter(({ from }) => from <= now);
  const reach = begun.filter(({ community }) => community === null || known?.orgPath.includes(community));
  const meant = reach.filter(({ tag }) => tag === null || known?.tags.includes(tag));
  const cut = ({ off }: DiscountRule) =>
    off.kind === 'fixed' ? off.fen : Math.floor((faceFen * off.percent) / 100);
  const large = meant.filter((rule) => faceFen >= 110 && cut(rule) >= 10);
  const kept = [];
  for (const { _id } of large) if ((budgets.kept(_id)?.leftFen ?? 0) >= 10) kept.push(_id);
  switch (reason) {
    case 'no-rule':
      return inForce.length === 0;
    case 'not-begun':
      return inForce.length > 0 && begun.length === 0;
    case 'household-unknown':
      return begun.length > 0 && known === null && meant.length === 0;
    case 'elsewhere':
      return begun.length > 0 && known !== null && reach.length === 0;
    case 'tag-missing':
      return reach.length > 0 && known !== null && meant.length === 0;
    case 'too-small':
      return meant.length > 0 && large.length === 0;
    case 'budget-spent':
      return large.length > 0 && kept.length === 0;
    case 'cap-spent': {
      const left = await Promise.all(kept.map((id) => caps.get(`${id}:${house()}:2026-03`)));
      return kept.length > 0 && left.every((cap) => (cap?.leftFen ?? 10) < 10);
    }
  }
}

describe('the reason that the desk has', () => {
  it('is there exactly when it gives nothing, and true, whatever was bought before', async () => {
    const seen = new Set<NoDiscount>();
    const purchases = fc.array(fc.constantFrom(50, 100, 101, 110, 2000, 5000), {
      minLength: 4,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(someRule, { maxLength: 3 }),
        someHousehold,
        purchases,
        async (rules, of, faces) => {
          const day = (offset: number): Date => new Date(NOON.getTime() + offset * 86_400_000);
          const made = rules.map(({ from, to, ...rule }, n) =>
            sampleRule({ ...rule, _id: `rule-${n}`, from: day(from), to: day(to) }),
          );
          const world = await deskWith(...made);
          if (of !== null) await world.store.setHousehold({ _id: house(), ...of });
          for (const [n, faceFen] of faces.entries()) {
            // Others take of the budgets, too.
            const customerNo = n % 3 === 2 ? '66' : '65';
            const asked = { grid: 'g', customerNo, faceFen };
            const reason = await world.desk.whyNone(asked);
            const given = await world.reserve(`o${n}`, asked);
            expect(reason === undefined).toBe(given !== undefined);
            if (reason === undefined || customerNo === '66') continue;
            seen.add(reason);
            expect([reason, await isTrue(reason, world, faceFen)]).toEqual([reason, true]);
          }
        },
      ),
      { numRuns: 600 },
    );
    expect(seen.size).toBe(8);
  });
});
