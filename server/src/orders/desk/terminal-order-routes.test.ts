import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identifyResponse } from '@bianmin/purchase/api/card';
import { orderView, sealedPlan } from '@bianmin/purchase/api/order';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { orderQuote } from '@bianmin/purchase/api/quote';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { serve } from '../../testing/app.ts';
import { faultsOf } from '../../testing/faults.ts';
import { testConfig } from '../../testing/config.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { createApp } from '../../web/app.ts';
import type { RateLimiter } from '../../adapters/redis/rate-limit.ts';
import { notifyRoutes } from './notify-routes.ts';
import { terminalCardRoutes } from './terminal-card-routes.ts';
import { terminalOrderRoutes } from './terminal-order-routes.ts';

let world: OrderWorld;
let terminal: FakeTerminal;
let app: { url: string; close: () => Promise<void> };
const metrics = createMetrics({ defaults: false });

beforeAll(async () => {
  world = await OrderWorld.open();
  terminal = await fakeTerminal('kiosk-a');
  const { services, log } = world;
  app = await serve(
    createApp({
      deps: { log, config: testConfig() },
      routes: [
        ...terminalCardRoutes(services),
        ...terminalOrderRoutes(services),
        ...notifyRoutes({ notifications: services.notifications, metrics, log }),
      ],
      authenticators: {
        terminal: () => Promise.resolve({ kind: 'terminal', device: 'kiosk', ...terminal }),
        admin: () => Promise.reject(new Error('Nobody is.')),
      },
      limiter: { take: () => Promise.resolve() } as unknown as RateLimiter,
      metrics,
    }),
  );
});
afterAll(() => app.close());

async function post(path: string, body?: unknown): Promise<Response> {
  return fetch(`${app.url}/v1/terminal/${path}`, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

async function notify(rawBody: Buffer | string, signedBy = 'wechat'): Promise<Response> {
  return fetch(`${app.url}/v1/notify/wechat`, {
    method: 'POST',
    body: rawBody.toString(),
    headers: { 'content-type': 'application/json', 'x-signed-by': signedBy },
  });
}

async function offered() {
  const card = world.household();
  const identified = await post('cards/identify', { image: card.read(), entry: 'kiosk' });
  const { cardSession } = identifyResponse.parse(await identified.json());
  const made = await post('orders', {
    idempotencyKey: randomUUID(),
    cardSession,
    faceFen: 5000,
    entry: 'kiosk',
  });
  expect(made.status).toBe(201);
  const { orderNo } = orderView.parse(await made.json());
  const paying = orderView.parse(
    await (await post(`orders/${orderNo}/payments`, { channel: 'wechat' })).json(),
  );
  return { card, orderNo, paying };
}

describe("a terminal's endpoints", () => {
  it('carry a purchase from the card to the written card', async () => {
    const { card, orderNo, paying } = await offered();
    world.wechat.pay(paying.payment?.codeUrl ?? '');
    const [notification] = world.wechat.notificationsOf(paying.payment?.no ?? '');
    expect((await notify(notification?.rawBody ?? '')).status).toBe(204);
    await world.work();
    const seen = await fetch(`${app.url}/v1/terminal/orders/${orderNo}`);
    expect(orderView.parse(await seen.json()).state).toBe('sold');
    const released = await post(`orders/${orderNo}/release`, { image: card.read() });
    const sealed = sealedPlan.parse(await released.json());
    card.write(await terminal.open(sealed));
    const claim = { lease: sealed.lease, result: 'written', imageDigest: 'a'.repeat(64) };
    const claimed = await post(`orders/${orderNo}/claim`, claim);
    expect(orderView.parse(await claimed.json()).state).toBe('done');
    const stale = await post(`orders/${orderNo}/authorise`, { lease: 9, stage: 1, gathered: {} });
    expect(stale.status).toBe(409);
    expect(problemSchema.parse(await stale.json()).code).toBe('order.lease-stale');
  });

  it('say what an order buys, and keep nothing of it', async () => {
    const { orderNo } = await offered();
    const quoted = await fetch(`${app.url}/v1/terminal/orders/${orderNo}/quote`);
    const { creditFen, arrearsFen, feeFen, energyWh } = orderQuote.parse(await quoted.json());
    expect(creditFen + arrearsFen + feeFen).toBe(5000);
    expect(energyWh).toBeGreaterThan(0);
    world.grid.fault = faultsOf({ quote: ['unavailable'] });
    const silent = await fetch(`${app.url}/v1/terminal/orders/${orderNo}/quote`);
    expect(silent.status).toBe(503);
    expect(problemSchema.parse(await silent.json()).code).toBe('grid.unavailable');
    const strange = await fetch(`${app.url}/v1/terminal/orders/260115020000000001/quote`);
    expect(strange.status).toBe(404);
  });

  it('close an order, and name the order that stands in the way', async () => {
    const { orderNo } = await offered();
    const closed = await post(`orders/${orderNo}/cancel`);
    expect(orderView.parse(await closed.json()).state).toBe('closed');
    const paying = await post(`orders/${orderNo}/payments`, { channel: 'wechat' });
    expect(problemSchema.parse(await paying.json())).toMatchObject({ code: 'order.closed', orderNo });
  });

  it('name the field of a malformed request', async () => {
    const answer = await post('orders', { cardSession: 'x', faceFen: '50', entry: 'kiosk' });
    expect(answer.status).toBe(400);
    const { errors } = problemSchema.parse(await answer.json());
    expect(errors?.map(({ pointer }) => pointer).sort()).toEqual(['/body/faceFen', '/body/idempotencyKey']);
  });

  it('need the digest of what was read back with a written claim', async () => {
    const { orderNo } = await offered();
    const answer = await post(`orders/${orderNo}/claim`, { lease: 1, result: 'written' });
    expect(answer.status).toBe(400);
  });
});

describe('the notification endpoint', () => {
  it.each([
    ['not signed', 'x', {}, 401],
    ['about another amount', 'wechat', { amountFen: 1 }, 422],
  ])(
    'refuses one that is %s in the words of the channel, and counts it',
    async (_, signedBy, over, status) => {
      const { paying } = await offered();
      const payment = { kind: 'payment', id: 'n', paymentNo: paying.payment?.no, transactionId: 't' };
      const body = { ...payment, amountFen: 5000, paidAt: '2026-01-15T02:00:00Z', ...over };
      const answer = await notify(JSON.stringify(body), signedBy);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ code: 'FAIL' });
      const counted = await metrics.registry.getSingleMetricAsString('bianmin_notifications_refused_total');
      expect(counted).toContain(status === 401 ? 'reason="signature"} 1' : 'reason="mismatch"} 1');
    },
  );
});
