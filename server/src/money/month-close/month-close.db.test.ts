import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { daysBetween, startOfDay } from '../../kernel/china-time.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { AnyRoute } from '../../route/route.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { boughtAt, DAY } from '../../testing/bought-orders.ts';
import { ruleOf } from '../../testing/commission-judge.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { placeOf } from '../commission/rule.ts';
import { ClosedMonths } from '../ledger/closed-months.ts';
import { digestOf } from './month-close.ts';
import { adminMonthRoutes } from './routes.ts';

const MONTH = '2026-03';
const SHOP = 'c00000000000000a1';
const MONTHS = '/v1/admin/money/months';

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
  const { books, access } = w;
  const { approvals } = access;
  books.months.register(approvals);
  routes = adminMonthRoutes({ months: books.months, approvals });
  admin = await serveAdmin([...routes, ...adminApprovalRoutes({ approvals })], w);
  return () => admin.close();
});

/** It is this day, at noon in China. */
const today = (day: string): void => {
  w.clock.jump(startOfDay(day).getTime() + 43_200_000 - w.clock.now());
};
/** Some sales of the first day, with commissions. */
async function sold(): Promise<void> {
  const rule = ruleOf({ id: 'r1' });
  await w.books.commissionRules.replace(placeOf(rule), null, [rule]);
  await w.told([1, 2].map((digit) => ({ ...boughtAt(digit), orgPath: ['province', SHOP] })));
}
/** Every day of the month is compared, in April. */
async function allDaysRun(): Promise<void> {
  today('2026-04-02');
  for (const day of daysBetween(DAY, '2026-03-31')) await w.books.reconciler.run({ first: day, by: 'u9' });
}
async function compared(): Promise<void> {
  await sold();
  await allDaysRun();
}
const list = async () =>
  (await admin.call('get', MONTHS)).body['months'] as { month: string; state: string; inTheWay: object[] }[];
const close = () => admin.call('post', `${MONTHS}/${MONTH}/close`, { body: { reason: 'It is over.' } });
const allow = (approval: Record<string, unknown>, as = 'boris') =>
  admin.call('post', `/v1/admin/approvals/${String(approval['id'])}/decide`, { as, body: { accept: true } });
/** Two persons close it, and the worker takes its sums. */
async function closed(): Promise<void> {
  await compared();
  const asked = await close();
  expect(asked).toMatchObject({ status: 202, body: { kind: 'month.close' } });
  expect(await allow(asked.body)).toMatchObject({ body: { status: 'done' } });
  await w.books.months.round();
  expect((await list())[1]).toMatchObject({ month: MONTH, state: 'closing' });
  w.clock.jump(61_000);
  await w.books.months.round();
}
/** Undoes a sale on the last day of March, of which the books hear only now. */
async function undoneInMarch(digit: number): Promise<void> {
  const { _id, events } = boughtAt(digit);
  const at = new Date('2026-03-31T23:59:00+08:00');
  const undone = { n: 3, at, name: 'sale.undone', by: 'grid' };
  const set = { events: [...events, undone], version: 3, updatedAt: new Date(w.clock.now()) };
  await t.db.collection('orders').updateOne({ _id: _id as never }, { $set: set });
  await w.books.catchUp();
}
const lateCases = async () =>
  (await w.cases.list({ kind: 'late-posting', limit: 20 }, WHOLE_PROVINCE)).map(({ orderNo, facts }) => [
    orderNo,
    facts.posting,
    facts.day,
    facts.ledgerFen,
  ]);

describe('months over HTTP', () => {
  it('are seen by who reads bills, and closed by who settles', async () => {
    expect(routes.map(({ path, permission, scope }) => [path, permission, scope])).toEqual([
      [MONTHS, 'bill:read', 'province'],
      [`${MONTHS}/:month`, 'bill:read', 'province'],
      [`${MONTHS}/:month/close`, 'reconcile:settle', 'province'],
    ]);
    await expectOthersRefused(admin, routes, (path) => path.replace(':month', MONTH));
  });

  it('are none where nothing is booked', async () => {
    expect(await list()).toEqual([]);
    expect(await close()).toMatchObject({ status: 404, body: { code: 'request.not-found' } });
  });

  it('are open with what is in the way, and compared once nothing is', async () => {
    await sold();
    await w.books.reconciler.run({ first: DAY, by: 'u9' });
    expect(await list()).toMatchObject([
      {
        ...{ month: MONTH, state: 'open' },
        inTheWay: [
          { what: 'not-over' },
          { what: 'days-not-compared', days: ['2026-03-02', '2026-03-03', '2026-03-04'] },
        ],
      },
    ]);
    const refused = await close();
    expect(refused).toMatchObject({ status: 409, body: { code: 'month.not-compared' } });
    expect(refused.body['detail']).toContain('The month is not over. Days were not compared: 2026-03-02');
    await allDaysRun();
    expect((await list()).map(({ month, state }) => [month, state])).toEqual([
      ['2026-04', 'open'],
      [MONTH, 'compared'],
    ]);
  });
});

describe('a closed month', () => {
  it('has its sums under a digest, which is that of the postings', async () => {
    await closed();
    const { body } = await admin.call('get', `${MONTHS}/${MONTH}`);
    expect(body).toMatchObject({ state: 'closed', inTheWay: [], closedBy: ['anna', 'boris'] });
    const sums = body['sums'] as { account: string; fen: number }[];
    const turnover = await w.books.ledger.turnover({ from: DAY, to: '2026-03-31' });
    expect(new Map(sums.map(({ account, fen }) => [account, fen]))).toEqual(turnover);
    expect(sums.find(({ account }) => account === `commission:${SHOP}`)?.fen).toBe(-100);
    expect(sums.reduce((sum, { fen }) => sum + fen, 0)).toBe(0);
    expect(body['digest']).toBe(digestOf(MONTH, sums));
    expect(await close()).toMatchObject({ status: 409, body: { code: 'month.closed' } });
  });

  it('needs a second person, and nothing in the way when that one allows it', async () => {
    await compared();
    const asked = await close();
    expect((await allow(asked.body, 'anna')).body['code']).toBe('approval.same-person');
    await w.cases.open({ kind: 'AMOUNT_DIFF', orderNo: '260301100000000001', facts: { day: DAY } });
    expect(await allow(asked.body)).toMatchObject({
      body: { status: 'failed', failure: 'month.not-compared' },
    });
    expect((await list())[1]).toMatchObject({ state: 'open', inTheWay: [{ what: 'cases-open' }] });
  });

  it('keeps its sums whatever comes later: that is posted, and a case says which', async () => {
    await closed();
    const { body: before } = await admin.call('get', `${MONTHS}/${MONTH}`);
    await undoneInMarch(1);
    await w.books.months.round();
    await w.books.months.round();
    expect((await admin.call('get', `${MONTHS}/${MONTH}`)).body).toEqual(before);
    const { ledger } = w.books;
    const march = { from: DAY, to: '2026-03-31' };
    const inTime = await ledger.turnover({ ...march, inTime: true });
    const sums = before['sums'] as { account: string; fen: number }[];
    expect(inTime).toEqual(new Map(sums.map(({ account, fen }) => [account, fen])));
    expect((await ledger.turnover(march)).get(`commission:${SHOP}`)).toBe(-50);
    const no = '260301100000000001';
    expect((await lateCases()).toSorted()).toEqual([
      [no, `${no}:3:commission`, '2026-03-31', 50],
      [no, `${no}:3:money`, '2026-03-31', 5000],
    ]);
    expect((await list())[0]).toMatchObject({ month: '2026-04', state: 'open' });
    expect((await list())[0]?.inTheWay).toContainEqual(expect.objectContaining({ what: 'cases-open' }));
  });

  it('that comes while it is being closed is late as well, and counted once', async () => {
    await compared();
    await allow((await close()).body);
    await undoneInMarch(2);
    w.clock.jump(61_000);
    await w.books.months.round();
    const { body } = await admin.call('get', `${MONTHS}/${MONTH}`);
    const sums = body['sums'] as { account: string; fen: number }[];
    expect(sums.find(({ account }) => account === `commission:${SHOP}`)?.fen).toBe(-100);
    expect(await lateCases()).toHaveLength(2);
  });

  it('is a case where its postings are not those of its sums, whoever wrote them', async () => {
    await closed();
    const unsound = async () =>
      (await w.cases.list({ kind: 'ledger-unsound', limit: 9 }, WHOLE_PROVINCE)).map(({ key, facts }) => [
        key,
        facts,
      ]);
    await w.books.months.round();
    expect(await unsound()).toEqual([]);
    // As of a process that asked which months are closed, stood still until this one was, and went on.
    const [posting] = await t.db.collection('postings').find({ day: DAY }).toArray();
    await t.db
      .collection<{ _id: string; source: string }>('postings')
      .insertOne({ ...posting, _id: 'frozen:1:money', source: 'frozen' });
    w.clock.jump(3_600_000);
    await w.books.months.round();
    await w.books.months.round();
    expect(await unsound()).toEqual([
      [`month-${MONTH}`, { why: expect.stringContaining(`${MONTH} is closed`) as string }],
    ]);
    expect((await list()).find(({ month }) => month === MONTH)).toMatchObject({ state: 'closed' });
  });

  it('stays as it was closed first, also when its approval is carried out again or another is allowed', async () => {
    await compared();
    const [one, other] = [await close(), await close()];
    expect(await allow(one.body)).toMatchObject({ body: { status: 'done' } });
    const months = new ClosedMonths(t.db);
    const before = await months.get(MONTH);
    if (before === null) throw new Error('It is not closed.');
    const { state: _state, ...asBegun } = before;
    expect(await allow(other.body)).toMatchObject({ body: { status: 'failed', failure: 'month.closed' } });
    const again = { $set: { status: 'accepted' }, $unset: { runUntil: 1 } };
    await t.db.collection('approvals').updateOne({ _id: String(one.body['id']) as never }, again);
    expect(await w.access.approvals.resume(() => undefined)).toBe(1);
    expect(await months.get(MONTH)).toEqual(before);
    expect(await months.begin({ ...asBegun, approval: 'x' })).toBe(false);
  });

  it('comes after the one before', async () => {
    await compared();
    today('2026-05-02');
    const days = daysBetween('2026-04-01', '2026-04-30');
    await w.books.reconciler.run({ first: days[0] ?? '', last: days.at(-1) ?? '', by: 'u9' });
    expect((await list())[1]).toMatchObject({ month: '2026-04', inTheWay: [{ what: 'month-before-open' }] });
  });
});
