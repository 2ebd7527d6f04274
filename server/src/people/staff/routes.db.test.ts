import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Permission } from '../../kernel/permissions.ts';
import type { Order } from '../../orders/model/order.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { StaffWorld } from '../../testing/staff-world.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { adminCardRoutes } from './card-routes.ts';
import { adminCaseRoutes } from '../../cases/routes.ts';
import { adminOrderRoutes } from './order-routes.ts';
import { terminalStaffRoutes } from './terminal-routes.ts';

let t: TestContext;
let w: StaffWorld;
let card: FakeCard;
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
  const { staff, access, world } = w;
  routes = [
    ...adminCaseRoutes({ cases: staff.cases, users: access.stores.users, audit: access.audit }),
    ...adminCardRoutes(staff),
    ...adminOrderRoutes(staff, world.services.store),
    ...adminApprovalRoutes({ approvals: access.approvals }),
    ...terminalStaffRoutes(staff),
  ];
  admin = await serveAdmin(routes, world, w.kiosk);
  card = world.household();
  order = await world.paid(w.kiosk, card);
  return () => admin.close();
});

const call: AdminCalls['call'] = (...of) => admin.call(...of);
const decide = (id: unknown, as: string) =>
  call('POST', `/v1/admin/approvals/${String(id)}/decide`, { as, body: { accept: true } });

describe('permissions', () => {
  const needed: Record<string, Permission> = {
    'get /v1/admin/cases': 'case:read',
    'get /v1/admin/cases/:id': 'case:read',
    'post /v1/admin/cases/:id/assign': 'case:work',
    'post /v1/admin/cases/:id/notes': 'case:work',
    'post /v1/admin/cases/:id/resolve': 'case:work',
    'post /v1/admin/orders/:orderNo/rewrite': 'card:rewrite',
    'post /v1/admin/replacements': 'card:replace',
    'get /v1/admin/replacements': 'card:replace',
    'get /v1/admin/orders/:orderNo/actions': 'order:read',
    'post /v1/admin/orders/:orderNo/query-grid': 'order:decide',
    'post /v1/admin/orders/:orderNo/decisions': 'order:decide',
    'post /v1/admin/orders/:orderNo/readings': 'order:reverse',
    'get /v1/admin/readings/:nonce': 'order:reverse',
    'post /v1/admin/orders/:orderNo/reversal': 'order:reverse',
    'get /v1/admin/approvals': 'approval:decide',
    'post /v1/admin/approvals/:id/decide': 'approval:decide',
  };

  it('are needed at every endpoint of staff, and every other one does not do', async () => {
    const staffed = routes.filter((route) => route.auth === 'admin');
    const found = staffed.map((each) => [`${each.method} ${each.path}`, each.permission]);
    expect(Object.fromEntries(found)).toEqual(needed);
    await expectOthersRefused(admin, staffed, (path) =>
      path
        .replace(':orderNo', order._id)
        .replace(':nonce', 'a'.repeat(43))
        .replace(/\/:id/u, `/${'0'.repeat(32)}`),
    );
  });
});

describe('over HTTP', () => {
  it('a sale is undone by two persons with the card read under a nonce', async () => {
    const { terminalId } = w.kiosk;
    const asked = await call('POST', `/v1/admin/orders/${order._id}/readings`, { body: { terminalId } });
    expect(asked).toMatchObject({ status: 201, body: { readAt: null, against: null } });
    const nonce = String(asked.body['nonce']);
    const read = await call('POST', `/v1/terminal/readings/${nonce}`, { body: { image: card.read() } });
    expect(read.status).toBe(204);
    expect((await call('GET', `/v1/admin/readings/${nonce}`)).body).toMatchObject({ against: null });
    const body = { nonce, reason: 'Wrong flat.' };
    const approval = await call('POST', `/v1/admin/orders/${order._id}/reversal`, { body });
    expect(approval).toMatchObject({ status: 202, body: { kind: 'order.reverse', status: 'open' } });
    expect(await decide(approval.body['id'], 'anna')).toMatchObject({
      status: 403,
      body: { code: 'approval.same-person' },
    });
    expect(await decide(approval.body['id'], 'boris')).toMatchObject({ body: { status: 'done' } });
    await w.world.pass(5_000);
    const actions = await call('GET', `/v1/admin/orders/${order._id}/actions`);
    expect(actions.body).toMatchObject({ state: 'refunded' });
    expect(await call('POST', `/v1/admin/orders/${order._id}/reversal`, { body })).toMatchObject({
      status: 409,
      body: { code: 'reversal.refunded' },
    });
  });

  it('a lost card is replaced, with its purchase on the new one', async () => {
    const { terminalId } = w.kiosk;
    const body = { terminalId, customerNo: w.world.customerOf(card), reason: 'Lost.' };
    const asked = await call('POST', '/v1/admin/replacements', { body });
    expect(asked.status).toBe(202);
    expect(JSON.stringify(asked.body)).not.toContain(body.customerNo);
    const { replacement, approval } = asked.body as {
      replacement: { requestNo: string };
      approval: { id: string };
    };
    const path = `/v1/terminal/replacements/${replacement.requestNo}`;
    const blank = w.blank(card, '7');
    const image = { image: blank.read() };
    expect(await call('POST', `${path}/release`, { body: image })).toMatchObject({
      status: 409,
      body: { code: 'replacement.not-open' },
    });
    await decide(approval.id, 'boris');
    const released = await call('POST', `${path}/release`, { body: image });
    const lease = Number(released.body['lease']);
    blank.write(await w.kiosk.open({ lease, leaseMs: 1, sealed: String(released.body['sealed']) }));
    const claim = { lease, result: 'written', imageDigest: 'e'.repeat(64) };
    expect((await call('POST', `${path}/claim`, { body: claim })).body).toMatchObject({
      status: 'written',
      openOrderNo: order._id,
    });
    expect((await call('GET', '/v1/admin/replacements')).body).toMatchObject({
      replacements: [{ requestNo: replacement.requestNo, status: 'written' }],
    });
    expect(w.world.meterOf(card).insert(blank)).toBe(5000);
  });

  it('a card is written once more, sealed to the kiosk', async () => {
    const { terminalId } = w.kiosk;
    const body = { terminalId, image: card.read(), lastTry: true, reason: 'Pulled out.' };
    const { status, body: plan } = await call('POST', `/v1/admin/orders/${order._id}/rewrite`, { body });
    expect(status).toBe(200);
    const opened = await w.kiosk.open({ lease: 1, leaseMs: 1, sealed: String(plan['sealed']) });
    expect(opened.steps[0]).toMatchObject({ op: 'present-code', lastTry: true });
  });

  it('a case has an owner, notes and an end', async () => {
    await w.staff.cases.open({ kind: 'claim-contradicted', orderNo: order._id, facts: { count: 2 } });
    const listed = await call(
      'GET',
      `/v1/admin/cases?status=open&kind=claim-contradicted&orderNo=${order._id}`,
    );
    const [found] = listed.body['cases'] as { id: string }[];
    const path = `/v1/admin/cases/${found?.id ?? ''}`;
    expect((await call('GET', '/v1/admin/cases?kind=no-such-kind')).body).toEqual({ cases: [] });
    const owner = crypto.randomUUID();
    expect((await call('POST', `${path}/assign`, { body: { owner } })).status).toBe(404);
    const user = {
      _id: owner,
      name: 'dora',
      passwordHash: 'x',
      roles: [],
      status: 'active',
      createdAt: new Date(),
    } as const;
    await w.access.stores.users.insert(user);
    expect((await call('POST', `${path}/assign`, { body: { owner } })).body).toMatchObject({
      owner: { name: 'dora' },
    });
    await call('POST', `${path}/notes`, { body: { text: 'Asked the meter.' } });
    expect(
      (await call('POST', `${path}/resolve`, { body: { text: 'The meter has it.' } })).body,
    ).toMatchObject({
      status: 'resolved',
      notes: [{ by: 'anna', text: 'Asked the meter.' }],
      resolution: { by: { id: 'anna' } },
    });
    expect(await call('POST', `${path}/resolve`, { body: { text: 'Again.' } })).toMatchObject({
      status: 409,
      body: { code: 'case.resolved' },
    });
  });

  it('what the facts forbid is refused with its sentence', async () => {
    const body = { action: 'treat-as-sold', reason: 'The bill has it.' };
    const refused = await call('POST', `/v1/admin/orders/${order._id}/decisions`, { body });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'order.action-refused', orderNo: order._id },
    });
    expect((await call('POST', `/v1/admin/orders/${order._id}/query-grid`)).body).toMatchObject({
      status: 'sold',
      fits: true,
    });
  });
});
