import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boughtAt, DAY, rowOf } from '../../testing/bought-orders.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { MemoryBooks } from '../../testing/memory-books.ts';
import { MemoryOffice } from '../../testing/memory-office.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminReconciliationRoutes } from './routes.ts';
import { Settlements } from './settlements.ts';

let w: MemoryBooks;
let office: MemoryOffice;
let routes: AnyRoute[];
let admin: AdminCalls;
beforeEach(async () => {
  w = new MemoryBooks({ accounts: true });
  office = new MemoryOffice(w.clock);
  const { cases, ledger, clock, days, reconciler } = w;
  const settlements = new Settlements({ cases, ledger: ledger.store, approvals: office.approvals, clock });
  const books = { days: days.store, reconciler };
  routes = adminReconciliationRoutes({ books, settlements, audit: office.audit });
  admin = await serveAdmin(routes, { log: w.told.log });
});
afterEach(() => admin.close());

const run = (first = DAY, last = first) =>
  admin.call('post', '/v1/admin/reconciliation/runs', { body: { first, last } });
const NONE = { state: 'none', why: null, stale: false, notCompared: [], counts: {}, held: 0 };

describe('reconciliation over HTTP', () => {
  it('is the province’s, each call by its own permission; settling needs one’s password just now', () => {
    expect(
      routes.map(({ method, path, permission, scope, stepUp }) => [method, path, permission, scope, stepUp]),
    ).toEqual([
      ['get', '/v1/admin/reconciliation', 'reconcile:read', 'province', undefined],
      ['get', '/v1/admin/reconciliation/:day', 'reconcile:read', 'province', undefined],
      ['post', '/v1/admin/reconciliation/runs', 'reconcile:run', 'province', undefined],
      ['post', '/v1/admin/cases/:id/settlement', 'case:work', 'province', true],
    ]);
  });

  it('tells who reads of it what each call does and how it refuses', () => {
    const refusals = ['day-open', 'not-ready', 'bill-unsound', 'too-many', 'running'];
    expect(routes.map(({ tag, auth, problems = [] }) => [tag, auth, problems])).toEqual([
      ['admin', 'admin', []],
      ['admin', 'admin', []],
      ['admin', 'admin', refusals.map((each) => `reconcile.${each}`)],
      ['admin', 'admin', ['request.not-found', 'case.resolved']],
    ]);
    for (const { summary } of routes) expect(summary).toMatch(/\w+ \w+/u);
  });

  it('shows a day that was never run as what it is', async () => {
    const { body } = await admin.call('get', `/v1/admin/reconciliation/${DAY}`);
    expect(body).toEqual({ ...NONE, day: DAY, sources: [], caseIds: [], accounts: [], history: [] });
    const month = await admin.call('get', '/v1/admin/reconciliation?month=2026-02');
    const days = Array.from({ length: 28 }, (_, n) => `2026-02-${String(n + 1).padStart(2, '0')}`);
    expect(month.body).toEqual({ days: days.map((day) => ({ ...NONE, day })) });
  });

  it('runs days, writes down who did before it does, and counts what it found', async () => {
    w.has(boughtAt(1), boughtAt(2), boughtAt(3));
    w.papers.rows.set(DAY, [rowOf(boughtAt(1), { fen: 4999 })]);
    const { status, body } = await run(DAY, '2026-03-02');
    expect([status, body]).toEqual([
      200,
      { counts: { AMOUNT_DIFF: 1, ORDER_ONLY: 2 }, notCompared: ['channel:bestpay'] },
    ]);
    expect(office.recorded).toMatchObject([
      { action: 'reconciliation.run', target: `${DAY}..2026-03-02`, who: { kind: 'admin', id: 'anna' } },
    ]);
  });

  it('shows a day that was run: its bills, cases, accounts and runs', async () => {
    w.has(boughtAt(1), boughtAt(2));
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    await run();
    const { body } = await admin.call('get', `/v1/admin/reconciliation/${DAY}`);
    const [found] = w.allCases();
    expect(body).toMatchObject({
      ...{ day: DAY, state: 'done', why: null, stale: false, notCompared: ['channel:bestpay'], held: 0 },
      ...{ counts: { ORDER_ONLY: 1 }, caseIds: [found?._id] },
      sources: [
        { source: 'grid:collection-v1', totals: { sales: 2, soldFen: 10_000 } },
        { source: 'channel:wechat', totals: { payments: 1, paidFen: 5000, feeFen: 300 } },
      ],
      history: [
        {
          ...{ at: '2026-03-04T16:00:00.000Z', by: 'anna', state: 'done', why: null, differences: 1 },
          notCompared: ['channel:bestpay'],
        },
      ],
    });
    const { accounts, history, sources } = body as Record<string, Record<string, unknown>[]>;
    expect(accounts).toHaveLength(8);
    expect(accounts?.[0]).toMatchObject({ account: 'channel:wechat', ledgerFen: 9700, outsideFen: 4700 });
    expect(history?.[0]?.['sources']).toEqual(
      sources?.map(({ source, sha256 }) => `${String(source)} ${String(sha256)}`),
    );
    const month = await admin.call('get', '/v1/admin/reconciliation?month=2026-03');
    const days = month.body['days'] as object[];
    expect(days).toHaveLength(31);
    expect(days[0]).toEqual({
      ...{ ...NONE, day: DAY, state: 'done', counts: { ORDER_ONLY: 1 }, notCompared: ['channel:bestpay'] },
    });
  });

  it('shows what a day holds over and that the one before it was run again', async () => {
    const late = boughtAt(1);
    const at = new Date('2026-03-01T15:59:59Z');
    w.orders.orders.push({
      ...late,
      payments: late.payments.map((each) => ({ ...each, paidAt: at })),
      sale: { ...late.sale, sentAt: at },
      events: [],
    });
    await run();
    await run('2026-03-02');
    await run();
    const month = await admin.call('get', '/v1/admin/reconciliation?month=2026-03');
    expect((month.body['days'] as object[]).slice(0, 3)).toMatchObject([
      { day: DAY, held: 2, stale: false },
      { day: '2026-03-02', held: 0, stale: true, counts: { ORDER_ONLY: 2 } },
      { state: 'none' },
    ]);
  });

  it('says why days cannot be run, and keeps it with the day', async () => {
    const open = await run('2026-03-05');
    expect(open).toMatchObject({ status: 409, body: { code: 'reconcile.day-open' } });
    w.papers.ready = false;
    expect(await run()).toMatchObject({ status: 409, body: { code: 'reconcile.not-ready' } });
    const { body } = await admin.call('get', `/v1/admin/reconciliation/${DAY}`);
    expect(body).toMatchObject({
      ...{ state: 'waiting', why: 'reconcile.not-ready', sources: [], notCompared: [] },
      history: [
        { why: 'reconcile.not-ready', state: 'waiting', sources: [], notCompared: [], differences: 0 },
      ],
    });
    w.papers.ready = true;
    w.ledger.read = () => {
      throw new Error('The database is gone.');
    };
    expect(await run()).toMatchObject({ status: 500, body: { code: 'server.internal' } });
  });

  it('asks for a difference to be settled, which a second person allows', async () => {
    w.has(boughtAt(1));
    w.papers.rows.set(DAY, []);
    await run();
    const [found] = w.allCases();
    const path = `/v1/admin/cases/${found?._id ?? ''}/settlement`;
    const adjustment = { debit: 'suspense:reconcile', credit: 'channel:wechat', fen: 5000 };
    const text = 'The channel never had it.';
    const asked = await admin.call('post', path, { body: { text, adjustment } });
    expect(asked).toMatchObject({ status: 202, body: { kind: 'case.settle', status: 'open' } });
    await office.allow({ _id: String(asked.body['id']) });
    expect((await w.ledger.turnover()).get('suspense:reconcile')).toBe(5000);
    expect(await admin.call('post', path, { body: { text } })).toMatchObject({
      ...{ status: 409, body: { code: 'case.resolved' } },
    });
  });

  it('makes one request of what is sent twice under one key', async () => {
    w.has(boughtAt(1));
    w.papers.rows.set(DAY, []);
    await run();
    const path = `/v1/admin/cases/${w.allCases()[0]?._id ?? ''}/settlement`;
    const init = {
      body: { text: 'It is so.' },
      headers: { 'idempotency-key': '7d444840-9dc0-41d1-b245-5ffdce74fad2' },
    };
    const [one, two] = [await admin.call('post', path, init), await admin.call('post', path, init)];
    expect(two.body['id']).toBe(one.body['id']);
  });
});
