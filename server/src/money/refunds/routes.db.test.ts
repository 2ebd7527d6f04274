import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { cashHandedOut, refundEnded } from '../../orders/model/moves/refund.ts';
import { samplePayment } from '../../testing/order-samples.ts';
import { createRefunds } from '../../wiring/refunds.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { inMeterNow } from '../../testing/in-meter.ts';
import { StaffWorld } from '../../testing/staff-world.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminRefundRoutes } from './routes.ts';

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
  const { access, staff, world } = w;
  const refunds = createRefunds({ services: world.services, access, cases: staff.cases });
  routes = adminRefundRoutes({ refunds, clock: world.clock });
  admin = await serveAdmin(routes, world);
  const card = world.household();
  order = await inMeterNow(world, await world.write(w.kiosk, card, await world.paid(w.kiosk, card)));
  return () => admin.close();
});

const body = (over: object = {}) => ({
  ...{ key: randomUUID(), orderNo: order._id, fen: 700, reason: 'Charged too much.' },
  ...over,
});

describe('refunds over HTTP', () => {
  it('need a permission each, and every other one does not do', async () => {
    const needed = Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, each.permission]));
    expect(needed).toEqual({
      'get /v1/admin/refunds': 'order:read',
      'post /v1/admin/refunds': 'refund:request',
      'post /v1/admin/refunds/:refundNo/approve': 'refund:approve',
      'post /v1/admin/refunds/:refundNo/reject': 'refund:approve',
      'post /v1/admin/refunds/:refundNo/retry': 'refund:request',
    });
    await expectOthersRefused(admin, routes, (path) => path.replace(':refundNo', `${order._id}p1s1`));
  });

  it('are asked for, seen with their age, allowed by another person and gone from the queue', async () => {
    const asked = await admin.call('post', '/v1/admin/refunds', { body: body() });
    expect(asked).toMatchObject({
      status: 202,
      body: { status: 'requested', fen: 700, paidFen: 5000, openFen: 4300, channel: 'wechat', ageS: 0 },
    });
    w.world.clock.jump(90_000);
    const queue = await admin.call('get', '/v1/admin/refunds?status=requested');
    const refundNo = String(asked.body['refundNo']);
    expect(queue.body['refunds']).toMatchObject([{ refundNo, ageS: 90, requestedBy: 'anna' }]);
    const path = `/v1/admin/refunds/${refundNo}`;
    expect(await admin.call('post', `${path}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'approval.same-person' },
    });
    expect(await admin.call('post', `${path}/approve`, { as: 'boris' })).toMatchObject({
      status: 200,
      body: { status: 'approved', approvedBy: 'boris' },
    });
    await w.world.work();
    expect((await admin.call('get', '/v1/admin/refunds')).body['refunds']).toEqual([]);
    expect((await w.now(order)).refunds).toMatchObject([{ status: 'done', fen: 700 }]);
    expect(await admin.call('post', `${path}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'refund.not-abnormal' },
    });
  });

  it('are listed while their cash waits at its counter, and say who handed it out', async () => {
    const { mover } = w.world.services;
    const made = await w.world.order(w.kiosk, w.world.household());
    const cash = { no: `${made._id}p1`, channel: 'cash', float: 'f1', status: 'succeeded' } as const;
    const refund = { no: `${made._id}p1r3`, paymentNo: cash.no, fen: 5000, status: 'sent' } as const;
    const at = mover.now();
    const given = await mover.move(made, () => ({
      set: {
        payments: [samplePayment({ ...cash, transactionId: cash.no, funds: true })],
        refunds: [{ ...refund, reason: 'not-sold', at }],
      },
      events: [{ name: 'refund.sent', by: 'test' }],
    }));
    const done = await mover.move(given.order, (now) => refundEnded(now, refund.no, 'done'));
    w.world.clock.jump(3_600_000);
    const list = async (as = 'anna') =>
      (await admin.call('get', '/v1/admin/refunds?cash=owed', { as })).body['refunds'];
    expect(await list()).toMatchObject([
      { refundNo: refund.no, status: 'done', channel: 'cash', handOut: { status: 'owed' }, ageS: 3600 },
    ]);
    expect(await list('carl|order:read|650200')).toEqual([]);
    expect((await admin.call('get', '/v1/admin/refunds')).body['refunds']).toEqual([]);
    const fact = { at: mover.now(), by: 'u', staff: '104817', terminalId: 't1', slip: '000117' };
    await mover.move(done.order, (now) => cashHandedOut(now, refund.no, fact));
    expect(await list()).toEqual([]);
  });

  it('refuse what is no sum, no key and no reason', async () => {
    for (const over of [
      { fen: 0 },
      { fen: 1.5 },
      { key: 'x' },
      { reason: '' },
      { orderNo: 'x' },
      { more: 1 },
    ]) {
      expect((await admin.call('post', '/v1/admin/refunds', { body: body(over) })).body['code']).toBe(
        'request.malformed',
      );
    }
    expect(await admin.call('post', '/v1/admin/refunds', { body: body({ fen: 5001 }) })).toMatchObject({
      status: 409,
      body: { code: 'refund.exceeds', orderNo: order._id },
    });
  });
});
