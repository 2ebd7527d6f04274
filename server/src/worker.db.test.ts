import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { Deps } from './config/deps.ts';
import type { FeedItem } from './orders/desk/feed.ts';
import type { Order } from './orders/model/order.ts';
import { createServices, type Services } from './wiring/orders.ts';
import { testConfig } from './testing/config.ts';
import { openTestContext, type TestContext } from './testing/context.ts';
import { FakeCard } from './testing/fake-card.ts';
import { FakeChannel } from './testing/fake-channel.ts';
import { FakeGrid } from './testing/fake-grid.ts';
import { fakeTerminal, type FakeTerminal } from './testing/order-world.ts';
import type { RunningService } from './testing/database.ts';
import { openTestRedis } from './testing/redis.ts';
import { startWorker, type RunningWorker } from './worker.ts';

/** Web's services and a worker on a real database and a real queue; grid and channel are fakes. */
let t: TestContext;
let queues: RunningService;
let queue: Redis;
let deps: Deps;
let web: Services;
let worker: RunningWorker;
let terminal: FakeTerminal;
const grid = new FakeGrid(systemClock);
const wechat = new FakeChannel('wechat', systemClock);
const registry = new Registry();

beforeAll(async () => {
  t = await openTestContext();
  queues = await openTestRedis();
  queue = new Redis(queues.url);
  const config = testConfig({
    ...{ MONGODB_URI: t.mongodbUri, REDIS_URL: t.redisUrl, REDIS_QUEUE_URL: queues.url },
    SWEEP_MS: 100,
  });
  const channels = new Map([['wechat' as const, wechat]]);
  const log = pino({ level: 'silent' });
  deps = { config, clock: systemClock, log, db: t.db, redis: t.redis, grid, channels };
  web = await createServices(deps, { registry });
  worker = await startWorker(config, { deps, parts: {}, registry: new Registry() });
  terminal = await fakeTerminal('kiosk-a');
});
afterAll(async () => {
  await worker.close();
  await web.close();
  await t.close();
  queue.disconnect();
  await queues.close();
});

let cards = 0;
function household(): FakeCard {
  cards += 1;
  const card = new FakeCard(String(cards).padStart(16, '0'), String(cards).padStart(12, '0'));
  grid.addHousehold(card);
  return card;
}

async function offer(card: FakeCard): Promise<Order> {
  const request = { image: card.read(), entry: 'kiosk' } as const;
  const { cardSession } = await web.cards.identify(terminal.terminalId, request);
  const order = await web.orders.create(terminal, {
    idempotencyKey: crypto.randomUUID(),
    cardSession,
    faceFen: 5000,
    entry: 'kiosk',
  });
  return web.orders.createPayment(order, 'wechat');
}

async function pay(order: Order): Promise<void> {
  const payment = order.payments[0];
  wechat.pay(payment?.codeUrl ?? '');
  for (const { headers, rawBody } of wechat.notificationsOf(payment?.no ?? '')) {
    await web.notifications.take('wechat', headers, rawBody);
  }
}

async function until(order: Order, state: Order['state']): Promise<Order> {
  return expect
    .poll(() => web.store.get(order._id), { interval: 20 })
    .toMatchObject({ state })
    .then(() => web.mover.again(order));
}

async function write(card: FakeCard, order: Order): Promise<Order> {
  const sealed = await web.writes.release(order, terminal, { image: card.read() });
  card.write(await terminal.open(sealed));
  return web.writes.claim(await web.mover.again(order), terminal.terminalId, {
    lease: sealed.lease,
    result: 'written',
    imageDigest: 'a'.repeat(64),
  });
}

async function writes(): Promise<number> {
  const counts = await Promise.all(
    [web.metrics, worker.services.metrics].map(({ writes: all }) => all.get()),
  );
  return counts.flatMap(({ values }) => values).reduce((sum, { value }) => sum + value, 0);
}

describe('web and worker', () => {
  it('carry a purchase to the meter with eight durable writes, and tell the terminal of each change', async () => {
    const heard: FeedItem[] = [];
    const stop = await web.feed.subscribe(terminal.terminalId, (item) => heard.push(item));
    const before = await writes();
    const card = household();
    const order = await offer(card);
    await pay(order);
    const done = await write(card, await until(order, 'sold'));
    expect(done).toMatchObject({ state: 'done', dueAt: null, write: { confirmed: true } });
    expect((await writes()) - before).toBe(8);
    expect(grid.meters.get(card.meterNo)?.insert(card)).toBe(5000);
    await expect.poll(() => heard.at(-1)?.view.state).toBe('done');
    const states = heard.map(({ view }) => view.state);
    expect(states).toEqual(['paying', 'paying', 'paid', 'sold', 'writing', 'done']);
    await stop();
    const replayed = await web.feed.changedSince(terminal.terminalId, heard.at(-1)?.id ?? 0);
    expect(replayed.map(({ view }) => view)).toContainEqual(heard.at(-1)?.view);
  });

  it('keep the queue in its own Redis and everything else in the other', async () => {
    expect(await t.redis.keys('bull:*')).toEqual([]);
    const inQueue = await queue.keys('*');
    expect(inQueue.length).toBeGreaterThan(0);
    expect(inQueue.filter((key) => !key.startsWith('bull:'))).toEqual([]);
  });

  it('go on after a restart between payment and write', async () => {
    const card = household();
    const order = await offer(card);
    await worker.close();
    await pay(order);
    worker = await startWorker(deps.config, { deps, registry: new Registry() });
    const done = await write(card, await until(order, 'sold'));
    expect(done.state).toBe('done');
  });

  it('need no queue: the sweeper finds what Redis lost', async () => {
    const card = household();
    const order = await offer(card);
    await worker.close();
    await pay(order);
    await Promise.all([t.redis.flushdb(), queue.flushdb()]);
    const paying = await web.mover.again(order);
    await web.store.postpone(paying, new Date());
    worker = await startWorker(deps.config, { deps, registry: new Registry() });
    await until(order, 'sold');
  });
});
