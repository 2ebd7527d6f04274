import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { StaffWorld } from '../../testing/staff-world.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminOrderRoutes } from './order-routes.ts';
import { adminOrderWorkRoutes } from './order-work-routes.ts';
import { adminSavedFilterRoutes } from './saved-filter-routes.ts';

let t: TestContext;
let w: StaffWorld;
let order: Order;
let routes: AnyRoute[];
let admin: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  const { staff, world } = w;
  const orders = world.services.store;
  routes = [
    ...adminOrderWorkRoutes({ ...staff, orders }),
    ...adminSavedFilterRoutes(staff.filters),
    ...adminOrderRoutes(staff, orders).filter(({ path }) => path.endsWith('/actions')),
  ];
  admin = await serveAdmin(routes, world);
  order = await world.offer(w.kiosk, world.household());
  return () => admin.close();
});

const at = (what: string): string => `/v1/admin/orders/${order._id}/${what}`;

describe("staff's work on an order", () => {
  it('needs a permission each, and every other one does not do', async () => {
    const needed = Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, each.permission]));
    expect(needed).toEqual({
      'post /v1/admin/orders/:orderNo/query-channel': 'order:decide',
      'get /v1/admin/orders/:orderNo/notes': 'order:read',
      'post /v1/admin/orders/:orderNo/notes': 'order:note',
      'get /v1/admin/saved-filters': 'order:read',
      'put /v1/admin/saved-filters/:id': 'order:read',
      'delete /v1/admin/saved-filters/:id': 'order:read',
      'get /v1/admin/orders/:orderNo/actions': 'order:read',
    });
    await expectOthersRefused(admin, routes, (path) =>
      path.replace(':orderNo', order._id).replace(':id', randomUUID()),
    );
  });

  it('learns of a payment whose notification was lost, once, and leaves a trace', async () => {
    const no = order.payments[0]?.no ?? '';
    const before = await admin.call('post', at('query-channel'));
    expect(before.body).toMatchObject({
      payments: [{ no, held: 'pending', says: 'pending' }],
      changed: false,
    });
    w.world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    const asked = await admin.call('post', at('query-channel'));
    expect(asked.body).toMatchObject({
      payments: [{ no, says: 'succeeded', amountFen: 5000 }],
      changed: true,
    });
    expect((await w.now(order)).payments[0]).toMatchObject({ status: 'succeeded', funds: true });
    const again = await admin.call('post', at('query-channel'));
    expect(again.body).toMatchObject({
      payments: [{ held: 'succeeded', says: 'succeeded' }],
      changed: false,
    });
    const trail = await w.access.stores.audit.find({ target: order._id, limit: 10 });
    expect(trail.map(({ action }) => action)).toEqual(Array.from({ length: 3 }, () => 'order.query-channel'));
  });

  it('says that a channel gave no answer, and changes nothing', async () => {
    w.world.wechat.fault = () => 'unavailable';
    const { status, body } = await admin.call('post', at('query-channel'));
    expect([status, body]).toMatchObject([200, { payments: [{ says: 'no-answer' }], changed: false }]);
  });

  it('leaves notes that stay, one for each key', async () => {
    const note = { key: randomUUID(), text: ' The customer called. ' };
    const made = await admin.call('post', at('notes'), { body: note });
    expect(made).toMatchObject({ status: 201, body: { text: 'The customer called.', byName: 'anna' } });
    expect((await admin.call('post', at('notes'), { body: note })).body).toEqual(made.body);
    const other = await admin.call('post', at('notes'), { body: { ...note, text: 'Else.' } });
    expect(other).toMatchObject({ status: 409, body: { code: 'order.idempotency-mismatch' } });
    w.world.clock.jump(1000);
    await admin.call('post', at('notes'), { as: 'boris', body: { key: randomUUID(), text: 'Called back.' } });
    const { body } = await admin.call('get', at('notes'));
    expect(body['notes']).toMatchObject([{ by: 'anna' }, { by: 'boris', text: 'Called back.' }]);
    const none = await admin.call('post', '/v1/admin/orders/260301100000999999/notes', { body: note });
    expect(none.body['code']).toBe('order.not-found');
  });

  it('is explained before it is done: each action names its words and its permission', async () => {
    const { body } = await admin.call('get', at('actions'));
    const actions = body['actions'] as {
      action: string;
      allowed: boolean;
      does: string;
      permission: string;
    }[];
    const of = (name: string) => actions.find(({ action }) => action === name);
    expect(of('query-channel')).toMatchObject({ allowed: true, permission: 'order:decide', persons: 1 });
    expect(of('refund')).toMatchObject({ allowed: false, permission: 'refund:request', persons: 2 });
    for (const { action, does } of actions) expect(does).toBe(`orders.does.${action}`);
  });
});

describe('saved filters', () => {
  it("are each user's own, replaced under their id and forgotten", async () => {
    const id = randomUUID();
    const path = `/v1/admin/saved-filters/${id}`;
    const body = { name: 'Waiting', filter: { attention: true, lastDays: 7 }, columns: ['orderNo', 'state'] };
    const headers = { 'if-none-match': '*' };
    expect((await admin.call('put', path, { body })).body['code']).toBe('request.precondition-required');
    expect((await admin.call('put', path, { body, headers })).body).toMatchObject({
      id,
      version: 1,
      ...body,
    });
    await admin.call('put', path, { as: 'boris', body: { ...body, name: 'His' }, headers });
    await admin.call('put', path, { body: { ...body, name: 'Decide' }, seen: 1 });
    for (const seen of [{ headers }, { seen: 1 }, { seen: 7 }]) {
      expect(await admin.call('put', path, { body, ...seen })).toMatchObject({
        status: 412,
        body: { present: { name: 'Decide', version: 2 } },
      });
    }
    const mine = await admin.call('get', '/v1/admin/saved-filters');
    expect(mine.body['filters']).toMatchObject([{ id, name: 'Decide' }]);
    expect((await admin.call('delete', path)).status).toBe(204);
    expect((await admin.call('delete', path)).status).toBe(204);
    expect((await admin.call('get', '/v1/admin/saved-filters')).body).toEqual({ filters: [] });
    const his = await admin.call('get', '/v1/admin/saved-filters', { as: 'boris' });
    expect(his.body['filters']).toMatchObject([{ name: 'His' }]);
  });

  it('keep no household that was looked for, and end somewhere', async () => {
    const path = () => `/v1/admin/saved-filters/${randomUUID()}`;
    const plain = { name: 'n', filter: {}, columns: [] };
    const headers = { 'if-none-match': '*' };
    for (const filter of [{ customerNo: '1000000001' }, { serial: '0'.repeat(16) }, { any: '1000000001' }]) {
      expect((await admin.call('put', path(), { body: { ...plain, filter }, headers })).status).toBe(400);
    }
    for (let n = 0; n < 50; n += 1) await admin.call('put', path(), { body: plain, headers });
    const more = await admin.call('put', path(), { body: plain, headers });
    expect(more).toMatchObject({ status: 409, body: { code: 'filter.too-many' } });
  });
});
