import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { RollupStore } from '../../insight/report/rollup-store.ts';
import type { AnyRoute } from '../../route/route.ts';
import { openAccess } from '../../testing/access.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { lowCredit } from '../../testing/alert-low-credit.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { createDeposit } from '../../wiring/deposit.ts';
import { LedgerStore } from '../ledger/ledger-store.ts';
import { DepositBooks } from './deposit-books.ts';
import { adminDepositRoutes } from './routes.ts';

let t: TestContext;
let routes: AnyRoute[];
let calls: AdminCalls;
let ledger: LedgerStore;
const clock = new ManualClock();

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  await t.redis.flushdb();
  t.db.deleteModel(/.*/u);
  const { approvals } = await openAccess(t, clock);
  ledger = new LedgerStore(t.db);
  const rollups = new RollupStore(t.db);
  await Promise.all([ledger.prepare(), rollups.prepare()]);
  const deps = { db: t.db, redis: t.redis, clock, grid: { grid: 'collection-v1' } } as never;
  const deposit = await createDeposit(deps, {
    ...{ access: { approvals }, report: { rollups } },
    books: { ledger, depositBooks: new DepositBooks(t.db) },
  });
  routes = adminDepositRoutes(deposit);
  calls = await serveAdmin([...routes, ...adminApprovalRoutes({ approvals })], { log: watchedLog() });
  return () => calls.close();
});

const allow = (approval: Record<string, unknown>, as = 'boris') =>
  calls.call('post', `/v1/admin/approvals/${String(approval['id'])}/decide`, { as, body: { accept: true } });
const topUp = { fen: 5_000_000, reference: 'bank-1', paidOn: '2026-01-14', reason: 'Paid to the grid.' };
const seen = async () => (await calls.call('get', '/v1/admin/deposit')).body;

describe('our deposit at the grid over HTTP', () => {
  it('needs a permission, and every other one does not do', async () => {
    await expectOthersRefused(calls, routes, (path) => path.replace(':topUp', 'deposit-1'));
  });

  it('shows nothing of what is left where the grid never said', async () => {
    expect(await seen()).toMatchObject({
      ...{ grid: 'collection-v1', availableFen: null, asOf: null, batch: 'open', refusedAt: null },
      ...{ weekFen: 0, daysLeft: null, paidInFen: 0, entries: [] },
    });
  });

  it('shows what is left and how long it lasts', async () => {
    await lowCredit(t, new Date(clock.now()));
    expect(await seen()).toMatchObject({ availableFen: 20_000, weekFen: 70_000, daysLeft: 2 });
  });

  it('is topped up, and a wrong one undone, by two persons, and the books have both', async () => {
    const asked = await calls.call('post', '/v1/admin/deposit/top-ups', { body: topUp });
    expect(asked).toMatchObject({ status: 202, body: { kind: 'deposit.top-up' } });
    expect((await allow(asked.body, 'anna')).body['code']).toBe('approval.same-person');
    expect(await ledger.turnover()).toEqual(new Map());
    expect(await allow(asked.body)).toMatchObject({ body: { status: 'done' } });
    expect(Object.fromEntries(await ledger.turnover())).toEqual({
      'grid:collection-v1:deposit': 5_000_000,
      'bank:grid': -5_000_000,
    });
    const { paidInFen, entries } = await seen();
    expect(paidInFen).toBe(5_000_000);
    expect(entries).toMatchObject([
      { kind: 'top-up', fen: 5_000_000, reference: 'bank-1', paidOn: '2026-01-14' },
    ]);
    const [{ id }] = entries as [{ id: string }];
    const reversal = `/v1/admin/deposit/top-ups/${id}/reversal`;
    const undo = await calls.call('post', reversal, { body: { reason: 'Paid once.' } });
    expect(await allow(undo.body)).toMatchObject({ body: { status: 'done' } });
    expect(Object.fromEntries(await ledger.turnover())).toEqual({
      'grid:collection-v1:deposit': 0,
      'bank:grid': 0,
    });
    expect(await seen()).toMatchObject({ paidInFen: 0, entries: [{ kind: 'top-up-undone' }, { id }] });
    const again = await calls.call('post', reversal, { body: { reason: 'Paid once.' } });
    expect([again.status, again.body['code']]).toEqual([404, 'request.not-found']);
  });
});
