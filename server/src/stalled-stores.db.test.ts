import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { connectDatabase } from './adapters/mongo/connection.ts';
import { redisAddress } from './adapters/redis/address.ts';
import { connectRedis } from './adapters/redis/connection.ts';
import { LIMITS } from './kernel/limits.ts';
import { testConfig } from './testing/config.ts';
import { openTestContext, type TestContext } from './testing/context.ts';
import { FakeCard } from './testing/fake-card.ts';
import { FakeGrid } from './testing/fake-grid.ts';
import { BACK_MS, ended, endedWhileStalled, SLACK_MS, untilBack, type Ended } from './testing/stalled.ts';
import { TestTerminal } from './testing/terminal.ts';
import { watchedLog } from './testing/watched-log.ts';
import { ADMIN_PASSWORD, ENROL_CODE } from './testing/web.ts';
import { openWireProxy, type WireProxy } from './testing/wire-proxy.ts';
import { startWeb, type RunningWeb } from './web.ts';

/** From one look at the stores to the next (`web/readiness.ts`), ms. */
const LOOK_MS = 1_000;
/** Longer than anything here may take: what is measured is the server's own patience. */
const CALLERS_MS = 120_000;

let t: TestContext;
let lines: { readonly database: WireProxy; readonly redis: WireProxy };
let db: Connection;
let redis: Redis;
let web: RunningWeb;
let kiosk: ApiClient;
const card = new FakeCard('0000000000000001', '000000000001');

beforeAll(async () => {
  t = await openTestContext();
  lines = { database: await openWireProxy(t.mongodbUri), redis: await openWireProxy(t.redisUrl) };
  db = await connectDatabase(lines.database.url);
  redis = connectRedis(redisAddress(lines.redis.url, {}));
  redis.on('error', () => undefined);
  const grid = new FakeGrid(systemClock);
  grid.addHousehold(card);
  const config = testConfig({
    ...{ MONGODB_URI: lines.database.url, REDIS_URL: lines.redis.url },
    ...{ PORT: 0, ADMIN_PASSWORD, ENROL_CODE },
  });
  web = await startWeb(config, {
    deps: { config, clock: systemClock, log: watchedLog(), db, redis, grid, channels: new Map() },
  });
  const keys = await TestTerminal.create(systemClock);
  kiosk = new ApiClient({
    ...{ baseUrl: web.url, clock: systemClock, http: axiosCall(), timeoutMs: CALLERS_MS },
    identity: {
      terminalId: keys.id,
      signAssertion: () => keys.assertion(),
      proof: ({ method, url, accessToken }) => keys.proof({ method, url, accessToken }),
    },
  });
  await kiosk.enrol(() => keys.enrolment({ code: ENROL_CODE }));
});
afterAll(async () => {
  await web.close();
  await db.close();
  redis.disconnect();
  await Promise.all([lines.database.close(), lines.redis.close()]);
  await t.close();
});

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number;
}

async function answered(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(web.url + path, init);
  const code = response.ok ? '' : problemSchema.parse(await response.json()).code;
  return { status: response.status, code, retryAfterS: Number(response.headers.get('retry-after')) };
}

const login = (): Promise<Answer> =>
  answered('/v1/admin/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: ADMIN_PASSWORD }),
  });

/** What is refused for now is asked again. */
async function untilDone<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean = () => true): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      if (isDone(answer)) return answer;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 503) throw error;
    }
    await sleep(200);
  }
}

async function ready(): Promise<void> {
  const { status } = await fetch(`${web.url}/readyz`);
  if (status !== 200) throw new Error(`readyz says ${status}.`);
}

/** What is answered once it is no: until then the last look's answer is. */
async function notReady(): Promise<Answer> {
  while ((await fetch(`${web.url}/readyz`)).status === 200) await sleep(20);
  return answered('/readyz');
}

async function newOrder(cardSession: string): Promise<unknown> {
  return kiosk.createOrder({ idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' });
}

const identified = async (): Promise<string> =>
  (await kiosk.identify({ image: card.read(), entry: 'kiosk' })).cardSession;

describe('while the database stands still', () => {
  let stalled: Readonly<Record<string, Ended>>;
  let backMs: number;
  beforeAll(async () => {
    const cardSession = await identified();
    stalled = await endedWhileStalled(lines.database, {
      readyz: notReady,
      login,
      'new order': () => newOrder(cardSession),
    });
    backMs = await untilBack(async () => {
      await ready();
      await identified();
    });
    const took = Object.entries(stalled).map(([name, { ms }]) => `${name} ${ms}`);
    process.stderr.write(`database, ms: ${took.join(', ')}; back ${backMs}\n`);
  });

  it('/readyz says no within its own limit and the pause between two looks', () => {
    const { value, ms } = stalled['readyz'] as Ended;
    expect(value).toMatchObject({ status: 503, code: 'server.unavailable' });
    expect(ms).toBeLessThanOrEqual(LOOK_MS + LIMITS.ready + SLACK_MS);
  });

  it('a login is refused as unavailable, in time, and told when to come again', () => {
    const { value, ms } = stalled['login'] as Ended;
    expect(value).toMatchObject({ status: 503, code: 'server.unavailable', retryAfterS: 2 });
    expect(ms).toBeLessThanOrEqual(LIMITS.request + SLACK_MS);
  });

  it('so is a new order, long before its terminal gives up', () => {
    const { error, ms } = stalled['new order'] as Ended;
    expect(error).toMatchObject({ code: 'server.unavailable', status: 503 });
    expect(ms).toBeLessThanOrEqual(LIMITS.request + SLACK_MS);
  });

  it('all of it works again soon after', async () => {
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
    expect((await ended(async () => newOrder(await identified()))).error).toBeUndefined();
  });
});

describe('while Redis stands still', () => {
  let stalled: Readonly<Record<string, Ended>>;
  beforeAll(async () => {
    stalled = await endedWhileStalled(lines.redis, {
      login: () => untilDone(login, (answer) => answer.status === 200),
      'new order': () => untilDone(async () => newOrder(await identified())),
    });
  });

  it.each(['login', 'new order'])('a %s is done all the same, within the time of one request', (what) => {
    const { error, ms } = stalled[what] as Ended;
    expect(error).toBeUndefined();
    expect(ms).toBeLessThanOrEqual(LIMITS.request + SLACK_MS);
  });

  it('/readyz says yes', async () => {
    lines.redis.stall();
    await sleep(2 * LOOK_MS + LIMITS.ready);
    await expect(ready()).resolves.toBeUndefined();
    lines.redis.goOn();
  });

  it('all of it works afterwards', async () => {
    expect((await ended(async () => newOrder(await identified()))).error).toBeUndefined();
  });
});
