import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { tokenResponse } from '@bianmin/purchase/api/terminal';
import type { Deps } from './config/deps.ts';
import { WITHOUT_REDIS } from './orders/desk/order-pace.ts';
import type { RedisAway } from './testing/redis-away.ts';
import { ended } from './testing/stalled.ts';
import { openWireProxy } from './testing/wire-proxy.ts';
import { patiently, WorldWithoutRedis } from './testing/world-without-redis.ts';
import type { RunningWeb } from './web.ts';
import { isRedisAway } from './wiring/stand-ins.ts';

/** From a household's first touch to a card that is written, ms; at a kiosk nobody waits longer. */
const BOUGHT_MS = 30_000;
/** Orders at once: far more than the pace lets in while they are asked for. */
const MANY = 100;

let w: WorldWithoutRedis;
let served: Awaited<ReturnType<WorldWithoutRedis['startWeb']>>;
beforeAll(async () => {
  w = await WorldWithoutRedis.open();
  served = await w.startWeb();
  await w.startWorker();
});
afterAll(() => w.close());
afterEach(async () => {
  await Promise.all([w.cache.back(), w.queue.back()]);
});

/** From a new order to a card that is written, and a meter that was given the money once. */
async function buys(meanwhile: () => Promise<void> = () => Promise.resolve(), at = served): Promise<void> {
  const card = w.household();
  const { orderNo } = await w.newOrder(at, card);
  await meanwhile();
  await w.pay(at, orderNo);
  await w.until(at, orderNo, 'sold');
  await w.write(at, orderNo, card);
  await w.until(at, orderNo, 'done');
  const order = await at.web.services.store.get(orderNo);
  expect(order).toMatchObject({ state: 'done', refunds: [], attention: null, write: { confirmed: true } });
  expect(order?.payments).toHaveLength(1);
  expect(w.grid.meters.get(card.meterNo)?.insert(card)).toBe(5000);
  expect(w.grid.meters.get(card.meterNo)?.insert(card)).toBe(0);
}

const ready = async (): Promise<number> => (await fetch(`${served.web.url}/readyz`)).status;

describe.each([
  ['both Redis', (): RedisAway[] => [w.cache, w.queue]],
  ['that of the cache', (): RedisAway[] => [w.cache]],
  ['that of queues and marks', (): RedisAway[] => [w.queue]],
])('without %s', (_, which) => {
  it.each(['stop', 'freeze'] as const)('a household buys all the same (%s)', async (how) => {
    await Promise.all(which().map((redis) => redis[how]()));
    const { ms, error } = await ended(() => buys());
    expect(error).toBeUndefined();
    expect(ms).toBeLessThan(BOUGHT_MS);
    expect(await ready()).toBe(200);
  });
});

describe('a purchase', () => {
  it.each(['stop', 'freeze'] as const)('goes on as Redis leaves and as it comes back (%s)', async (how) => {
    await buys(() => Promise.all([w.cache[how](), w.queue[how]()]).then(() => undefined));
    await buys(() => Promise.all([w.cache.back(), w.queue.back()]).then(() => undefined));
    await expect.poll(() => isRedisAway(served.deps)).toBe(false);
    await buys();
  });

  it('is made at a process that begins without Redis', async () => {
    await Promise.all([w.cache.stop(), w.queue.stop()]);
    const late = await w.startWeb();
    await buys(() => Promise.resolve(), late);
  });
});

describe('new orders', () => {
  it('are held to a pace, and refused as for now beyond it', async () => {
    const { kiosk } = served;
    await w.cache.stop();
    await buys();
    const sessions = await Promise.all(
      Array.from({ length: MANY }, async () => {
        const image = w.household().read();
        return (await patiently(() => kiosk.identify({ image, entry: 'kiosk' }))).cardSession;
      }),
    );
    const made = await Promise.allSettled(
      sessions.map((cardSession) =>
        kiosk.createOrder({ idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' }),
      ),
    );
    const refused = made.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(MANY - refused.length).toBeGreaterThanOrEqual(WITHOUT_REDIS.atOnce - 1);
    for (const each of refused) expect(each).toMatchObject({ code: 'server.unavailable', status: 503 });
  });
});

describe('what proves a terminal', () => {
  /** A call of nothing that is there, by hand, so that it can be sent again: `request.not-found` where its proof is taken. */
  const proven = async (accessToken: string): Promise<Sent> => {
    const path = '/v1/terminal/orders/260301100000000001';
    const proof = await w.keys.proof({ method: 'GET', url: `http://any${path}`, accessToken });
    return async (web) => {
      const headers = { authorization: `DPoP ${accessToken}`, dpop: proof };
      return codeOf(await fetch(web.url + path, { headers }));
    };
  };
  type Sent = (web: RunningWeb) => Promise<string>;
  const TAKEN = 'order.not-found';

  const tokenFor = async (web: RunningWeb, assertion: string): Promise<Response> =>
    fetch(`${web.url}/v1/terminal/token`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ assertion }),
    });
  const token = async (web: RunningWeb): Promise<string> =>
    patiently(async () => {
      const answer = await tokenFor(web, await w.keys.assertion());
      return tokenResponse.parse(await answer.json()).accessToken;
    });
  /** Of which Redis remembers the proofs: not yet where it was away just now. */
  const tokenOfRedis = async (web: RunningWeb): Promise<string> => {
    for (;;) {
      const accessToken = await token(web);
      if (decodeProtectedHeader(accessToken).typ === 'at+jwt') return accessToken;
      await sleep(500);
    }
  };
  const untilAway = async (deps: Deps, away: boolean): Promise<void> => {
    await expect
      .poll(async () => {
        await token(served.web);
        return isRedisAway(deps);
      })
      .toBe(away);
  };

  it('is good once, before, during and after an absence', async () => {
    const { web, deps } = served;
    await untilAway(deps, false);
    const before = await proven(await tokenOfRedis(web));
    expect(await before(web)).toBe(TAKEN);
    const unused = await proven(await tokenOfRedis(web));
    await w.queue.stop();
    await untilAway(deps, true);
    expect([await before(web), await unused(web)]).toEqual(['auth.expired', 'auth.expired']);
    const during = await proven(await token(web));
    expect([await during(web), await during(web)]).toEqual([TAKEN, 'terminal.bad-proof']);
    const assertion = await w.keys.assertion();
    expect((await tokenFor(web, assertion)).status).toBe(200);
    expect(await codeOf(await tokenFor(web, assertion))).toBe('terminal.bad-proof');
    // It has forgotten everything.
    await w.queue.back();
    await untilAway(deps, false);
    expect([await before(web), await unused(web)]).toEqual(['auth.expired', 'auth.expired']);
    expect(await during(web)).toBe('terminal.bad-proof');
    expect(await codeOf(await tokenFor(web, assertion))).toBe('terminal.bad-proof');
    const after = await proven(await token(web));
    expect([await after(web), await after(web)]).toEqual([TAKEN, 'terminal.bad-proof']);
  });

  it('is good once, also for a process that began only after Redis came back emptied', async () => {
    const { web, deps } = served;
    await untilAway(deps, false);
    const before = await proven(await tokenOfRedis(web));
    expect(await before(web)).toBe(TAKEN);
    await w.queue.stop();
    await untilAway(deps, true);
    await w.queue.back();
    await untilAway(deps, false);
    const { web: late } = await w.startWeb();
    expect([await before(web), await before(late)]).toEqual(['auth.expired', 'auth.expired']);
  });

  it('is good once for all processes, though Redis is away from one of them alone', async () => {
    const { web } = served;
    const line = await openWireProxy(w.queue.url);
    // After the process whose line it is: who says goodbye to nobody tries again for ever.
    w.onClose(() => line.close());
    const cutOff = await w.startWeb({ queue: line.url });
    const before = await proven(await tokenOfRedis(web));
    expect(await before(web)).toBe(TAKEN);
    line.stall();
    await expect
      .poll(async () => {
        await cutOff.kiosk.order('260301100000000001').catch(() => undefined);
        return isRedisAway(cutOff.deps);
      })
      .toBe(true);
    expect(await before(cutOff.web)).toBe('auth.expired');
    const there = await proven(await token(cutOff.web));
    expect([await there(cutOff.web), await there(web)]).toEqual([TAKEN, 'terminal.bad-proof']);
    // The others are told, and give tokens that both can ask about.
    await expect.poll(async () => (await proven(await token(web)))(cutOff.web)).toBe(TAKEN);
    const here = await proven(await token(web));
    expect([await here(web), await here(cutOff.web)]).toEqual([TAKEN, 'terminal.bad-proof']);
    line.goOn();
  });
});

async function codeOf(answer: Response): Promise<string> {
  return answer.ok ? '' : problemSchema.parse(await answer.json()).code;
}
