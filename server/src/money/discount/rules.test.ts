import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import type { DiscountRuleRequest } from '@bianmin/shared/api/discount';
import { MemoryBudgets } from '../../testing/memory-discounts.ts';
import { MemoryOffice } from '../../testing/memory-office.ts';
import { MemoryRuleStore } from '../../testing/memory-rules.ts';
import { ANNA, HERE, staffMember } from '../../testing/staff-members.ts';
import type { BudgetStore } from './budget-store.ts';
import { DiscountRules } from './rules.ts';

const REQUEST: DiscountRuleRequest = {
  names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
  ...{ community: 'tianshan-1', tag: 'elderly', from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
  ...{ off: { kind: 'percent', percent: 10 }, capFen: 1000, budgetFen: 10_000, funder: 'street-office' },
  reason: 'Decided in March.',
};

function rig() {
  const clock = new ManualClock();
  const [store, budgets, office] = [new MemoryRuleStore(), new MemoryBudgets(), new MemoryOffice(clock)];
  const rules = new DiscountRules({
    ...{ rules: store.store, budgets: budgets as unknown as BudgetStore, approvals: office.approvals },
    ...{ key: (grid, customerNo) => `key of ${grid} ${customerNo}`, grid: 'g', clock },
  });
  const propose = (over: Partial<DiscountRuleRequest> = {}) =>
    rules.propose({ ...REQUEST, ...over }, ANNA, HERE);
  const allowed = async (): Promise<string> => {
    const { rule, approval } = await propose();
    await office.allow(approval);
    return rule._id;
  };
  const pause = (ruleId: string, paused: boolean) =>
    rules.requestPause({ ruleId, paused, reason: 'Looked at again.' }, ANNA, HERE);
  return { clock, store, budgets, office, rules, propose, allowed, pause };
}

describe('a proposed discount', () => {
  it('is kept as it was asked for, without a budget, until another person allows it', async () => {
    const { propose, rules, clock } = rig();
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
    expect(await rules.list()).toEqual([{ rule, budget: null }]);
  });

  it('begins with its whole budget once it is allowed, by who may manage discounts', async () => {
    const { propose, office, rules } = rig();
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
    const { office, budgets, rules, pause, allowed } = rig();
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
    const { office } = rig();
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
    const { rules, store } = rig();
    let limit = 0;
    const list = store.list.bind(store);
    store.list = (most) => {
      limit = most;
      return list(most);
    };
    expect([await rules.list(), limit]).toEqual([[], 200]);
  });
});

describe('a pause', () => {
  it('waits for another person, who sees which discount it is and how it stands', async () => {
    const { pause, allowed, store, office } = rig();
    const id = await allowed();
    const asked = await pause(id, true);
    expect(asked).toMatchObject({
      kind: 'discount.pause',
      content: {
        ruleId: id,
        paused: true,
        reason: 'Looked at again.',
        names: REQUEST.names,
        before: { paused: false },
      },
    });
    expect(store.rules.get(id)?.status).toBe('active');
    await office.allow(asked);
    expect(store.rules.get(id)?.status).toBe('paused');
    const back = await pause(id, false);
    expect(back.content).toMatchObject({ before: { paused: true } });
    await office.allow(back);
    expect(store.rules.get(id)?.status).toBe('active');
  });

  it('is refused for a discount that there is not, or that no second person has allowed', async () => {
    const { pause, propose, office, store } = rig();
    await expect(pause('none', true)).rejects.toMatchObject({
      code: 'request.not-found',
      message: 'There is no such discount.',
    });
    const { rule } = await propose();
    await expect(pause(rule._id, true)).rejects.toMatchObject({
      code: 'discount.not-allowed',
      message: 'No second person has allowed this rule yet. There is nothing to pause.',
    });
    // Nor where it was asked for all the same.
    for (const [content, failure] of [
      [{ ruleId: rule._id, paused: false }, 'discount.not-allowed'],
      [{ ruleId: rule._id }, 'request.malformed'],
    ] as const) {
      const asked = await office.approvals.request({
        ...{ kind: 'discount.pause', content, maker: ANNA, where: HERE },
      });
      expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure });
    }
    expect(store.rules.get(rule._id)?.status).toBe('proposed');
  });
});

describe('a list of households', () => {
  const households = [
    { customerNo: '650100000001', community: 'north', tags: ['elderly'] },
    { customerNo: '12', community: 'south', tags: [] },
  ];

  it('shows its second person digests and last digits, and no number', async () => {
    const { rules, store } = rig();
    const asked = await rules.requestHouseholds({ households, reason: 'The list of May.' }, ANNA, HERE);
    expect(asked).toMatchObject({
      kind: 'discount.households',
      content: {
        reason: 'The list of May.',
        households: [
          { key: 'key of g 650100000001', customer: '****0001', community: 'north', tags: ['elderly'] },
          { key: 'key of g 12', customer: '****12', community: 'south', tags: [] },
        ],
      },
    });
    expect(store.households.size).toBe(0);
  });

  it('holds once it is allowed, in place of what was known', async () => {
    const { rules, store, office } = rig();
    await store.setHousehold({ _id: 'key of g 12', community: 'old', tags: ['low-income'] });
    await office.allow(await rules.requestHouseholds({ households, reason: 'The list.' }, ANNA, HERE));
    expect([...store.households.values()]).toEqual([
      { _id: 'key of g 12', community: 'south', tags: [] },
      { _id: 'key of g 650100000001', community: 'north', tags: ['elderly'] },
    ]);
    const asked = await office.approvals.request({
      ...{ kind: 'discount.households', content: { households: [{ key: 'k' }] }, maker: ANNA, where: HERE },
    });
    expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
  });
});
