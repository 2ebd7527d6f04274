import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { compactDecrypt } from 'jose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { writePlanSchema } from '@bianmin/card/meter-card/plan';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { OrderView } from '@bianmin/purchase/api/order';
import { connectDatabase } from '../adapters/mongo/connection.ts';
import { redisAddress } from '../adapters/redis/address.ts';
import { connectRedis } from '../adapters/redis/connection.ts';
import type { Deps } from '../config/deps.ts';
import { startWeb, type RunningWeb } from '../web.ts';
import { startWorker } from '../worker.ts';
import { testConfig } from './config.ts';
import { openTestContext, type TestContext } from './context.ts';
import { FakeCard } from './fake-card.ts';
import { FakeChannel } from './fake-channel.ts';
import { FakeGrid } from './fake-grid.ts';
import { RedisAway } from './redis-away.ts';
import { TestTerminal } from './terminal.ts';
import { watchedLog } from './watched-log.ts';
import { ADMIN_PASSWORD, ENROL_CODE } from './web.ts';

/** How long a household repeats what was refused for now, ms. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;

/** A web process, and a kiosk's client of it. */
interface Served {
  readonly web: RunningWeb;
  readonly deps: Deps;
  readonly kiosk: ApiClient;
}

/** Web and worker, each with lines of its own to two Redis that a test takes away; a kiosk, a grid, a wallet. */
export class WorldWithoutRedis {
  readonly grid = new FakeGrid(systemClock);
  readonly wechat = new FakeChannel('wechat', systemClock);
  readonly #closes: (() => unknown)[] = [];
  #parts: { t: TestContext; cache: RedisAway; queue: RedisAway; keys: TestTerminal } | undefined;
  #cards = 0;

  static async open(): Promise<WorldWithoutRedis> {
    const world = new WorldWithoutRedis();
    const t = await openTestContext();
    world.#closes.push(() => t.close());
    const [cache, queue] = [await RedisAway.start(), await RedisAway.start()];
    world.#closes.push(
      () => cache.close(),
      () => queue.close(),
    );
    world.#parts = { t, cache, queue, keys: await TestTerminal.create(systemClock) };
    return world;
  }

  async close(): Promise<void> {
    // What is closed while its Redis is away would wait for it.
    await Promise.all([this.cache.back(), this.queue.back()]);
    for (const close of this.#closes.splice(0).toReversed()) await close();
  }

  get #opened() {
    if (this.#parts === undefined) throw new Error('The world is not open.');
    return this.#parts;
  }
  get t(): TestContext {
    return this.#opened.t;
  }
  get cache(): RedisAway {
    return this.#opened.cache;
  }
  get queue(): RedisAway {
    return this.#opened.queue;
  }
  get keys(): TestTerminal {
    return this.#opened.keys;
  }

  /** Done at the end, after what is opened later. */
  onClose(close: () => unknown): void {
    this.#closes.push(close);
  }

  /** `at`: other addresses of both, as a process has them that is cut off from one. */
  async startWeb(at: { readonly cache?: string; readonly queue?: string } = {}): Promise<Served> {
    const deps = await this.#deps(at);
    const web = await startWeb(deps.config, { deps });
    this.#closes.push(() => web.close());
    const kiosk = this.kioskOf(web.url);
    await patiently(() => kiosk.enrol(() => this.keys.enrolment({ code: ENROL_CODE })));
    return { web, deps, kiosk };
  }

  async startWorker(): Promise<void> {
    const deps = await this.#deps({});
    const worker = await startWorker(deps.config, { deps });
    this.#closes.push(() => worker.close());
  }

  kioskOf(url: string): ApiClient {
    const { keys } = this;
    return new ApiClient({
      ...{ baseUrl: url, clock: systemClock, http: axiosCall() },
      identity: {
        terminalId: keys.id,
        signAssertion: () => keys.assertion(),
        proof: ({ method, url: of, accessToken }) => keys.proof({ method, url: of, accessToken }),
      },
    });
  }

  household(): FakeCard {
    this.#cards += 1;
    const card = new FakeCard(String(this.#cards).padStart(16, '0'), String(this.#cards).padStart(12, '0'));
    this.grid.addHousehold(card);
    return card;
  }

  async newOrder({ kiosk }: Served, card: FakeCard): Promise<OrderView> {
    const idempotencyKey = randomUUID();
    const { cardSession } = await patiently(() => kiosk.identify({ image: card.read(), entry: 'kiosk' }));
    const create = () => kiosk.createOrder({ idempotencyKey, cardSession, faceFen: 5000, entry: 'kiosk' });
    return patiently(create);
  }

  /** A household pays it by the wallet, and the wallet says so. */
  async pay({ web, kiosk }: Served, orderNo: string): Promise<void> {
    await patiently(() => kiosk.createPayment(orderNo, { channel: 'wechat' }));
    const payment = (await web.services.store.get(orderNo))?.payments[0];
    this.wechat.pay(payment?.codeUrl ?? '');
    for (const { headers, rawBody } of this.wechat.notificationsOf(payment?.no ?? '')) {
      await patiently(async () => {
        const answer = await fetch(`${web.url}/v1/notify/wechat`, {
          ...{ method: 'POST', headers: headers as Record<string, string>, body: new Uint8Array(rawBody) },
        });
        if (!answer.ok) throw new Error(`The notification was answered with ${answer.status}.`);
      });
    }
  }

  /** Until it may be written, or is. */
  async until({ kiosk }: Served, orderNo: string, state: OrderView['state']): Promise<OrderView> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const order = await patiently(() => kiosk.order(orderNo));
      if (order.state === state) return order;
      if (performance.now() > end) throw new Error(`It stays ${order.state}.`);
      await sleep(AGAIN_MS);
    }
  }

  /** Writes its card, and says so. */
  async write({ kiosk }: Served, orderNo: string, card: FakeCard): Promise<OrderView> {
    const sealed = await patiently(() => kiosk.release(orderNo, { image: card.read() }));
    const { plaintext } = await compactDecrypt(sealed.sealed, this.keys.seal.privateKey);
    card.write(writePlanSchema.parse(JSON.parse(new TextDecoder().decode(plaintext))));
    const claim = { lease: sealed.lease, result: 'written', imageDigest: card.digest() } as const;
    return patiently(() => kiosk.claim(orderNo, claim));
  }

  async #deps({ cache = this.cache.url, queue = this.queue.url }): Promise<Deps> {
    const { t } = this;
    const config = testConfig({
      ...{ MONGODB_URI: t.mongodbUri, REDIS_URL: cache, REDIS_QUEUE_URL: queue },
      ...{ PORT: 0, ADMIN_PASSWORD, ENROL_CODE, SWEEP_MS: 1_000 },
    });
    const db = await connectDatabase(t.mongodbUri);
    this.#closes.push(() => db.close());
    return {
      ...{ config, clock: systemClock, log: watchedLog(), db, grid: this.grid },
      ...{ redis: this.#connect(cache), marks: this.#connect(queue) },
      channels: new Map([['wechat' as const, this.wechat]]),
    };
  }

  #connect(url: string): Redis {
    const redis = connectRedis(redisAddress(url, {}));
    redis.on('error', () => undefined);
    this.#closes.push(() => {
      redis.disconnect();
    });
    return redis;
  }
}

/** As whoever stands at a terminal: what is refused for now is tried again. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isForNow = !(error instanceof ApiError) || error.status === 503;
      if (!isForNow || performance.now() > end) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
