import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOrderMetrics } from '../../orders/desk/metrics.ts';
import { Notifications } from '../../orders/desk/notifications.ts';
import type { Order } from '../../orders/model/order.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { PaymentKeyStore } from '../../money/payment-keys/key-store.ts';
import { KeyRotation } from '../../money/payment-keys/rotation.ts';
import { NotificationArchive } from '../../orders/store/notification-archive.ts';
import { MongoNotificationStore } from '../../orders/store/notifications.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { OrderWorld, fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { openAccess } from '../../testing/access.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminChannelRoutes } from '../../money/payment-keys/channel-routes.ts';
import { adminPaymentKeyRoutes } from '../../money/payment-keys/routes.ts';
import { notifyRoutes } from '../../orders/desk/notify-routes.ts';
import { adminNotificationRoutes } from './notification-routes.ts';
import { adminTransactionRoutes } from './transaction-routes.ts';

let t: TestContext;
let world: OrderWorld;
let kiosk: FakeTerminal;
let order: Order;
let archive: NotificationArchive;
let routes: AnyRoute[];
let admin: AdminCalls;
let notify: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/u);
  const kept = new MongoNotificationStore(t.db, () => undefined);
  world = await OrderWorld.open({ notificationStore: kept });
  const { services, clock, log, trigger } = world;
  const { audit, approvals } = await openAccess(t, clock);
  archive = new NotificationArchive(t.db, clock);
  const keys = new PaymentKeyStore(t.db, testConfig().DATA_KEYS);
  await Promise.all([archive.prepare(), keys.prepare(), kept.prepare()]);
  const config = testConfig({
    CHANNEL_RULES: { wechat: { weight: 2, minFen: 100, maxFen: 500_000 } },
    CHANNEL_FEES: { wechat: 6 },
  });
  const rotation = new KeyRotation({ store: keys, approvals, config, clock, build: () => new Map() });
  const { watch, advancer, store: orders } = services;
  routes = [
    ...adminChannelRoutes({ watch, rotation, config }),
    ...adminTransactionRoutes({ orders }),
    ...adminNotificationRoutes({ archive, advancer, orders, audit }),
    ...adminPaymentKeyRoutes({ rotation }),
  ];
  admin = await serveAdmin(routes, world);
  const notifications = new Notifications({
    channels: new Map([['wechat', world.wechat]]),
    store: services.store,
    recent: () => undefined,
    notifications: kept,
    trigger,
    metrics: createOrderMetrics(new Registry()),
    ...{ clock, log },
  });
  const metrics = createMetrics({ defaults: false });
  notify = await serveAdmin(notifyRoutes({ notifications, archive, metrics, log }), world);
  kiosk = await fakeTerminal('kiosk-a');
  order = await world.offer(kiosk, world.household());
  return async () => {
    await admin.close();
    await notify.close();
  };
});

const get = async (path: string) => {
  const { status, body } = await admin.call('get', `/v1/admin/${path}`);
  expect(status).toBe(200);
  return body;
};
const from = '2026-01-01T00:00:00Z';

describe('payments over HTTP', () => {
  it('need a permission each, and every other one does not do', async () => {
    expect(routes.map(({ method, path, permission }) => [`${method} ${path}`, permission])).toEqual([
      ['get /v1/admin/payment-channels', 'payment:read'],
      ['get /v1/admin/transactions', 'payment:read'],
      ['get /v1/admin/notifications', 'payment:read'],
      ['post /v1/admin/notifications/:id/replay', 'payment:manage'],
      ['get /v1/admin/payment-keys', 'payment:read'],
      ['post /v1/admin/payment-keys', 'payment:manage'],
      ['post /v1/admin/payment-keys/:id/retire', 'payment:manage'],
    ]);
    await expectOthersRefused(admin, routes, (path) => path.replace(':id', 'x'));
  });

  it('tell of each channel how it is and what it may take', async () => {
    const { channels } = await get('payment-channels');
    expect(channels).toMatchObject([
      {
        ...{ channel: 'wechat', up: true, failures: 0, weight: 2, minFen: 100, maxFen: 500_000 },
        ...{ feePerMille: 6, keys: [{ name: 'WECHAT_PRIVATE_KEY' }, { kind: 'secret' }] },
      },
      { channel: 'alipay', up: true, maxFen: null, feePerMille: null },
    ]);
    world.wechat.fault = () => 'unavailable';
    const { watch } = world.services;
    for (let n = 0; n < 3; n += 1)
      await watch.channels
        .get('wechat')
        ?.query('none')
        .catch(() => undefined);
    expect((await get('payment-channels'))['channels']).toMatchObject([
      { up: false, failures: 3 },
      { up: true },
    ]);
  });

  it('are listed by channel and state, page by page', async () => {
    const paid = await world.paid(kiosk, world.household());
    const all = await get(`transactions?from=${from}`);
    const both = [order, paid].sort((a, b) => (a._id < b._id ? 1 : -1)).map(({ _id }) => _id);
    const numbers = (body: Record<string, unknown>) =>
      (body['transactions'] as { orderNo: string }[]).map(({ orderNo }) => orderNo);
    expect([numbers(all), all['next']]).toEqual([both, null]);
    const done = await get(`transactions?from=${from}&status=succeeded&channel=wechat`);
    expect(done['transactions']).toMatchObject([
      { orderNo: paid._id, amountFen: 5000, funds: true, refundedFen: 0, status: 'succeeded' },
    ]);
    expect(numbers(await get(`transactions?from=${from}&channel=alipay`))).toEqual([]);
    const first = await get(`transactions?from=${from}&limit=1`);
    expect([numbers(first), first['next']]).toEqual([[both[0]], both[0]]);
    const second = await get(`transactions?from=${from}&limit=1&after=${String(first['next'])}`);
    expect(numbers(second)).toEqual([both[1]]);
  });

  it('show what channels sent: believed, replayed without harm, and refused', async () => {
    const payment = order.payments[0];
    world.wechat.pay(payment?.codeUrl ?? '');
    const evidence = await world.wechat.query(payment?.no ?? '');
    const content = { kind: 'payment', id: 'n-1', paymentNo: payment?.no, ...evidence };
    const send = (headers: Record<string, string>) =>
      fetch(`${notify.url}/v1/notify/wechat`, { method: 'POST', headers, body: JSON.stringify(content) });
    expect((await send({ 'x-signed-by': 'somebody' })).status).toBe(401);
    world.clock.jump(1000);
    expect((await send({ 'x-signed-by': 'wechat' })).status).toBe(204);
    const { notifications } = await get('notifications');
    expect(notifications).toMatchObject([
      { id: 'wechat:n-1', result: 'accepted', kind: 'payment', orderNo: order._id, amountFen: 5000 },
      { result: 'signature', orderNo: null, detail: 'Not signed.' },
    ]);
    expect((await get('notifications?result=refused'))['notifications']).toHaveLength(1);
    expect((await get('notifications?result=accepted&channel=alipay'))['notifications']).toEqual([]);
    const replay = () => admin.call('post', '/v1/admin/notifications/wechat:n-1/replay');
    expect((await replay()).body).toEqual({ orderNo: order._id, changed: true });
    const after = await world.now(order);
    expect(after.payments[0]).toMatchObject({ status: 'succeeded', funds: true });
    expect((await replay()).body).toEqual({ orderNo: order._id, changed: false });
    const none = await admin.call('post', '/v1/admin/notifications/wechat:n-2/replay');
    expect([none.status, none.body['code']]).toEqual([404, 'request.not-found']);
  });

  it('keep no more refused ones a minute than a person could read, and those for a season', async () => {
    const init = { channel: 'wechat', result: 'signature', detail: 'x' } as const;
    for (let n = 0; n < 61; n += 1) {
      expect(await archive.refuse(init, Buffer.from('body'))).toBe(n < 60);
    }
    world.clock.jump(60_000);
    expect(await archive.refuse(init, Buffer.from('body'))).toBe(true);
    expect(JSON.stringify(await t.db.collection('notificationsrefused').find().toArray())).not.toContain(
      'body',
    );
    world.clock.jump(90 * 24 * 3_600_000 - 30_000);
    expect(await archive.purge()).toBe(60);
  });
});
