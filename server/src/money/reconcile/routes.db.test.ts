import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { DAY, rowOf } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { adminReconciliationRoutes } from './routes.ts';

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
  const { access, books, settlements } = w;
  const { audit, approvals } = access;
  routes = adminReconciliationRoutes({ books, settlements, audit });
  admin = await serveAdmin([...routes, ...adminApprovalRoutes({ approvals })], w);
  return () => admin.close();
});

const RUNS = '/v1/admin/reconciliation/runs';
const run = (body: object) => admin.call('post', RUNS, { body });
const actions = async () => (await w.access.stores.audit.find({ limit: 50 })).map(({ action }) => action);

describe('reconciliation over HTTP', () => {
  it('need a permission each, and every other one does not do', async () => {
    const needed = Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, each.permission]));
    expect(needed).toEqual({
      'get /v1/admin/reconciliation': 'reconcile:read',
      'get /v1/admin/reconciliation/:day': 'reconcile:read',
      'post /v1/admin/reconciliation/runs': 'reconcile:run',
      'post /v1/admin/cases/:id/settlement': 'case:work',
    });
    await expectOthersRefused(admin, routes, (path) =>
      path.replace(':day', DAY).replace(':id', 'f'.repeat(32)),
    );
    expect(await actions()).toEqual([]);
  });

  it('a day is run, run again, and seen in its month and by itself', async () => {
    const [one] = await w.bought(1, 2);
    if (one === undefined) throw new Error('Nothing was bought.');
    const [first] = w.papers.rows.get(DAY) ?? [];
    w.papers.rows.set(DAY, [rowOf(one, { fen: 4999 }), ...(w.papers.rows.get(DAY) ?? []).slice(1)]);
    await w.books.projector.round();
    expect(await run({ first: DAY, last: DAY })).toMatchObject({
      status: 200,
      body: { counts: { AMOUNT_DIFF: 1 } },
    });
    const month = await admin.call('get', '/v1/admin/reconciliation?month=2026-03');
    const days = month.body['days'] as { day: string; state: string }[];
    expect([days.length, days[0], days[1]]).toMatchObject([
      31,
      { day: DAY, state: 'done', counts: { AMOUNT_DIFF: 1 }, stale: false },
      { day: '2026-03-02', state: 'none' },
    ]);
    if (first !== undefined) w.papers.rows.set(DAY, [first, ...(w.papers.rows.get(DAY) ?? []).slice(1)]);
    expect((await run({ first: DAY, last: DAY })).body).toEqual({ counts: {}, notCompared: [] });
    const { body } = await admin.call('get', `/v1/admin/reconciliation/${DAY}`);
    expect(body).toMatchObject({
      state: 'done',
      counts: {},
      caseIds: [],
      history: [
        { by: 'anna', state: 'done', differences: 1 },
        { by: 'anna', state: 'done', differences: 0 },
      ],
      sources: [{ source: 'grid:collection-v1' }, { source: 'channel:wechat', totals: { paidFen: 10_000 } }],
    });
    const accounts = body['accounts'] as { account: string; differenceFen: number; outsideFen: number }[];
    expect(accounts.filter(({ differenceFen }) => differenceFen !== 0)).toEqual([]);
    expect(accounts.find(({ account }) => account === 'channel:wechat')?.outsideFen).toBe(9400);
    expect(await actions()).toEqual(['reconciliation.run', 'reconciliation.run']);
  });

  it('say whose bills a day was not compared with', async () => {
    await w.bought(1);
    w.papers.bills = false;
    const notCompared = ['grid:collection-v1', 'channel:wechat'];
    expect((await run({ first: DAY, last: DAY })).body).toEqual({ counts: {}, notCompared });
    const month = await admin.call('get', '/v1/admin/reconciliation?month=2026-03');
    expect((month.body['days'] as object[]).slice(0, 2)).toMatchObject([
      { day: DAY, state: 'done', notCompared },
      { state: 'none', notCompared: [] },
    ]);
    const { body } = await admin.call('get', `/v1/admin/reconciliation/${DAY}`);
    expect(body).toMatchObject({ sources: [], notCompared, history: [{ notCompared }] });
    const accounts = body['accounts'] as { against: string }[];
    expect(new Set(accounts.map(({ against }) => against))).toEqual(new Set(['orders']));
  });

  it('say why a day cannot be run, and refuse what is no day', async () => {
    const refused = async (body: object) => (await run(body)).body['code'];
    expect(await refused({ first: '2026-03-05', last: '2026-03-05' })).toBe('reconcile.day-open');
    for (const body of [
      {},
      { first: DAY },
      { first: '2026-02-30', last: '2026-02-30' },
      { first: '2026-03-02', last: DAY },
      { first: '2025-11-01', last: DAY },
      { first: DAY, last: DAY, force: true },
    ]) {
      expect([body, await refused(body)]).toEqual([body, 'request.malformed']);
    }
    w.papers.ready = false;
    expect(await run({ first: DAY, last: DAY })).toMatchObject({
      status: 409,
      body: { code: 'reconcile.not-ready' },
    });
    const { body } = await admin.call('get', `/v1/admin/reconciliation/${DAY}`);
    expect(body).toMatchObject({ state: 'waiting', why: 'reconcile.not-ready' });
    w.papers.ready = true;
    w.papers.lines.set(DAY, ['a,b']);
    expect(await refused({ first: DAY, last: DAY })).toBe('reconcile.bill-unsound');
    for (const path of ['?month=2026-13', '', '/yesterday', '/2026-02-30']) {
      const { status, body: problem } = await admin.call('get', `/v1/admin/reconciliation${path}`);
      expect([path, status, problem['code']]).toEqual([path, 400, 'request.malformed']);
    }
  });

  it('a difference is settled by two persons, and a run after it leaves it so', async () => {
    const [order] = await w.bought(1);
    w.papers.rows.set(DAY, []);
    await w.books.projector.round();
    await run({ first: DAY, last: DAY });
    const [found] = await w.cases.list({ orderNo: order?._id, limit: 5 }, WHOLE_PROVINCE);
    const path = `/v1/admin/cases/${found?._id ?? ''}/settlement`;
    const adjustment = { debit: 'suspense:reconcile', credit: 'channel:wechat', fen: 5000 };
    const text = 'The channel never had it.';
    const bad = [
      {},
      { text: '' },
      { text, adjustment: { ...adjustment, fen: 0 } },
      { text, adjustment: { fen: 1 } },
    ];
    for (const body of bad)
      expect((await admin.call('post', path, { body })).body['code']).toBe('request.malformed');
    const asked = await admin.call('post', path, { body: { text, adjustment } });
    expect(asked).toMatchObject({ status: 202, body: { kind: 'case.settle', status: 'open' } });
    const decision = `/v1/admin/approvals/${String(asked.body['id'])}/decide`;
    const own = await admin.call('post', decision, { body: { accept: true } });
    expect(own.body['code']).toBe('approval.same-person');
    const allowed = await admin.call('post', decision, { as: 'boris', body: { accept: true } });
    expect(allowed.body).toMatchObject({ status: 'done' });
    expect((await run({ first: DAY, last: DAY })).body).toMatchObject({ counts: { ORDER_ONLY: 1 } });
    expect((await w.cases.get(found?._id ?? '')).status).toBe('resolved');
    expect((await w.books.ledger.turnover()).get('suspense:reconcile')).toBe(5000);
    expect((await admin.call('post', path, { body: { text } })).body['code']).toBe('case.resolved');
  });
});
