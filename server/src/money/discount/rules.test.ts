import { sampleRule } from '../../testing/memory-rules.ts';
import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { KASHGAR, NORTH, SOUTH, URUMQI } from '../../testing/memory-orgs.ts';
import { ANNA, HERE, staffMember } from '../../testing/staff-members.ts';
import { REQUEST, discountRules } from '../../testing/discount-rules.ts';

describe('a proposed discount', () => {
  it('is kept as it was asked for, without a budget, until another person allows it', async () => {
    const { propose, rules, clock } = discountRules();
    const { rule, budget, approval } = await propose();
    const { reason, ...asked } = REQUEST;
    expect(rule).toEqual({
      ...asked,
      ...{ _id: rule._id, status: 'proposed', createdBy: 'anna', createdAt: new Date(clock.now()) },
      ...{ from: new Date(REQUEST.from), to: new Date(REQUEST.to) },
    });
    expect(rule._id).toMatch(/^[0-9a-f-]{36}$/u);
    expect(budget).toBeNull();
    expect(approval).toMatchObject({
      ...{ kind: 'discount.rule', status: 'open', maker: { id: 'anna' } },
      content: { ...asked, reason, ruleId: rule._id },
    });
    expect(await rules.list(WHOLE_PROVINCE)).toEqual([{ rule, budget: null, households: 0 }]);
  });

  it('says of how many known households it is, and of how many more than a hundred it does not', async () => {
    const { rules, store } = discountRules();
    const of = async (over: { community?: string; tag?: string }) => {
      await store.insert(sampleRule({ _id: JSON.stringify(over), ...over }));
      return (await rules.list(WHOLE_PROVINCE)).find(({ rule }) => rule._id === JSON.stringify(over))
        ?.households;
    };
    for (let n = 0; n < 150; n += 1) {
      const tags = n < 3 ? ['elderly'] : [];
      await store.setHousehold({ _id: `h${n}`, community: n === 0 ? NORTH : SOUTH, tags });
    }
    expect(await of({ community: 'typed-once' })).toBe(0);
    expect(await of({ community: NORTH })).toBe(1);
    expect(await of({ community: URUMQI })).toBe(1);
    expect(await of({ community: KASHGAR })).toBe(101);
    expect(await of({ community: SOUTH })).toBe(101);
    expect(await of({ tag: 'elderly' })).toBe(3);
    expect(await of({ community: SOUTH, tag: 'elderly' })).toBe(2);
    expect(await of({})).toBeNull();
  });

  it('begins with its whole budget once it is allowed, by who may manage discounts', async () => {
    const { propose, office, rules } = discountRules();
    const { rule, approval } = await propose();
    const clerk = staffMember('carl', ['approval:decide']);
    await expect(office.allow(approval, { checker: clerk })).rejects.toMatchObject({
      code: 'auth.forbidden',
    });
    const manager = staffMember('dora', ['discount:manage']);
    expect(await office.allow(approval, { checker: manager })).toMatchObject({ status: 'done' });
    expect(await rules.list(WHOLE_PROVINCE)).toMatchObject([
      {
        rule: { _id: rule._id, status: 'active' },
        budget: { _id: rule._id, leftFen: 10_000, heldFen: 0, spentFen: 0 },
      },
    ]);
  });

  it('that is carried out again begins no second time, and does not end a pause', async () => {
    const { office, budgets, rules, pause, allowed } = discountRules();
    const id = await allowed();
    const at = new Date();
    await budgets.reserve(id, { _id: 'h', orderNo: 'o', fen: 700, at, capId: 'c' });
    await office.allow(await pause(id, true));
    const content = { ...REQUEST, ruleId: id };
    await office.allow(
      await office.approvals.request({ kind: 'discount.rule', content, maker: ANNA, where: HERE }),
    );
    expect(await rules.list(WHOLE_PROVINCE)).toMatchObject([
      { rule: { status: 'paused' }, budget: { leftFen: 9300, heldFen: 700 } },
    ]);
  });

  it('of which there is no rule comes to nothing', async () => {
    const { office } = discountRules();
    for (const [content, failure] of [
      [{ ruleId: 'none' }, 'request.not-found'],
      [{}, 'request.malformed'],
    ] as const) {
      const asked = await office.approvals.request({
        ...{ kind: 'discount.rule', content, maker: ANNA, where: HERE },
      });
      expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure });
    }
  });
});

describe('the list of discounts', () => {
  it('has what reaches the reader’s own people, and counts no others', async () => {
    const { rules, store } = discountRules();
    for (const community of [null, URUMQI, KASHGAR, NORTH, SOUTH, 'typed-once']) {
      await store.insert(sampleRule({ _id: String(community), community, tag: 'elderly' }));
    }
    for (const [n, community] of [NORTH, URUMQI, SOUTH, SOUTH, 'typed-once'].entries()) {
      await store.setHousehold({ _id: `h${n}`, community, tags: ['elderly'] });
    }
    const of = async (scope: string) =>
      Object.fromEntries(
        (await rules.list(scopeOf(scope))).map(({ rule, households }) => [rule._id, households]),
      );
    expect(await of('province')).toEqual({
      ...{ null: 5, [URUMQI]: 2, [KASHGAR]: 2, [NORTH]: 1, [SOUTH]: 2, 'typed-once': 1 },
    });
    expect(await of(URUMQI)).toEqual({ null: 2, [URUMQI]: 2, [NORTH]: 1 });
    expect(await of(NORTH)).toEqual({ null: 1, [URUMQI]: 1, [NORTH]: 1 });
  });

  it('has the newest two hundred', async () => {
    const { rules, store } = discountRules();
    let limit = 0;
    const list = store.list.bind(store);
    store.list = (most) => {
      limit = most;
      return list(most);
    };
    expect([await rules.list(WHOLE_PROVINCE), limit]).toEqual([[], 200]);
  });
});
