import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { DAY, rowOf } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { AnyRoute } from '../../route/route.ts';
import { RollupStore } from '../../insight/report/rollup-store.ts';
import { FloatStore } from '../float/float-store.ts';
import { MongoCaseStore } from '../../cases/case-store.ts';
import { caseIdOf } from '../../cases/case.ts';
import { caseOfDifference } from '../transfer/difference.ts';
import { MissingMoney } from '../transfer/missing.ts';
import { GridTransferStore } from '../transfer/transfer-store.ts';
import type { GridTransfer } from '../transfer/transfer.ts';
import { MoneyGlance } from './glance.ts';
import { adminMoneyRoutes } from './routes.ts';

const GRID = 'collection-v1';
const MONEY = '/v1/admin/money';
const FLOWS = {
  commissions: 'invoiced',
  channels: { wechat: { merchantOfRecord: '便民公司', account: '工行 尾号 1234', licensedParty: '财付通' } },
} as const;

let t: TestContext;
let w: BooksWorld;
let routes: AnyRoute[];
let admin: AdminCalls;
let availableFen: number | null;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await BooksWorld.open(t);
  availableFen = 1_250_000;
  const { ledger, days } = w.books;
  const rollups = new RollupStore(t.db);
  await rollups.prepare();
  const glance = new MoneyGlance({
    ...{ grid: GRID, channels: new Set(['wechat']), ledger, days, clock: w.clock },
    floats: new FloatStore(t.db),
    transfers: new GridTransferStore(t.db),
    missing: new MissingMoney({ grid: GRID, days, cases: new MongoCaseStore(t.db) }),
    credit: {
      known: () =>
        Promise.resolve({ availableFen, asOf: new Date(w.clock.now()), batch: 'open', refusedAt: null }),
    },
    rollups,
  });
  routes = adminMoneyRoutes({ glance, flows: FLOWS });
  admin = await serveAdmin(routes, w);
  return () => admin.close();
});

const get = (query = '') => admin.call('get', `${MONEY}${query}`);
const linesOf = async (accounts: readonly string[], more = '') =>
  (await get(`/lines?day=${DAY}&accounts=${accounts.join(',')}${more}`)).body as {
    lines: { id: string; orderNo: string | null; name: string; legs: { account: string; fen: number }[] }[];
    next: string | null;
  };

describe('money at a glance', () => {
  it('is for whoever may read bills, of the whole province', async () => {
    const needed = routes.map(({ path, permission, scope }) => [path, permission, scope]);
    expect(needed).toEqual(
      ['', '/lines', '/month', '/flows'].map((path) => [`${MONEY}${path}`, 'bill:read', 'province']),
    );
    await expectOthersRefused(admin, routes, (path) => path);
  });

  it('says what is owed for a day, before and after it was compared, and each sum is that of its lines', async () => {
    availableFen = null;
    const orders = await w.bought(1, 2, 3);
    await w.books.projector.round();
    const before = await get(`?day=${DAY}`);
    expect(before).toMatchObject({
      status: 200,
      body: {
        ...{ day: DAY, over: true, reconciled: { state: 'none' } },
        grid: { sales: 3, compared: 'not-yet' },
        deposit: { availableFen: null, daysLeft: null },
      },
    });
    await w.books.reconciler.run({ first: DAY, by: 'system' });
    const { body } = await get(`?day=${DAY}`);
    const { grid, channels } = body as {
      grid: Record<string, number>;
      channels: Record<string, number | string>[];
    };
    expect(body).toMatchObject({
      reconciled: { state: 'done' },
      grid: { compared: 'even' },
      channels: [{ channel: 'wechat', payments: 3, paidFen: 15_000, compared: 'even' }],
    });
    expect(grid['owedFen']).toBe(15_000);
    expect(channels[0]?.['netFen']).toBe(15_000 - Number(channels[0]?.['feeFen']));
    const { lines, next } = await linesOf(['credit', 'arrears', 'fee'].map((part) => `grid:${GRID}:${part}`));
    expect(next).toBeNull();
    expect(lines.map(({ orderNo }) => orderNo)).toEqual(orders.map(({ _id }) => _id).toSorted());
    const sum = lines.flatMap(({ legs }) => legs).reduce((fen, leg) => fen - leg.fen, 0);
    expect(sum).toBe(grid['owedFen']);
    const month = await get('/month?month=2026-03');
    expect(month.body['firstDay']).toBe(DAY);
    expect((month.body['days'] as object[]).slice(0, 2)).toEqual([
      {
        ...{ day: DAY, state: 'done', stale: false, owedFen: grid['owedFen'] },
        ...{ channelsFen: channels[0]?.['netFen'], feeFen: channels[0]?.['feeFen'], differences: 0 },
      },
      {
        ...{ day: '2026-03-02', state: 'none', stale: false, owedFen: null, channelsFen: null },
        ...{ feeFen: null, differences: 0 },
      },
    ]);
  });

  it('says what a transfer left to be paid, until two persons settle that', async () => {
    await w.bought(1, 2, 3);
    await w.books.projector.round();
    await w.books.reconciler.run({ first: DAY, by: 'system' });
    const transfer: GridTransfer = {
      ...{ _id: 'transfer-1', grid: GRID, n: 1, kind: 'paid', from: DAY, to: '2026-03-02', fen: 14_000 },
      ...{ owedFen: 15_000, reference: 'BANK-7', paidOn: '2026-03-03', by: 'boris', at: new Date(0) },
    };
    await new GridTransferStore(t.db).add(transfer);
    const toPay = async (): Promise<unknown> => (await get(`?day=${DAY}`)).body['grid'];
    expect(await toPay()).toMatchObject({ owedFen: 15_000, toPayFen: 1000, transfer: { fen: 14_000 } });
    const { n: _n, _id: restOf, ...first } = transfer;
    await new GridTransferStore(t.db).add({
      ...{
        ...first,
        _id: 'transfer-2',
        n: 2,
        kind: 'rest',
        restOf,
        fen: 400,
        owedFen: 1000,
        reference: 'BANK-8',
      },
    });
    expect(await toPay()).toMatchObject({
      toPayFen: 600,
      transfer: { fen: 14_000, rests: [{ fen: 400, reference: 'BANK-8', paidOn: '2026-03-03' }] },
    });
    const about = caseOfDifference(transfer, -600);
    await w.cases.openWhileItLasts({ ...about, facts: {} });
    expect(await toPay()).toMatchObject({ toPayFen: 600 });
    const boris = { id: 'boris', name: 'boris' };
    await w.cases.resolve(caseIdOf(about), boris, 'The grid waived it.', { twoPersons: true });
    expect(await toPay()).toMatchObject({ owedFen: 15_000, toPayFen: 0, transfer: { fen: 14_000 } });
  });

  it('says where a bill is another, and where there is none', async () => {
    const [one] = await w.bought(1, 2);
    if (one === undefined) throw new Error('Nothing was bought.');
    w.papers.rows.set(DAY, [rowOf(one, { fen: 4999 }), ...(w.papers.rows.get(DAY) ?? []).slice(1)]);
    await w.books.projector.round();
    await w.books.reconciler.run({ first: DAY, by: 'system' });
    expect((await get(`?day=${DAY}`)).body).toMatchObject({
      channels: [{ compared: 'explained' }],
      grid: { compared: 'even' },
    });
    w.papers.bills = false;
    await w.books.reconciler.run({ first: DAY, by: 'system' });
    expect((await get(`?day=${DAY}`)).body).toMatchObject({
      channels: [{ compared: 'without-bill' }],
      grid: { compared: 'without-bill' },
    });
  });

  it('turns the pages of a sum without leaving a line out or saying one twice', async () => {
    await w.bought(1, 2, 3, 4, 5);
    await w.books.projector.round();
    await w.books.reconciler.run({ first: DAY, by: 'system' });
    const whole = await linesOf(['channel:wechat']);
    const paged: string[] = [];
    for (let after = ''; ;) {
      const page = await linesOf(['channel:wechat'], `&limit=2${after}`);
      paged.push(...page.lines.map(({ id }) => id));
      if (page.next === null) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    expect(paged).toEqual(whole.lines.map(({ id }) => id));
    expect(paged.length).toBe(6);
    expect(whole.lines.filter(({ orderNo }) => orderNo === null).map(({ name }) => name)).toEqual([
      'bill.fee',
    ]);
  });

  it('is of yesterday where no day is named, and an empty day is one', async () => {
    expect((await get()).body).toMatchObject({
      ...{ day: '2026-03-04', over: true, heldFen: 0, others: [], floats: [], discounts: [] },
      grid: { owedFen: 0, toPayFen: 0 },
    });
    expect((await get('?day=2026-03-05')).body).toMatchObject({ over: false });
  });

  it('says through whose hands money goes, or which setting would', async () => {
    expect((await get('/flows')).body).toEqual({ setting: 'FUND_FLOWS', flows: FLOWS });
    const bare = await serveAdmin(adminMoneyRoutes({ glance: {} as never }), w);
    expect((await bare.call('get', `${MONEY}/flows`)).body).toEqual({ setting: 'FUND_FLOWS', flows: null });
    await bare.close();
  });

  it('refuses what is no account, no day and no page', async () => {
    for (const query of [
      `/lines?day=${DAY}`,
      `/lines?day=${DAY}&accounts=`,
      `/lines?day=${DAY}&accounts=$where`,
      `/lines?day=${DAY}&accounts=a,b,c,d,e`,
      `/lines?day=${DAY}&accounts=bank&after=1`,
      '/lines?day=2026-02-30&accounts=bank',
      '?day=yesterday',
      '/month?month=2026-13',
    ]) {
      const { status, body } = await get(query);
      expect([query, status, body['code']]).toEqual([query, 400, 'request.malformed']);
    }
  });
});
