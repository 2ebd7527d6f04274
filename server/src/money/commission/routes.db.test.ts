import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { OrgStore } from '../../access/store/orgs.ts';
import type { AnyRoute } from '../../route/route.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { adminCommissionRoutes } from './routes.ts';
import { CommissionRules } from './rules.ts';

const PATH = '/v1/admin/commission-rules';
const ID = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
/** It is 5 March. */
const RULE = {
  ...{ kind: 'commission', org: '650100', channel: 'cash', from: '2026-03-06', until: null },
  ...{ perOrderFen: 50, basisPoints: 25, leastFen: 0, mostFen: 500, reason: 'As agreed.' },
};

let t: TestContext;
let w: BooksWorld;
let routes: AnyRoute[];
let admin: AdminCalls;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await BooksWorld.open(t);
  const { approvals } = w.access;
  const orgs = new OrgStore(t.db);
  const rules = new CommissionRules({ store: w.books.commissionRules, orgs, approvals, clock: w.clock });
  routes = adminCommissionRoutes(rules);
  admin = await serveAdmin([...routes, ...adminApprovalRoutes({ approvals })], w);
  return () => admin.close();
});

const propose = (over: object = {}) => admin.call('post', PATH, { body: { ...RULE, ...over } });
const end = (id: string, until: string) =>
  admin.call('post', `${PATH}/${id}/end`, { body: { until, reason: 'It is over.' } });
const allow = (approval: Record<string, unknown>, as = 'boris') =>
  admin.call('post', `/v1/admin/approvals/${String(approval['id'])}/decide`, { as, body: { accept: true } });
const list = async () => (await admin.call('get', PATH)).body['rules'] as Record<string, unknown>[];

describe('commission rules over HTTP', () => {
  it('need a permission, and every other one does not do', async () => {
    expect(new Set(routes.map(({ permission, scope }) => `${permission ?? ''} ${scope ?? ''}`))).toEqual(
      new Set(['commission:manage province']),
    );
    await expectOthersRefused(admin, routes, (path) => path.replace(':id', ID));
  });

  it('are made and ended by two persons', async () => {
    const asked = await propose();
    expect(asked).toMatchObject({ status: 202, body: { kind: 'commission.rule', content: RULE } });
    expect((await allow(asked.body, 'anna')).body['code']).toBe('approval.same-person');
    expect(await list()).toEqual([]);
    expect(await allow(asked.body)).toMatchObject({ body: { status: 'done' } });
    const { reason: _reason, ...terms } = RULE;
    const [made] = await list();
    expect(made).toMatchObject({
      ...{ ...terms, id: asked.body['id'], ended: null },
      made: { maker: { id: 'anna', name: 'anna' }, checker: { id: 'boris', name: 'boris' } },
    });
    const over = await end(String(made?.['id']), '2026-03-31');
    expect(over).toMatchObject({ status: 202, body: { kind: 'commission.end' } });
    expect(await allow(over.body)).toMatchObject({ body: { status: 'done' } });
    expect(await list()).toMatchObject([{ until: '2026-03-31', ended: { maker: { id: 'anna' } } }]);
  });

  it('are one, of two that are allowed at once for the same days', async () => {
    const [one, other] = [await propose(), await propose({ from: '2026-03-10' })];
    const decided = await Promise.all([allow(one.body), allow(other.body)]);
    expect(decided.map(({ body }) => body['status']).toSorted()).toEqual(['done', 'failed']);
    expect(await list()).toHaveLength(1);
    expect((await propose({ from: '2026-04-01' })).body['code']).toBe('commission.overlaps');
    expect((await propose({ channel: null })).status).toBe(202);
  });

  it('are refused for days that are booked, and for what is not there', async () => {
    expect((await propose({ from: '2026-03-05' })).body['code']).toBe('commission.day-booked');
    expect((await propose({ org: '659999' })).body['code']).toBe('request.not-found');
    expect((await end(ID, '2026-03-31')).body['code']).toBe('request.not-found');
  });

  it.each([
    ['which earns nothing', { perOrderFen: 0, basisPoints: 0 }],
    ['which earns at most nothing', { mostFen: 0 }],
    ['of which the least is more than the most', { leastFen: 501 }],
    ['which ends before it begins', { until: '2026-03-05' }],
    ['of more than the face value', { basisPoints: 10_001 }],
    ['of a part of a fen', { perOrderFen: 0.5 }],
    ['for another channel', { channel: 'cheque' }],
    ['of another kind', { kind: 'gift' }],
  ])('are refused %s', async (_, over) => {
    expect(await propose(over)).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
  });
});
