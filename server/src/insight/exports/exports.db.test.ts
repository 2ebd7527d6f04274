import { unzipSync, strFromU8 } from 'fflate';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { EXPORT_COLUMNS } from '@bianmin/purchase/api/exports';
import { chinaClock } from '../../kernel/china-time.ts';
import type { Order } from '../../orders/model/order.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminExportRoutes } from './routes.ts';
import { isFound, type OrderPage, type OrderQuery } from '../../orders/store/order-query.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { ExportStore } from './export-store.ts';
import { Exports } from './exports.ts';
import { ExportRunner } from './runner.ts';
import { xlsxWriter } from './workbook-writer.ts';

const log = pino({ level: 'silent' });
const NUMBER = '650100000001';
let t: TestContext;
let clock: ManualClock;
let store: ExportStore;
let access: TestAccess;
let routes: AnyRoute[];
let admin: AdminCalls;
let count: number;
let seen: OrderQuery[];
let between: (page: number) => Promise<void>;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/u);
  clock = new ManualClock();
  access = await openAccess(t, clock);
  store = new ExportStore(t.db, new NumberSeal(Buffer.alloc(32, 7)));
  await store.prepare();
  routes = adminExportRoutes(new Exports({ store, audit: access.audit, clock }));
  admin = await serveAdmin(routes, { log });
  count = 7;
  seen = [];
  between = () => Promise.resolve();
  return () => admin.close();
});

/** The n-th order, one a second, made when it is asked for: a store of any size that takes no room. */
function orderOf(n: number): Order {
  const createdAt = new Date(clock.now() - 3_600_000 * 24 * 30 + n * 1000);
  const _id = `${chinaClock(createdAt).replace(/\D/gu, '').slice(2)}000000`;
  const paid = samplePayment({
    ...{ no: `${_id}p1`, status: 'succeeded', funds: true, transactionId: `42${_id}` },
    paidAt: createdAt,
  });
  return sampleOrder({ _id, customerNo: NUMBER, state: 'done', payments: [paid], createdAt });
}

const orders = {
  async search(query: OrderQuery, page: OrderPage): Promise<Order[]> {
    seen.push(query);
    await between(seen.length);
    const found: Order[] = [];
    const first = page.after === undefined ? count : position(page.after);
    for (let n = first - 1; n >= 0 && found.length < page.limit; n -= 1) {
      const order = orderOf(n);
      if (isFound(order, query, page)) found.push(order);
    }
    return found;
  },
};
const position = (orderNo: string): number => {
  for (let n = 0; n < count; n += 1) places.set(orderOf(n)._id, n);
  return places.get(orderNo) ?? 0;
};
const places = new Map<string, number>();

const runner = (over: { page?: number; maxRows?: number } = {}): ExportRunner =>
  new ExportRunner({ store, orders, clock, log, pauseMs: 0, page: 3, ...over });
const request = (over: object = {}) => ({
  ...{ key: randomUUID(), format: 'csv', language: 'en', columns: ['orderNo', 'state', 'paidYuan'] },
  search: {},
  ...over,
});
const ask = async (over: object = {}, as = 'anna'): Promise<string> => {
  const { status, body } = await admin.call('post', '/v1/admin/exports', { as, body: request(over) });
  expect(status).toBe(202);
  return String(body['id']);
};
const stateOf = async (id: string) => (await admin.call('get', `/v1/admin/exports/${id}`)).body;
const fileOf = (id: string, as = 'anna') => admin.file(`/v1/admin/exports/${id}/file`, { as });

describe('exports', () => {
  it('need the permission to export, and every other one does not do', async () => {
    expect(new Set(routes.map(({ permission }) => permission))).toEqual(new Set(['order:export']));
    await expectOthersRefused(admin, routes, (path) => path.replace(':id', randomUUID()));
  });

  it('are written in the background, page by page, and fetched as they are', async () => {
    const id = await ask();
    expect(await stateOf(id)).toMatchObject({ status: 'queued', rows: 0, expiresAt: null });
    expect((await admin.call('get', `/v1/admin/exports/${id}/file`)).body['code']).toBe('export.not-ready');
    expect(await runner().work()).toBe(1);
    const done = await stateOf(id);
    expect(done).toMatchObject({ status: 'done', rows: 7, progress: 100 });
    const { status, type, name, bytes } = await fileOf(id);
    expect([status, bytes.length]).toEqual([200, done['bytes']]);
    expect(type).toContain('text/csv');
    expect(name).toContain('.csv');
    // By this mark spreadsheet programs know UTF-8; decoders leave it out.
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = strFromU8(bytes).trimEnd().split('\r\n');
    const newestFirst = [6, 5, 4, 3, 2, 1, 0].map((n) => `${orderOf(n)._id},Done,50.00`);
    expect(lines).toEqual(['Order,State,To pay (yuan)', ...newestFirst]);
    expect(await runner().work()).toBe(0);
  });

  it('hold no household unmasked, and keep a customer number in clear nowhere', async () => {
    const id = await ask({ columns: EXPORT_COLUMNS, search: { customerNo: NUMBER } });
    await runner().work();
    expect(seen[0]?.customerNo).toBe(NUMBER);
    const file = strFromU8((await fileOf(id)).bytes);
    expect(file).toContain('****0001');
    expect(file.replaceAll('****0001', '')).not.toContain(NUMBER);
    const kept = JSON.stringify([
      await t.db.collection('exports').find().toArray(),
      await t.db.collection('audit').find().toArray(),
    ]);
    expect(kept).not.toContain(NUMBER);
  });

  it("are their owner's alone, and expire", async () => {
    const id = await ask();
    await runner().work();
    expect((await fileOf(id, 'boris')).status).toBe(404);
    expect((await admin.call('get', '/v1/admin/exports', { as: 'boris' })).body).toEqual({ exports: [] });
    const mine = await admin.call('get', '/v1/admin/exports');
    expect(mine.body['exports']).toMatchObject([{ id }]);
    clock.jump(24 * 3_600_000);
    expect((await fileOf(id)).status).toBe(404);
    expect(await store.purge(new Date(clock.now()))).toBe(1);
    expect(await t.db.collection('exportchunks').countDocuments()).toBe(0);
  });

  it('asked for twice under one key are one; under another’s key, refused', async () => {
    const body = request();
    await admin.call('post', '/v1/admin/exports', { body });
    await admin.call('post', '/v1/admin/exports', { body });
    expect((await admin.call('get', '/v1/admin/exports')).body['exports']).toHaveLength(1);
    const other = await admin.call('post', '/v1/admin/exports', { as: 'boris', body });
    expect(other).toMatchObject({ status: 409, body: { code: 'order.idempotency-mismatch' } });
    await ask();
    await ask();
    const more = await admin.call('post', '/v1/admin/exports', { body: request() });
    expect(more).toMatchObject({ status: 409, body: { code: 'export.too-many' } });
  });

  it('stop where their owner cancels them in the middle, and leave nothing', async () => {
    const id = await ask({ search: { from: new Date(0).toISOString() } });
    between = async (page) => {
      if (page !== 2) return;
      expect(await stateOf(id)).toMatchObject({ status: 'running', rows: 3 });
      const cancelled = await admin.call('post', `/v1/admin/exports/${id}/cancel`);
      expect(cancelled.body).toMatchObject({ status: 'cancelled' });
    };
    await runner().work();
    expect(seen).toHaveLength(2);
    expect(await stateOf(id)).toMatchObject({ status: 'cancelled' });
    expect(await t.db.collection('exportchunks').countDocuments()).toBe(0);
  });

  it('are begun again after their writer died, and given up after the third time', async () => {
    const id = await ask();
    between = () => Promise.reject(new Error('The database is away.'));
    for (let attempt = 0; attempt < 3; attempt += 1) await runner().work();
    expect(await stateOf(id)).toMatchObject({ status: 'failed', failure: 'failed' });

    const second = await ask();
    between = () => Promise.resolve();
    const dead = await store.take(new Date(clock.now()), new Date(clock.now() + 60_000));
    expect(await runner().work()).toBe(0);
    clock.jump(60_000);
    await runner().work();
    expect(await stateOf(second)).toMatchObject({ status: 'done', rows: 7 });
    // A worker that was only slow finds that the export is not its own any more.
    if (dead === null) throw new Error('Nothing was taken.');
    expect(await store.move(dead, { status: 'failed' })).toBe(false);
  });

  it('are left at the end of a page when the worker stops, and taken up by the next', async () => {
    const id = await ask();
    const stopped = runner();
    between = () => {
      stopped.stop();
      return Promise.resolve();
    };
    await stopped.work();
    expect(await stateOf(id)).toMatchObject({ status: 'queued' });
    between = () => Promise.resolve();
    await runner().work();
    expect(await stateOf(id)).toMatchObject({ status: 'done' });
  });

  it('say that they would grow too large', async () => {
    const id = await ask();
    await runner({ maxRows: 5 }).work();
    expect(await stateOf(id)).toMatchObject({ status: 'failed', failure: 'too-many-rows', bytes: 0 });
  });

  it('of forty thousand orders take many chunks and the room of a few pages', async () => {
    count = 40_000;
    places.clear();
    for (let n = 0; n < count; n += 1) places.set(orderOf(n)._id, n);
    const quick = {
      search: (query: OrderQuery, page: OrderPage) => {
        const end = page.after === undefined ? count : (places.get(page.after) ?? 0);
        const from = Math.max(0, end - page.limit);
        peak = Math.max(peak, process.memoryUsage().heapUsed);
        void query;
        return Promise.resolve(Array.from({ length: end - from }, (_, i) => orderOf(end - 1 - i)));
      },
    };
    const base = process.memoryUsage().heapUsed;
    let peak = base;
    const id = await ask({ format: 'csv', columns: EXPORT_COLUMNS });
    await new ExportRunner({ store, orders: quick, clock, log, pauseMs: 0 }).work();
    const done = await stateOf(id);
    expect(done).toMatchObject({ status: 'done', rows: count });
    const chunks = await t.db.collection('exportchunks').countDocuments();
    expect(chunks).toBe(Math.ceil(Number(done['bytes']) / 1_000_000));
    expect(chunks).toBeGreaterThan(5);
    expect((peak - base) / 1e6).toBeLessThan(100);
    expect((await fileOf(id)).bytes.length).toBe(done['bytes']);
  });
});

describe('spreadsheets', () => {
  const sheetsOf = (maxRows?: number, cells: string[] = []) => {
    const parts: Uint8Array[] = [];
    const writer = xlsxWriter(['a', 'b'], (bytes) => parts.push(bytes), maxRows);
    writer.add([
      [...cells, { yuan: '1.50' }],
      ['x', 'y'],
    ]);
    writer.add([['z', { yuan: '0.00' }]]);
    writer.end();
    const files = unzipSync(Buffer.concat(parts));
    return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
  };

  it('go on in another sheet where one is full', () => {
    const files = sheetsOf(3);
    expect(Object.keys(files).filter((name) => name.includes('worksheets'))).toEqual([
      'xl/worksheets/sheet1.xml',
      'xl/worksheets/sheet2.xml',
    ]);
    expect(files['xl/workbook.xml']).toContain('<sheet name="2" sheetId="2" r:id="rId2"/>');
    expect(files['[Content_Types].xml']).toContain('/xl/worksheets/sheet2.xml');
    expect(files['xl/worksheets/sheet2.xml']).toContain('>z<');
    expect(files['xl/worksheets/sheet1.xml']).toMatch(/<\/sheetData><\/worksheet>$/u);
  });

  it('execute nothing, and hold what can be written', () => {
    const sheet = sheetsOf(undefined, ['=HYPERLINK("http://x")<&\u0001'])['xl/worksheets/sheet1.xml'];
    expect(sheet).toContain(`'=HYPERLINK("http://x")&lt;&amp;<`);
    expect(sheet).not.toContain('<f>');
    expect(sheet).toContain('<c s="1"><v>1.50</v></c>');
  });

  it('nor does CSV', async () => {
    const evil = '@SUM(1+1)*cmd|';
    const search = () =>
      Promise.resolve([sampleOrder({ masked: { name: evil, address: '-1', customerNo: '+2' } })]);
    const id = await ask({ columns: ['customerName', 'customerAddress', 'customerNo'] });
    await new ExportRunner({ store, orders: { search }, clock, log, pauseMs: 0 }).work();
    const line = strFromU8((await fileOf(id)).bytes).split('\r\n')[1];
    expect(line).toBe(`'${evil},'-1,'+2`);
  });
});
