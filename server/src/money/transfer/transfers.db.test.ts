import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import type { AnyRoute } from '../../route/route.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { DAY } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { ANNA, HERE } from '../../testing/staff-members.ts';
import { caseIdOf } from '../../cases/case.ts';
import { createTransfers } from '../../wiring/transfer.ts';
import { caseOfDifference } from './difference.ts';
import { adminTransferRoutes } from './routes.ts';
import { GridTransferStore } from './transfer-store.ts';

const TRANSFERS = '/v1/admin/transfers';

let t: TestContext;
let w: BooksWorld;
let routes: AnyRoute[];
let calls: AdminCalls;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await BooksWorld.open(t);
  const { approvals } = w.access;
  const deps = {
    ...{ db: t.db, clock: w.clock, grid: { grid: 'collection-v1' } },
    config: { GRID_VENDOR_CREDIT: 'off' },
  };
  routes = adminTransferRoutes(await createTransfers(deps as never, { access: w.access, books: w.books }));
  calls = await serveAdmin([...routes, ...adminApprovalRoutes({ approvals })], w);
  return () => calls.close();
});

const body = (over: object = {}) => ({
  ...{
    from: DAY,
    to: DAY,
    fen: 15_000,
    reference: 'BANK-7',
    paidOn: '2026-03-03',
    reason: 'As the bank says.',
  },
  ...over,
});
const ask = (over: object = {}) => calls.call('post', TRANSFERS, { body: body(over) });
const decide = (approval: Record<string, unknown>, accept: boolean, as = 'boris') =>
  calls.call('post', `/v1/admin/approvals/${String(approval['id'])}/decide`, { as, body: { accept } });
const allow = (approval: Record<string, unknown>, as?: string) => decide(approval, true, as);
const seen = async () => (await calls.call('get', TRANSFERS)).body;
/** Three sales of the first day, which is compared. */
async function compared(): Promise<void> {
  await w.bought(1, 2, 3);
  await w.books.projector.round();
  await w.books.reconciler.run({ first: DAY, by: 'system' });
}

describe('transfers to the grid over HTTP', () => {
  it('need a permission, and every other one does not do', async () => {
    await expectOthersRefused(calls, routes, (path) => path.replace(':transfer', 'transfer-1'));
  });

  it('show nothing where nothing was sold', async () => {
    expect(await seen()).toEqual({
      ...{ grid: 'collection-v1', offered: true, next: null, unpaid: [], payableTo: null, entries: [] },
    });
    expect((await ask()).body['code']).toBe('transfer.not-next');
  });

  it('pay a compared day by two persons, and it is undone by two', async () => {
    await compared();
    const before = await seen();
    expect(before['next']).toBe(DAY);
    expect(before['unpaid']).toEqual([
      { day: DAY, state: 'done', stale: false, owedFen: 15_000 },
      ...['2026-03-02', '2026-03-03', '2026-03-04'].map((day) => ({
        ...{ day, state: 'none', stale: false, owedFen: null },
      })),
    ]);
    expect(before['payableTo']).toBe(DAY);
    expect((await ask({ to: '2026-03-02' })).body['code']).toBe('transfer.days-open');
    expect((await ask({ to: '2036-03-07' })).body['code']).toBe('transfer.days-open');
    expect((await ask({ to: '2036-03-08' })).body['code']).toBe('request.malformed');
    const asked = await ask();
    expect(asked).toMatchObject({ status: 202, body: { kind: 'transfer.book' } });
    expect((await allow(asked.body, 'anna')).body['code']).toBe('approval.same-person');
    expect(await allow(asked.body)).toMatchObject({ body: { status: 'done' } });
    expect(Object.fromEntries(await w.books.ledger.turnover({ from: '2026-03-05' }))).toEqual({
      'grid:collection-v1:transferred': 15_000,
      'bank:grid': -15_000,
    });
    const { next, entries } = await seen();
    expect(next).toBe('2026-03-02');
    const [{ id }] = entries as [{ id: string }];
    expect(entries).toMatchObject([
      { kind: 'paid', state: 'newest', from: DAY, to: DAY, fen: 15_000, owedFen: 15_000, owedNowFen: null },
    ]);
    const reversal = `${TRANSFERS}/${id}/reversal`;
    const undo = await calls.call('post', reversal, { body: { reason: 'It came back.' } });
    expect(await allow(undo.body)).toMatchObject({ body: { status: 'done' } });
    expect((await w.books.ledger.turnover()).get('bank:grid')).toBe(0);
    expect(await seen()).toMatchObject({ next: DAY, entries: [{ kind: 'undone' }, { id, state: 'undone' }] });
    const again = await calls.call('post', reversal, { body: { reason: 'It came back.' } });
    expect([again.status, again.body['code']]).toEqual([404, 'request.not-found']);
  });

  it('that a process entered and did not post is posted when it is carried out again, once', async () => {
    await compared();
    const asked = await ask();
    const { ledger } = w.books;
    const add = ledger.add.bind(ledger);
    let killed = 0;
    ledger.add = (postings) => {
      killed += 1;
      return killed === 1 ? Promise.reject(new Error('Killed.')) : add(postings);
    };
    await allow(asked.body).catch(() => undefined);
    expect((await ledger.turnover()).get('bank:grid')).toBeUndefined();
    const failed = (error: unknown): never => {
      throw error;
    };
    expect(await w.access.approvals.resume(failed)).toBe(1);
    expect(await w.access.approvals.resume(failed)).toBe(0);
    expect((await ledger.turnover()).get('bank:grid')).toBe(-15_000);
    expect(await new GridTransferStore(t.db).history('collection-v1')).toHaveLength(1);
  });

  it('of two for the same day the second fails, and says so', async () => {
    await compared();
    const [one, other] = [await ask({ fen: 14_000 }), await ask({ fen: 15_000, reference: 'BANK-8' })];
    const outcomes = await Promise.all([allow(one.body), allow(other.body, 'carol')]);
    expect(outcomes.map(({ body: { status } }) => status).toSorted()).toEqual(['done', 'failed']);
    expect(await new GridTransferStore(t.db).history('collection-v1')).toHaveLength(1);
  });

  it('are entered once under one reference, however it is typed, also at the same moment', async () => {
    await compared();
    const both = await Promise.all([ask(), ask({ reference: 'ｂａｎｋ－7 ' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    const refused = both.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'transfer.reference-used' });
    const third = (await ask({ reference: 'bank -7' })).body;
    expect(third['detail']).toContain(`${DAY} to ${DAY}`);
  });

  it('that were refused or undone free their reference, and those that were done do not', async () => {
    await compared();
    await decide((await ask()).body, false);
    const asked = await ask();
    expect(await allow(asked.body)).toMatchObject({ body: { status: 'done' } });
    const next = { from: '2026-03-02', to: '2026-03-02' };
    await w.books.reconciler.run({ first: next.from, by: 'system' });
    expect((await ask(next)).body['code']).toBe('transfer.reference-used');
    const [{ id }] = (await seen())['entries'] as [{ id: string }];
    const undo = await calls.call('post', `${TRANSFERS}/${id}/reversal`, { body: { reason: 'Miscopied.' } });
    expect((await ask(next)).body['code']).toBe('transfer.reference-used');
    expect(await allow(undo.body)).toMatchObject({ body: { status: 'done' } });
    expect(await allow((await ask({ fen: 14_900 })).body)).toMatchObject({ body: { status: 'done' } });
    expect((await ask(next)).body['code']).toBe('transfer.reference-used');
  });

  it('that were too little get a rest by two persons, which is undone before them', async () => {
    await compared();
    await allow((await ask({ fen: 14_000 })).body);
    const entries = async () => (await seen())['entries'] as Record<string, unknown>[];
    const [{ id }] = (await entries()) as [{ id: string }];
    expect(await entries()).toMatchObject([
      { state: 'newest', restOf: null, paidFen: 14_000, missingFen: 1000 },
    ]);
    const { from: _from, to: _to, ...sent } = body({ fen: 1000 });
    const askRest = (over: object = {}) =>
      calls.call('post', `${TRANSFERS}/${id}/rests`, { body: { ...sent, ...over } });
    expect((await askRest()).body['code']).toBe('transfer.reference-used');
    const both = await Promise.all([askRest({ reference: 'BANK-8' }), askRest({ reference: 'bank -8' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    const asked = both.find(({ status }) => status === 202)?.body ?? {};
    expect((await allow(asked, 'anna')).body['code']).toBe('approval.same-person');
    expect(await allow(asked)).toMatchObject({ body: { kind: 'transfer.rest', status: 'done' } });
    expect((await w.books.ledger.turnover()).get('bank:grid')).toBe(-15_000);
    const [rest, first] = await entries();
    expect(rest).toMatchObject({ kind: 'rest', state: 'newest', restOf: id, fen: 1000, owedFen: 1000 });
    expect(rest).toMatchObject({ from: DAY, to: DAY, paidFen: null, missingFen: 0 });
    expect(first).toMatchObject({
      kind: 'paid',
      state: 'stands',
      fen: 14_000,
      paidFen: 15_000,
      missingFen: 0,
    });
    const again = await askRest({ reference: 'BANK-9' });
    expect([again.status, again.body['code']]).toEqual([409, 'transfer.nothing-owed']);
    const undo = await calls.call('post', `${TRANSFERS}/${String(rest?.['id'])}/reversal`, {
      body: { reason: 'It came back.' },
    });
    expect(await allow(undo.body)).toMatchObject({ body: { status: 'done' } });
    expect((await entries())[2]).toMatchObject({ state: 'newest', paidFen: 14_000, missingFen: 1000 });
    expect(await allow((await askRest({ reference: 'BANK-8' })).body)).toMatchObject({
      body: { status: 'done' },
    });
  });

  it('whose difference two persons settled get no rest', async () => {
    await compared();
    await allow((await ask({ fen: 14_000 })).body);
    const [{ id }] = (await seen())['entries'] as [{ id: string }];
    const about = caseOfDifference({ _id: id }, -1000);
    await w.cases.openWhileItLasts({ ...about, facts: {} });
    const settled = await w.settlements.request({
      ...{ caseId: caseIdOf(about), text: 'The grid waived it.', maker: ANNA, where: HERE },
    });
    await allow({ id: settled._id });
    expect((await seen())['entries']).toMatchObject([{ paidFen: 14_000, missingFen: 0 }]);
    const { from: _from, to: _to, ...sent } = body({ fen: 1000, reference: 'BANK-8' });
    const refused = await calls.call('post', `${TRANSFERS}/${id}/rests`, { body: sent });
    expect(refused.body).toMatchObject({ code: 'transfer.nothing-owed' });
    expect(refused.body['detail']).toContain('Two persons settled');
  });
});
