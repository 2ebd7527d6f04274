import { sampleRule } from '../../testing/memory-rules.ts';
import { describe, expect, it } from 'vitest';
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
    expect(await rules.list()).toEqual([{ rule, budget: null, households: 0 }]);
  });

  it('says of how many known households it is, and of how many more than a hundred it does not', async () => {
    const { rules, store } = discountRules();
    const of = async (over: { community?: string; tag?: string }) => {
      await store.insert(sampleRule({ _id: JSON.stringify(over), ...over }));
      return (await rules.list()).find(({ rule }) => rule._id === JSON.stringify(over))?.households;
    };
    for (let n = 0; n < 150; n += 1) {
      const tags = n < 3 ? ['elderly'] : [];
      await store.setHousehold({ _id: `h${n}`, community: n === 0 ? 'north' : 'south', tags });
    }
    expect(await of({ community: 'east' })).toBe(0);
    expect(await of({ community: 'north' })).toBe(1);
    expect(await of({ community: 'south' })).toBe(101);
    expect(await of({ tag: 'elderly' })).toBe(3);
    expect(await of({ community: 'south', tag: 'elderly' })).toBe(2);
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
    expect(await rules.list()).toMatchObject([
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
    expect(await rules.list()).toMatchObject([
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
  it('has the newest two hundred', async () => {
    const { rules, store } = discountRules();
    let limit = 0;
    const list = store.list.bind(store);
    store.list = (most) => {
      limit = most;
      return list(most);
    };
    expect([await rules.list(), limit]).toEqual([[], 200]);
  });
});
