import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { orderView } from '@bianmin/purchase/api/order';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { remoteCustomer } from '@bianmin/purchase/api/remote';
import { NO_CONSENTS } from './consent-sales.ts';
import type { ProofCheck } from './proof-check.ts';
import { TerminalRemote } from './terminal-remote.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { serve } from '../../testing/app.ts';
import { testConfig } from '../../testing/config.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';
import { createApp } from '../../web/app.ts';
import type { RateLimiter } from '../../adapters/redis/rate-limit.ts';
import { terminalRemoteRoutes } from './terminal-remote-routes.ts';

/** Proofs that say whom they are for; an order uses one up. */
class Proofs implements ProofCheck {
  readonly #used = new Set<string>();

  check({ proof, customerNo, use }: Parameters<ProofCheck['check']>[0]): Promise<boolean> {
    const good = proof.startsWith(`of-${customerNo}`) && !this.#used.has(proof);
    if (good && use === 'order') this.#used.add(proof);
    return Promise.resolve(good);
  }
}

let world: OrderWorld;
let card: FakeCard;
let caller: string;
let app: { url: string; close: () => Promise<void> };

beforeAll(async () => {
  world = await OrderWorld.open({ proofs: new Proofs() });
  const { services, log } = world;
  const terminal = await fakeTerminal('kiosk-a');
  app = await serve(
    createApp({
      deps: { log, config: testConfig() },
      routes: terminalRemoteRoutes({ ...services, byConsent: NO_CONSENTS }),
      authenticators: {
        terminal: () =>
          Promise.resolve({ kind: 'terminal', device: 'kiosk', ...terminal, terminalId: caller }),
        admin: () => Promise.reject(new Error('Nobody is.')),
      },
      limiter: { take: () => Promise.resolve() } as unknown as RateLimiter,
      metrics: createMetrics({ defaults: false }),
    }),
  );
});
afterAll(() => app.close());
beforeEach(() => {
  card = world.household();
  caller = 'kiosk-a';
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${app.url}/v1/terminal/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

const codeOf = async (answer: Response) => problemSchema.parse(await answer.json()).code;

const request = (over: object = {}) => ({
  idempotencyKey: randomUUID(),
  customerNo: world.customerOf(card),
  proof: `of-${world.customerOf(card)}-${randomUUID()}`,
  faceFen: 5000,
  entry: 'kiosk',
  ...over,
});

async function failed(): Promise<string> {
  const { orderNo } = orderView.parse(await (await post('remote/orders', request())).json());
  world.grid.credits.link(card.meterNo, 'dead');
  const order = await world.services.orders.get('kiosk-a', orderNo);
  expect((await world.payFor(order)).state).toBe('credit-failed');
  return orderNo;
}

describe('buying by customer number at a terminal', () => {
  it('describes the customer, masked, with a proof that stays good', async () => {
    const { customerNo, proof } = request();
    for (let time = 0; time < 2; time += 1) {
      const answer = await post('remote/describe', { customerNo, proof });
      const described = remoteCustomer.parse(await answer.json());
      expect(described.customer.customerNo).toBe(`****${customerNo.slice(-4)}`);
      expect(described.blocked).toBeNull();
    }
  });

  it('makes an order with a proof, which is then used up, but for its own key', async () => {
    const first = request();
    const made = await post('remote/orders', first);
    expect(made.status).toBe(201);
    const view = orderView.parse(await made.json());
    expect(view).toMatchObject({ kind: 'remote', state: 'created', credit: { status: 'none' }, choices: [] });
    expect(JSON.stringify(view)).not.toContain(first.customerNo);
    const again = orderView.parse(await (await post('remote/orders', first)).json());
    expect(again.orderNo).toBe(view.orderNo);
    // What is refused for another reason costs no proof.
    const spare = request();
    const wrong = await post('remote/orders', { ...spare, faceFen: 150 });
    expect(await codeOf(wrong)).toBe('order.amount-out-of-range');
    expect((await post('remote/orders', spare)).status).toBe(201);
    const other = await post('remote/orders', { ...first, idempotencyKey: randomUUID() });
    expect([other.status, await codeOf(other)]).toEqual([403, 'customer.not-proven']);
  });

  it("does neither without a proof, or with another customer's", async () => {
    for (const proof of ['x', 'of-650100000000']) {
      const { customerNo } = request();
      expect(await codeOf(await post('remote/describe', { customerNo, proof }))).toBe('customer.not-proven');
      expect(await codeOf(await post('remote/orders', request({ proof })))).toBe('customer.not-proven');
    }
    const calls = world.grid.calls.length;
    await post('remote/describe', { customerNo: world.customerOf(card), proof: 'x' });
    expect(world.grid.calls).toHaveLength(calls);
  });

  it('proves nothing where nothing gives proofs', async () => {
    const { services } = await OrderWorld.open();
    const { customerNo, proof } = request();
    await expect(services.terminalRemote.describe('kiosk-a', { customerNo, proof })).rejects.toMatchObject({
      code: 'customer.not-proven',
    });
    expect(services.terminalRemote).toBeInstanceOf(TerminalRemote);
  });

  it('lets its terminal choose once the credit failed for good', async () => {
    const orderNo = await failed();
    const chosen = await post(`orders/${orderNo}/choose`, { choice: 'refund' });
    expect(orderView.parse(await chosen.json())).toMatchObject({ refund: { reason: 'not-credited' } });
    const late = await post(`orders/${orderNo}/choose`, { choice: 'card' });
    expect(await codeOf(late)).toBe('order.no-choice');
  });

  it('lets a terminal that holds the card choose the card, not the money', async () => {
    const orderNo = await failed();
    caller = 'kiosk-b';
    expect(await codeOf(await post(`orders/${orderNo}/choose`, { choice: 'card' }))).toBe('order.not-found');
    await world.identify(await fakeTerminal('kiosk-b'), card);
    expect(await codeOf(await post(`orders/${orderNo}/choose`, { choice: 'refund' }))).toBe(
      'order.no-choice',
    );
    const chosen = await post(`orders/${orderNo}/choose`, { choice: 'card' });
    expect(orderView.parse(await chosen.json())).toMatchObject({ state: 'sold', choices: ['refund'] });
  });
});
