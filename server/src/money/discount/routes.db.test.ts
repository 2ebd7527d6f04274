import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDiscounts } from '../../wiring/discounts.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { StaffWorld } from '../../testing/staff-world.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { adminDiscountRoutes } from './routes.ts';

let t: TestContext;
let routes: AnyRoute[];
let admin: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  const { access, world } = await StaffWorld.open(t);
  const { clock, log, grid } = world;
  const discounts = await createDiscounts({ db: t.db, clock, log, grid, config: testConfig() });
  routes = adminDiscountRoutes(discounts.rules(access));
  admin = await serveAdmin([...routes, ...adminApprovalRoutes({ approvals: access.approvals })], world);
  return () => admin.close();
});

const rule = (over: object = {}) => ({
  names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
  ...{ community: '650100', tag: 'elderly', from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
  ...{ off: { kind: 'percent', percent: 10 }, capFen: 1_000, budgetFen: 10_000, funder: 'street-office' },
  ...{ reason: 'Decided in March.', ...over },
});

describe('discounts over HTTP', () => {
  it('need their permission, and every other one does not do', async () => {
    expect(new Set(routes.map(({ permission }) => permission))).toEqual(new Set(['discount:manage']));
    await expectOthersRefused(admin, routes, (path) =>
      path.replace(':id', '00000000-0000-4000-8000-000000000000'),
    );
  });

  it('are proposed by one person, begin when another allows it, and show their budget', async () => {
    const proposed = await admin.call('post', '/v1/admin/discounts', { body: rule() });
    expect(proposed).toMatchObject({
      status: 202,
      body: {
        discount: { status: 'proposed', leftFen: 0 },
        approval: { kind: 'discount.rule', status: 'open' },
      },
    });
    const { approval } = proposed.body as { approval: { id: string } };
    const decide = (as: string) =>
      admin.call('post', `/v1/admin/approvals/${approval.id}/decide`, { as, body: { accept: true } });
    expect(await decide('anna')).toMatchObject({ body: { code: 'approval.same-person' } });
    expect(await decide('boris')).toMatchObject({ body: { status: 'done' } });
    const list = await admin.call('get', '/v1/admin/discounts');
    expect(list.body['discounts']).toMatchObject([
      { status: 'active', leftFen: 10_000, heldFen: 0, spentFen: 0, funder: 'street-office' },
    ]);
  });

  it('refuse what makes no rule', async () => {
    for (const over of [
      { off: { kind: 'percent', percent: 100 } },
      { off: { kind: 'percent', percent: 0 } },
      { capFen: 0 },
      { to: '2025-01-01T00:00:00Z' },
      { funder: 'Street Office' },
      { names: { 'zh-CN': 'x' } },
    ]) {
      expect((await admin.call('post', '/v1/admin/discounts', { body: rule(over) })).body['code']).toBe(
        'request.malformed',
      );
    }
  });
});
