import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { StaffWorld } from '../../testing/staff-world.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminOrderSearchRoutes } from './order-search-routes.ts';

const ANNA = '0198a0de-0000-4000-8000-00000000000a';
let t: TestContext;
let w: StaffWorld;
let written: Order;
let unpaid: Order;
let routes: AnyRoute[];
let admin: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  const { world } = w;
  const get = (id: string) => Promise.resolve(id === ANNA ? { _id: ANNA, name: 'anna' } : null);
  routes = adminOrderSearchRoutes({
    ...{ orders: world.services.store, receipts: world.services.receipts, users: { get } },
    diagnoses: w.staff.diagnoses,
  });
  admin = await serveAdmin(routes, world);
  const card = world.household();
  written = await world.write(w.kiosk, card, await world.paid(w.kiosk, card));
  world.clock.jump(2000);
  unpaid = await world.offer(w.kiosk, world.household());
  return () => admin.close();
});

const search = (body: object) => admin.call('post', '/v1/admin/orders/search', { body });
const numbers = async (body: object): Promise<unknown[]> => {
  const answer = await search(body);
  expect(answer.status).toBe(200);
  return (answer.body['orders'] as { orderNo: string }[]).map(({ orderNo }) => orderNo);
};

describe('orders over HTTP', () => {
  it('need the permission to read orders, and no other one does', async () => {
    expect(routes.map(({ permission }) => permission)).toEqual(['order:read', 'order:read']);
    await expectOthersRefused(admin, routes, (path) => path.replace(':orderNo', written._id));
  });

  it('are found by each key, newest first, page by page', async () => {
    const both = [unpaid._id, written._id];
    expect(await numbers({})).toEqual(both);
    expect(await numbers({ customerNo: written.customerNo })).toEqual([written._id]);
    expect(await numbers({ serial: written.serial })).toEqual([written._id]);
    expect(await numbers({ terminalId: w.kiosk.terminalId })).toEqual(both);
    const transactionId = written.payments[0]?.transactionId;
    expect(await numbers({ transactionId })).toEqual([written._id]);
    expect(await numbers({ state: 'done' })).toEqual([written._id]);
    expect(await numbers({ attention: true })).toEqual([]);
    const between = new Date(unpaid.createdAt.getTime() - 500).toISOString();
    expect(await numbers({ from: between })).toEqual([unpaid._id]);
    expect(await numbers({ to: between })).toEqual([written._id]);
    const longAgo = '1970-01-01T00:00:00Z';
    expect([await numbers({ from: longAgo }), await numbers({ to: longAgo })]).toEqual([both, []]);
    const first = await search({ limit: 1 });
    expect(first.body).toMatchObject({ orders: [{ orderNo: unpaid._id }], next: unpaid._id });
    const last = await search({ limit: 1, after: unpaid._id });
    expect(last.body).toMatchObject({ orders: [{ orderNo: written._id }], next: null });
    expect((await search({ limit: 0 })).status).toBe(400);
  });

  it('are found by whatever a person has in hand, which may be read in several ways', async () => {
    const payment = written.payments[0];
    const { world } = w;
    for (const [any, readAs] of [
      [written._id, 'orderNo'],
      [payment?.no, 'orderNo'],
      [`${String(payment?.no)}r1`, 'orderNo'],
      [written.serial.toLowerCase(), 'serial'],
      [written.customerNo, 'customerNo'],
      [written.meterNo, 'meterNo'],
      [world.services.receipts.codeOf(written._id), 'receiptCode'],
      [world.services.receipts.codeOf(written._id).replaceAll('-', '').toLowerCase(), 'receiptCode'],
      [payment?.transactionId, 'transactionId'],
    ]) {
      const { body } = await search({ any });
      expect([any, body['readAs'], (body['orders'] as { orderNo: string }[]).map((o) => o.orderNo)]).toEqual([
        any,
        [readAs],
        [written._id],
      ]);
    }
    expect(await numbers({ any: w.kiosk.terminalId })).toEqual([unpaid._id, written._id]);
    const second = await search({ any: w.kiosk.terminalId, limit: 1, after: unpaid._id });
    expect(second.body).toMatchObject({ orders: [{ orderNo: written._id }], next: null });
    expect((await search({ any: 'not there' })).body).toMatchObject({ orders: [], readAs: [] });
    // Other conditions hold beside it.
    expect(await numbers({ any: written.customerNo, state: 'closed' })).toEqual([]);
    expect(await numbers({ channel: 'wechat' })).toEqual([unpaid._id, written._id]);
    expect(await numbers({ channel: 'alipay' })).toEqual([]);
  });

  it('tell who of the staff did something, by name', async () => {
    const by = { 'events.0.by': ANNA, 'events.1.by': '0198a0de-0000-4000-8000-00000000000b' };
    await t.db.collection<{ _id: string }>('orders').updateOne({ _id: written._id }, { $set: by });
    const { body } = await admin.call('get', `/v1/admin/orders/${written._id}`);
    const names = (body['events'] as { byName?: string }[]).map(({ byName }) => byName);
    expect(names.slice(0, 3)).toEqual(['anna', undefined, undefined]);
  });

  it('say why there is no discount, where that is known', async () => {
    const said = async (noDiscount?: string): Promise<unknown> => {
      const set = { 'events.0.data': { faceFen: 5000, ...(noDiscount !== undefined && { noDiscount }) } };
      await t.db.collection<{ _id: string }>('orders').updateOne({ _id: written._id }, { $set: set });
      return (await admin.call('get', `/v1/admin/orders/${written._id}`)).body['noDiscount'];
    };
    // The last is of a version to come.
    expect([await said('elsewhere'), await said(), await said('weather')]).toEqual([
      ...['elsewhere', undefined, undefined],
    ]);
  });

  it('tell their story without what no administrator may read', async () => {
    const { status, body } = await admin.call('get', `/v1/admin/orders/${written._id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ orderNo: written._id, state: 'done', customer: written.masked, meterNo: written.meterNo },
      ...{ channel: 'wechat', paidFen: 5000, attention: null },
      payments: [{ status: 'succeeded', amountFen: 5000, funds: true }],
      sale: { status: 'sold' },
      write: { status: 'written' },
      refunds: [],
    });
    const events = body['events'] as { n: number; name: string; afterMs: number; by: string }[];
    expect(events.map(({ n }) => n)).toEqual(written.events.map(({ n }) => n));
    expect(events[0]).toMatchObject({ name: 'order.created', afterMs: 0, by: 'terminal' });
    const text = JSON.stringify(body);
    expect(text).not.toContain(written.customerNo);
    for (const hidden of ['imageDigest', 'idempotencyKey', 'codeUrl', 'watchers']) {
      expect(text).not.toContain(hidden);
    }
    const none = await admin.call('get', '/v1/admin/orders/260301100000999999');
    expect([none.status, none.body['code']]).toEqual([404, 'order.not-found']);
  });
});
