import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../access/password.ts';
import { createFloats } from '../../wiring/float.ts';
import { FloatStore } from './float-store.ts';
import { CHEAP_HASH, openAccess } from '../../testing/access.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { adminFloatRoutes } from './admin-routes.ts';
import { terminalCashRoutes } from './cash-routes.ts';
import { testConfig } from '../../testing/config.ts';

const PASSWORD = 'a password of the tests';
let t: TestContext;
let kiosk: FakeTerminal;
let world: OrderWorld;
let routes: AnyRoute[];
let calls: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal(`t${'5'.repeat(30)}`);
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  await t.redis.flushdb();
  t.db.deleteModel(/.*/u);
  world = await OrderWorld.open({ store: new MemoryOrderStore(), floatStore: new FloatStore(t.db) });
  const { clock, services } = world;
  const { stores, approvals, audit, guesses, sessions } = await openAccess(t, clock);
  const hash = (text: string): Promise<string> => hashPassword(text, CHEAP_HASH);
  const floats = await createFloats({
    deps: { db: t.db, redis: t.redis, clock, config: testConfig() },
    ...{ services, access: { approvals, audit, guesses, userStore: stores.users }, hash },
  });
  await stores.users.insert({
    ...{
      _id: 'zhang',
      name: 'zhang',
      passwordHash: await hash(PASSWORD),
      roles: ['counter'],
      status: 'active',
    },
    createdAt: new Date(clock.now()),
  });
  await stores.users.putRole({ _id: 'counter', permissions: ['float:use'] });
  routes = adminFloatRoutes({ ...floats, sessions, audit, clock });
  const terminal = terminalCashRoutes({
    ...{ cash: floats.cash, orders: services.orders, codes: services.codes },
  });
  calls = await serveAdmin([...routes, ...terminal, ...adminApprovalRoutes({ approvals })], world, kiosk);
  return () => calls.close();
});

const allow = (approval: Record<string, unknown>) =>
  calls.call('post', `/v1/admin/approvals/${String(approval['id'])}/decide`, {
    as: 'boris',
    body: { accept: true },
  });

describe('floats over HTTP', () => {
  it('need a permission each, and every other one does not do', async () => {
    const needed = Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, each.permission]));
    expect(needed).toEqual({
      'get /v1/admin/floats': 'float:request',
      'get /v1/admin/floats/:id/entries': 'float:request',
      'get /v1/admin/floats/:id/shifts': 'float:request',
      'post /v1/admin/floats': 'float:request',
      'post /v1/admin/floats/:id/top-ups': 'float:request',
      'post /v1/admin/floats/:id/top-ups/:topUp/reversal': 'float:request',
      'post /v1/admin/me/pin': 'float:use',
    });
    await expectOthersRefused(calls, routes, (path) => path.replace(':id', 'x'));
  });

  it('a committee is opened and topped up by two persons, staff set a PIN, and cash is taken with it', async () => {
    const float = {
      id: 'tianshan-1',
      name: '天山一社区',
      terminals: [kiosk.terminalId],
      dayLimitFen: 50_000,
    };
    const opened = await calls.call('post', '/v1/admin/floats', { body: { ...float, reason: 'Opened.' } });
    expect(opened).toMatchObject({ status: 202, body: { kind: 'float.set' } });
    await allow(opened.body);
    const topUp = { fen: 20_000, reference: 'bank-1', reason: 'It came.' };
    const asked = await calls.call('post', '/v1/admin/floats/tianshan-1/top-ups', { body: topUp });
    expect(await allow(asked.body)).toMatchObject({ body: { status: 'done' } });
    const pin = (body: object) => calls.call('post', '/v1/admin/me/pin', { as: 'zhang|float:use', body });
    expect((await pin({ password: PASSWORD, pin: '111111' })).body['code']).toBe('request.malformed');
    expect((await pin({ password: PASSWORD, pin: '345678' })).body['code']).toBe('request.malformed');
    expect((await pin({ password: 'wrong', pin: '274913' })).body['code']).toBe('auth.bad-credentials');
    const { status, body: numbered } = await pin({ password: PASSWORD, pin: '274913' });
    expect([status, numbered]).toEqual([200, { staffNumber: expect.stringMatching(/^\d{6}$/u) as string }]);
    const order = await world.order(kiosk, world.household());
    const path = `/v1/terminal/orders/${order._id}/cash`;
    expect((await calls.call('get', path)).status).toBe(404);
    expect(await calls.call('post', path, { body: { staff: 'zhang', pin: '000000' } })).toMatchObject({
      status: 403,
      body: { code: 'float.bad-pin' },
    });
    const staff = String(numbered['staffNumber']);
    const offer = await calls.call('post', `${path}-offer`, { body: { staff, pin: '274913' } });
    expect(offer).toMatchObject({
      status: 200,
      body: { staff: 'zhang', takeFen: 5_000, balanceFen: 20_000, leftTodayFen: 50_000 },
    });
    const { ticket } = offer.body;
    expect((await calls.call('post', path, { body: { ticket, pin: '274913' } })).status).toBe(400);
    expect(await calls.call('post', path, { body: { ticket } })).toMatchObject({
      status: 200,
      body: { state: 'sold', payment: { channel: 'cash', status: 'succeeded' } },
    });
    expect((await calls.call('get', path)).body).toMatchObject({
      ...{ committee: '天山一社区', staff: 'zhang', takenFen: 5_000, handBackFen: 0 },
    });
    expect((await calls.call('get', '/v1/admin/floats')).body['floats']).toMatchObject([
      {
        id: 'tianshan-1',
        balanceFen: 15_000,
        takenTodayFen: 5_000,
        frozen: false,
        waiting: { fen: 0, times: 0 },
      },
    ]);
    expect((await calls.call('get', '/v1/admin/floats/tianshan-1/entries')).body['entries']).toMatchObject([
      { kind: 'taken', fen: 5_000, debit: 'float:tianshan-1', credit: 'payer:held', orderNo: order._id },
      { kind: 'top-up', fen: 20_000, debit: 'bank', credit: 'float:tianshan-1', reference: 'bank-1' },
    ]);
    const more = { fen: 700, reference: 'bank-2', reason: 'It came twice.' };
    await allow((await calls.call('post', '/v1/admin/floats/tianshan-1/top-ups', { body: more })).body);
    const { body } = await calls.call('get', '/v1/admin/floats/tianshan-1/entries');
    const [newest] = body['entries'] as { id: string; fen: number }[];
    const reversal = `/v1/admin/floats/tianshan-1/top-ups/${newest?.id ?? ''}/reversal`;
    expect((await calls.call('post', reversal, { body: {} })).body['code']).toBe('request.malformed');
    const undo = await calls.call('post', reversal, { body: { reason: 'It came once.' } });
    expect(await allow(undo.body)).toMatchObject({ body: { status: 'done' } });
    expect((await calls.call('get', '/v1/admin/floats')).body['floats']).toMatchObject([
      { balanceFen: 15_000 },
    ]);
    expect((await calls.call('post', reversal, { body: { reason: 'Again.' } })).status).toBe(404);
  });
});
