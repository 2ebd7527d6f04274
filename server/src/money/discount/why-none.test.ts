import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { NoDiscount } from '@bianmin/purchase/api/no-discount';
import { NO, deskWith, house } from '../../testing/discount-desk.ts';
import { KASHGAR, NORTH, SOUTH, URUMQI } from '../../testing/memory-orgs.ts';
import { sampleRule } from '../../testing/memory-rules.ts';
import { capIdOf } from './cap-store.ts';
import type { DiscountRule, KnownHousehold } from './rule.ts';

const NOON = new Date('2026-03-10T12:00:00+08:00');
const household = { _id: house(), community: NORTH, tags: ['elderly'] };
/** A discount, and what others have left of its budget and of the household's cap, fen. */
interface Left {
  readonly rule: DiscountRule;
  readonly budgetLeftFen: number;
  readonly capLeftFen: number;
}
const left = (over: Partial<DiscountRule> = {}, sums: Partial<Left> = {}): Left => ({
  ...{ rule: sampleRule(over), budgetLeftFen: 10_000, capLeftFen: 1000 },
  ...sums,
});

/** What the desk says of a purchase of ¥50, or of another, by a household that it knows so. */
async function why(
  lefts: readonly Left[],
  over: { household?: KnownHousehold | null; faceFen?: number } = {},
): Promise<NoDiscount | undefined> {
  const these = lefts.map((each, n) => ({ ...each, rule: { ...each.rule, _id: `rule-${n}` } }));
  const { ask, store, budgets, caps } = await deskWith(...these.map(({ rule }) => rule));
  const { household: known = household, ...asked } = over;
  if (known !== null) await store.setHousehold(known);
  for (const { rule, budgetLeftFen, capLeftFen } of these) {
    const taken = { orderNo: 'o9', at: NOON };
    const capId = capIdOf(rule, house(), NOON);
    const fen = { budget: rule.budgetFen - budgetLeftFen, cap: rule.capFen - capLeftFen };
    if (fen.budget > 0) await budgets.reserve(rule._id, { ...taken, _id: rule._id, capId, fen: fen.budget });
    await caps.make(capId, rule.capFen);
    if (fen.cap > 0) await caps.reserve(capId, { ...taken, fen: fen.cap });
  }
  return (await ask(undefined, asked)).why;
}

describe('why there is no discount', () => {
  it('is said of a rule by what of it is in the way', async () => {
    const unknown = { household: null };
    expect(await why([])).toBe('no-rule');
    for (const over of [{ status: 'paused' }, { status: 'proposed' }, { to: NOON }] as const) {
      expect(await why([left(over)])).toBe('no-rule');
    }
    expect(await why([left({ from: new Date(NOON.getTime() + 1) })])).toBe('not-begun');
    expect(await why([left({ community: URUMQI })], unknown)).toBe('household-unknown');
    expect(await why([left({ tag: 'elderly' })], unknown)).toBe('household-unknown');
    expect(await why([left({ community: KASHGAR })])).toBe('elsewhere');
    expect(await why([left({ community: URUMQI, tag: 'low-income' })])).toBe('tag-missing');
    expect(await why([left()], { faceFen: 100 })).toBe('too-small');
    expect(await why([left({}, { budgetLeftFen: 0 })])).toBe('budget-spent');
    expect(await why([left({}, { capLeftFen: 0 })])).toBe('cap-spent');
  });

  it('is nothing where a rule gives something, whatever is in the way of others', async () => {
    expect(await why([left()], { household: null })).toBeUndefined();
    expect(await why([left({ community: URUMQI, tag: 'elderly' })])).toBeUndefined();
    expect(await why([left({ community: KASHGAR }), left(), left({}, { capLeftFen: 0 })])).toBeUndefined();
  });

  it('is that of the rule which comes nearest', async () => {
    const far = [left({ from: new Date(NOON.getTime() + 1) }), left({ community: KASHGAR })];
    expect(await why(far)).toBe('elsewhere');
    expect(await why([...far, left({}, { budgetLeftFen: 0 }), left({ tag: 'low-income' })])).toBe(
      'budget-spent',
    );
  });

  it('is not made up where it cannot be looked for', async () => {
    const { ask, store, lines } = await deskWith(sampleRule({ tag: 'elderly' }));
    store.household = () => Promise.reject(new Error('The database is gone.'));
    const customerNo = '650100000017';
    expect(await ask(NO, { customerNo })).toEqual({});
    expect(lines).toMatchObject([{ level: 50, orderNo: NO, msg: 'no discount could be looked for' }]);
    expect(JSON.stringify(lines)).not.toContain(customerNo);
  });

  it('is not told where others were quicker: a rule that gives nothing to anybody is no reason then', async () => {
    const { ask, budgets } = await deskWith(sampleRule(), sampleRule({ _id: 'far', community: KASHGAR }));
    budgets.reserve = () => Promise.resolve(false);
    expect(await ask()).toEqual({});
  });

  it('costs no look at what was looked at for the discount itself', async () => {
    const { ask, store, budgets, caps } = await deskWith(
      sampleRule({ capFen: 5 }),
      sampleRule({ _id: 'b', capFen: 5 }),
    );
    const looks = [vi.spyOn(store, 'active'), vi.spyOn(store, 'household'), vi.spyOn(budgets, 'get')];
    const capLooks = vi.spyOn(caps, 'get');
    expect(await ask()).toEqual({ why: 'cap-spent' });
    expect(looks.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 2]);
    // Whether the household has begun one in this month, and what is left of it.
    expect(capLooks).toHaveBeenCalledTimes(4);
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
            const { given, why: reason } = await world.ask(`o${n}`, asked);
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
