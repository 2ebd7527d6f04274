import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { DAY } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { TerminalStore } from '../../fleet/store/terminals.ts';
import type { AnyRoute } from '../../route/route.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { adminBillRoutes } from './routes.ts';
import { adminReconciliationRoutes } from '../reconcile/routes.ts';

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
  const { access, books, settlements, clock } = w;
  const { audit } = access;
  const { bills, statements } = books;
  const orgs = {
    getWithin: (_: string, scope: string) =>
      scope === 'province'
        ? Promise.resolve()
        : Promise.reject(new ProblemError({ code: 'request.not-found', message: 'None.' })),
  };
  routes = adminBillRoutes({ bills, statements, orgs, grid: 'collection-v1', audit, clock });
  admin = await serveAdmin([...routes, ...adminReconciliationRoutes({ books, settlements, audit })], w);
  return () => admin.close();
});

const RUNS = '/v1/admin/reconciliation/runs';
const run = (body: object) => admin.call('post', RUNS, { body });
const actions = async () => (await w.access.stores.audit.find({ limit: 50 })).map(({ action }) => action);
const BILLS = [
  `grid?day=${DAY}`,
  'channel?channel=wechat&month=2026-03',
  `community?community=${encodeURIComponent('新安社区')}&month=2026-03`,
  'household?meterNo=000000000001&month=2026-03',
  'commission?org=650100&month=2026-03',
];

describe('bills over HTTP', () => {
  it('need a permission each, and every other one does not do', async () => {
    const needed = Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, each.permission]));
    expect(needed).toEqual({
      'get /v1/admin/bills/grid': 'bill:read',
      'get /v1/admin/bills/channel': 'bill:read',
      'get /v1/admin/bills/community': 'bill:read',
      'get /v1/admin/bills/household': 'bill:read',
      'get /v1/admin/bills/commission': 'bill:read',
    });
    await expectOthersRefused(admin, routes, (path) => path);
    expect(await actions()).toEqual([]);
  });

  it.each(BILLS)(
    'the bill %s is the same file twice, as XLSX and as PDF, and who fetched it is kept',
    async (bill) => {
      const orders = await w.bought(1, 2);
      const terminals = new TerminalStore(t.db);
      const terminalId = orders[0]?.terminalId ?? '';
      const { sealKey: key } = await fakeTerminal(terminalId);
      const at = new Date(w.clock.now());
      await terminals.enrol({
        ...{
          _id: terminalId,
          signKey: key,
          sealKey: key,
          kind: 'kiosk',
          name: 'n',
          version: '1',
          enrolledAt: at,
        },
      });
      await terminals.place(terminalId, { _id: '新安社区', path: ['province'] });
      const address = `/v1/admin/bills/${bill}`;
      const file = (format: string) => admin.file(`${address}&format=${format}`);
      if (!/^(?:channel|commission)/u.test(bill)) {
        // The ledger does not confirm it yet.
        w.clock.jump(40 * 86_400_000);
        expect((await admin.call('get', address)).body['code']).toBe('bill.not-settled');
        w.clock.jump(-40 * 86_400_000);
      }
      await w.books.projector.round();
      await run({ first: DAY, last: DAY });
      if (bill.includes('month')) {
        expect((await admin.call('get', address)).body['code']).toBe('bill.not-settled');
        w.clock.jump(40 * 86_400_000);
      }
      const [xlsx, again, pdf, pdfAgain] = [
        await file('xlsx'),
        await file('xlsx'),
        await file('pdf'),
        await file('pdf'),
      ];
      expect([xlsx.status, pdf.status]).toEqual([200, 200]);
      expect(xlsx.type).toContain('spreadsheetml');
      expect([pdf.type, pdf.name.includes('.pdf')]).toEqual(['application/pdf', true]);
      expect(Buffer.from(xlsx.bytes.subarray(0, 2)).toString()).toBe('PK');
      expect(Buffer.from(pdf.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
      expect(Buffer.compare(xlsx.bytes, again.bytes)).toBe(0);
      expect(Buffer.compare(pdf.bytes, pdfAgain.bytes)).toBe(0);
      expect((await actions()).filter((action) => action === 'bill.read')).toHaveLength(4);
    },
  );

  it.each(BILLS.filter((each) => /^(?:community|commission)/u.test(each)))(
    'the bill %s is there for its own people alone, and nobody else leaves a trace of having it',
    async (bill) => {
      w.clock.jump(40 * 86_400_000);
      const { status } = await admin.call('get', `/v1/admin/bills/${bill}`, { as: 'carl||653100' });
      expect([status, await actions()]).toEqual([404, []]);
    },
  );

  it('bills are refused for what is no day, month, channel, meter or format', async () => {
    for (const query of [
      'grid?day=2026-02-30',
      'grid',
      'channel?channel=cash&month=2026-03',
      'channel?channel=wechat&month=2026-00',
      'community?community=&month=2026-03',
      'household?meterNo=1&month=2026-03',
      `grid?day=${DAY}&format=docx`,
    ]) {
      const { status, body } = await admin.call('get', `/v1/admin/bills/${query}`);
      expect([query, status, body['code']]).toEqual([query, 400, 'request.malformed']);
    }
    expect((await admin.call('get', '/v1/admin/bills/grid?day=2026-03-05')).body['code']).toBe(
      'bill.not-settled',
    );
  });
});
