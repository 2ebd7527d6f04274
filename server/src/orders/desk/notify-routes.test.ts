import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyFault } from '../../../sandbox/wallet/faults-request.ts';
import { createOrderMetrics } from '../../orders/desk/metrics.ts';
import { Notifications } from '../../orders/desk/notifications.ts';
import type { Order } from '../../orders/model/order.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import { serve } from '../../testing/app.ts';
import { testConfig } from '../../testing/config.ts';
import { MemoryNotificationStore, MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';
import type { WalletHarness } from '../../testing/wallet-harness.ts';
import { startWechat } from '../../testing/wechat-harness.ts';
import { createApp } from '../../web/app.ts';
import type { RateLimiter } from '../../adapters/redis/rate-limit.ts';
import { notifyRoutes } from './notify-routes.ts';

let harness: WalletHarness;
let world: OrderWorld;
let order: Order;
let app: { url: string; close: () => Promise<void> };
const stored = { orders: new MemoryOrderStore(), notifications: new MemoryNotificationStore() };

beforeEach(async () => {
  harness = await startWechat();
  stored.orders = new MemoryOrderStore();
  stored.notifications = new MemoryNotificationStore();
  world = await OrderWorld.open({ store: stored.orders, notificationStore: stored.notifications });
  order = await world.offer(await fakeTerminal('kiosk-a'), world.household());
  const metrics = createMetrics({ defaults: false });
  const { log, clock, trigger } = world;
  const notifications = new Notifications({
    channels: new Map([['wechat', harness.channel]]),
    store: stored.orders,
    recent: () => undefined,
    notifications: stored.notifications,
    trigger,
    metrics: createOrderMetrics(new Registry()),
    clock,
    log,
  });
  app = await serve(
    createApp({
      deps: { log, config: testConfig() },
      routes: notifyRoutes({ notifications, metrics, log }),
      authenticators: {
        terminal: () => Promise.reject(new Error('Nobody is.')),
        admin: () => Promise.reject(new Error('Nobody is.')),
      },
      limiter: { take: () => Promise.resolve() } as unknown as RateLimiter,
      metrics,
    }),
  );
});
afterEach(async () => {
  await app.close();
  await harness.close();
});

/** The order's payment is made at WeChat, paid, and told; gives the notification's id and what was answered. */
async function told(fault?: NotifyFault): Promise<{ id: string; answers: string[] }> {
  const [payment] = order.payments;
  if (fault !== undefined) harness.wallet.setFaults({ notify: [{ kind: fault }] });
  const handle = await harness.channel.create({
    paymentNo: payment?.no ?? '',
    amountFen: payment?.amountFen ?? 0,
    description: '电费充值',
    expiresAt: new Date(harness.now() + 300_000),
    notifyUrl: `${app.url}/v1/notify/wechat`,
    terminalId: 'kiosk-a',
  });
  await harness.pay(codeUrlOf(handle));
  const [notice] = harness.wallet.notifications();
  return { id: notice?.id ?? '', answers: notice?.attempts.map(({ answer }) => answer) ?? [] };
}

describe('what WeChat reports over HTTP', () => {
  it('is accepted once it is stored', async () => {
    expect((await told()).answers).toEqual(['204']);
    expect(await stored.notifications.ofOrder(order._id)).toMatchObject([
      { channel: 'wechat', content: { kind: 'payment', amountFen: 5000 } },
    ]);
  });

  it('is accepted again when it is replayed, and counts once; after five minutes it is refused', async () => {
    const { id } = await told();
    expect(await harness.wallet.replay(id)).toBe(204);
    expect(await stored.notifications.ofOrder(order._id)).toHaveLength(1);
    await harness.advance(301_000);
    expect(await harness.wallet.replay(id)).toBe(401);
  });

  it.each<[NotifyFault, string]>([
    ['tampered', '401'],
    ['bad-signature', '401'],
    ['unknown-serial', '401'],
    ['signtest', '401'],
    ['stale', '401'],
    ['other-key', '401'],
    ['foreign-merchant', '422'],
    ['foreign-app', '422'],
    ['foreign-currency', '422'],
    ['wrong-amount', '422'],
  ])('%s is refused with %s, and neither it nor the order is touched', async (fault, status) => {
    expect((await told(fault)).answers).toEqual([status]);
    expect(await stored.notifications.ofOrder(order._id)).toEqual([]);
    expect(await world.now(order)).toEqual(order);
  });

  it('is told again by the channel after a refusal, and is then accepted', async () => {
    await told('tampered');
    await harness.advance(15_000);
    expect((await stored.notifications.ofOrder(order._id)).length).toBe(1);
    expect(harness.wallet.notifications()).toMatchObject([{ status: 'acknowledged' }]);
  });

  it('goes to a channel that this server has: any other address is nothing', async () => {
    const post = (name: string): Promise<Response> =>
      fetch(`${app.url}/v1/notify/${name}`, { method: 'POST', body: '{}' });
    expect((await post('alipay')).status).toBe(404);
    expect((await post('nobody')).status).toBe(400);
    const refused = await post('wechat');
    expect([refused.status, await refused.json()]).toEqual([401, { code: 'FAIL', message: 'refused' }]);
  });
});
