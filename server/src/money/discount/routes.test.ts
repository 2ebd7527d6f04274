import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { MemoryBudgets } from '../../testing/memory-discounts.ts';
import { MemoryOffice } from '../../testing/memory-office.ts';
import { NORTH } from '../../testing/memory-orgs.ts';
import { MemoryRuleStore } from '../../testing/memory-rules.ts';
import type { AnyRoute } from '../../route/route.ts';
import type { BudgetStore } from './budget-store.ts';
import { adminDiscountRoutes } from './routes.ts';
import { RuleScope } from './rule-scope.ts';
import { DiscountRules } from './rules.ts';

let routes: AnyRoute[];
let admin: AdminCalls;
let office: MemoryOffice;
let budgets: MemoryBudgets;
beforeEach(async () => {
  const [clock, store] = [new ManualClock(), new MemoryRuleStore()];
  [office, budgets] = [new MemoryOffice(clock), new MemoryBudgets()];
  routes = adminDiscountRoutes(
    new DiscountRules({
      scope: new RuleScope(store.orgs),
      ...{ rules: store.store, budgets: budgets as unknown as BudgetStore, approvals: office.approvals },
      ...{ key: (grid, customerNo) => `${grid} ${customerNo}`, grid: 'g', clock },
    }),
  );
  admin = await serveAdmin(routes, { log: pino({ level: 'silent' }) });
});
afterEach(() => admin.close());

const RULE = {
  names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
  ...{ community: NORTH, tag: null, from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
  ...{ off: { kind: 'fixed', fen: 500 }, capFen: 1000, budgetFen: 10_000, funder: 'street-office' },
};
const NO_RULE = '00000000-0000-4000-8000-000000000000';

async function proposed() {
  const body = { ...RULE, reason: 'Decided in March.' };
  const answer = await admin.call('post', '/v1/admin/discounts', { body });
  return answer as { status: number; body: { discount: { id: string }; approval: { id: string } } };
}

describe('discounts over HTTP', () => {
  it('are an organisation’s, of who manages them; each change also needs one’s password just now', () => {
    expect(
      routes.map(({ method, path, permission, scope, stepUp }) => [method, path, permission, scope, stepUp]),
    ).toEqual([
      ['get', '/v1/admin/discounts', 'discount:manage', 'own', undefined],
      ['post', '/v1/admin/discounts', 'discount:manage', 'own', true],
      ['post', '/v1/admin/discounts/:id/pause', 'discount:manage', 'own', true],
      ['post', '/v1/admin/discounts/households', 'discount:manage', 'own', true],
    ]);
  });

  it('tell who reads of them what they do and how they refuse', () => {
    expect(routes.map(({ tag, auth, problems = [] }) => [tag, auth, problems])).toEqual([
      ['admin', 'admin', []],
      ['admin', 'admin', ['request.not-found']],
      ['admin', 'admin', ['request.not-found', 'discount.not-allowed']],
      ['admin', 'admin', []],
    ]);
    for (const { summary } of routes) expect(summary).toMatch(/\w+ \w+/u);
  });

  it('are proposed, wait for a second person, and show what became of their budget', async () => {
    const { status, body } = await proposed();
    const discount = {
      ...RULE,
      id: body.discount.id,
      households: 0,
      createdBy: 'anna',
      createdAt: '2026-01-15T02:00:00.000Z',
    };
    const none = { leftFen: 0, heldFen: 0, spentFen: 0 };
    expect(status).toBe(202);
    expect(body.discount).toEqual({ ...discount, status: 'proposed', ...none });
    expect(body.approval).toMatchObject({ kind: 'discount.rule', status: 'open' });
    await office.allow({ _id: body.approval.id });
    const at = new Date();
    await budgets.reserve(discount.id, { _id: 'h1', orderNo: 'o1', fen: 700, at, capId: 'c' });
    await budgets.reserve(discount.id, { _id: 'h2', orderNo: 'o2', fen: 200, at, capId: 'c' });
    const [hold] = await budgets.holdsOf('o1', discount.id);
    if (hold !== undefined) await budgets.endThose(discount.id, [{ hold, as: 'spent' }]);
    const list = await admin.call('get', '/v1/admin/discounts');
    expect(list).toEqual({
      status: 200,
      body: {
        discounts: [{ ...discount, status: 'active', leftFen: 9100, heldFen: 200, spentFen: 700 }],
      },
    });
  });

  it('are paused on a second person’s word', async () => {
    const { body } = await proposed();
    const pause = (id: string) =>
      admin.call('post', `/v1/admin/discounts/${id}/pause`, { body: { paused: true, reason: 'Too dear.' } });
    expect(await pause(body.discount.id)).toMatchObject({
      status: 409,
      body: { code: 'discount.not-allowed' },
    });
    await office.allow({ _id: body.approval.id });
    const asked = await pause(body.discount.id);
    expect(asked).toMatchObject({
      status: 202,
      body: { kind: 'discount.pause', status: 'open', maker: { id: 'anna' } },
    });
    expect(await pause(NO_RULE)).toMatchObject({ status: 404, body: { code: 'request.not-found' } });
    expect(await pause('7')).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
  });

  it('are for households of which a list says what they are, on a second person’s word', async () => {
    const body = {
      households: [{ customerNo: '650100000001', community: NORTH, tags: ['elderly'] }],
      reason: 'The list of May.',
    };
    const asked = await admin.call('post', '/v1/admin/discounts/households', { body });
    expect(asked).toMatchObject({ status: 202, body: { kind: 'discount.households', status: 'open' } });
    expect(office.recorded).toMatchObject([
      {
        action: 'approval.request',
        who: { kind: 'admin', id: 'anna' },
        where: { ip: expect.any(String) as string },
      },
    ]);
    const none = await admin.call('post', '/v1/admin/discounts/households', { body: { households: [] } });
    expect(none.body['code']).toBe('request.malformed');
  });
});
