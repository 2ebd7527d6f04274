import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { CardLayouts, Recognise } from '@bianmin/card/meter-card/layout';
import { readCard } from '@bianmin/card/meter-card/read';
import { openSample } from '@bianmin/card/testing/open-sample';
import { systemClock } from '@bianmin/card/node/system-clock';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { chipOf, type MeterCard } from '@bianmin/card/testing/meter-files';
import { samplePurchase, type SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import type { Clock } from '@bianmin/card/clock';
import { adminCardSession, type AdminCardSession } from '@bianmin/purchase/api/card-session';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { hashPassword } from '../access/password.ts';
import { CHEAP_HASH } from './access.ts';
import type { Config } from '../config/config.ts';
import type { Deps } from '../config/deps.ts';
import type { GridGateway } from '../gateways/grid/contract.ts';
import { createLogger } from '../adapters/log/log.ts';
import { createMetrics } from '../adapters/metrics/metrics.ts';
import type { GridDriver, GridDriverInit } from '../cards/remote/grid-driver.ts';
import { createGridDriver } from '../wiring/grid-card-tasks.ts';
import { startWeb, type RunningWeb } from '../web.ts';
import { startWorker, type RunningWorker } from '../worker.ts';
import { testConfig } from './config.ts';
import { openTestContext, type TestContext } from './context.ts';
import { sampleOrder } from './order-samples.ts';
import { gridOf, type Sold } from './remote-card-grid.ts';
import { openRemoteKiosk, type RemoteKiosk } from './remote-kiosk.ts';

const PASSWORD = 'a password of the tests';

/** The real web process and a grid that sells one sample purchase; log lines are kept. */
export class RemoteCardWorld {
  readonly t: TestContext;
  readonly web: RunningWeb;
  readonly logged: string[];
  readonly #purchases: Map<string, Sold>;
  readonly #deps: Deps;
  readonly #kiosks: RemoteKiosk[] = [];

  private constructor(init: {
    t: TestContext;
    deps: Deps;
    web: RunningWeb;
    logged: string[];
    purchases: Map<string, Sold>;
  }) {
    this.t = init.t;
    this.#deps = init.deps;
    this.web = init.web;
    this.logged = init.logged;
    this.#purchases = init.purchases;
  }

  /** `over`: what the grid does besides selling. `layouts`: those in force on the server, in place of the built-in ones. */
  static async open(over: Partial<GridGateway> = {}, layouts?: CardLayouts): Promise<RemoteCardWorld> {
    const t = await openTestContext();
    const signed = layouts === undefined ? {} : signedLayouts(layouts);
    const config = testConfig({ MONGODB_URI: t.mongodbUri, REDIS_URL: t.redisUrl, PORT: 0, ...signed });
    const logged: string[] = [];
    const purchases = new Map<string, Sold>();
    const log = createLogger({
      level: 'trace',
      process: 'web',
      destination: { write: (line) => void logged.push(line) },
    });
    const grid = { ...gridOf(purchases), ...over };
    const deps = { config, clock: systemClock, log, db: t.db, redis: t.redis, grid, channels: new Map() };
    const web = await startWeb(config, { deps, metrics: createMetrics({ defaults: false }) });
    return new RemoteCardWorld({ t, deps, web, logged, purchases });
  }

  async close(): Promise<void> {
    for (const kiosk of this.#kiosks) {
      kiosk.cut = undefined;
      await kiosk.remote.stop();
      await kiosk.opened.close();
    }
    await this.web.close();
    await this.t.close();
  }

  /** What a worker drives cards with for the grid, as that worker starts. */
  driver(clock: Clock, over: Partial<GridDriverInit> = {}): Promise<GridDriver> {
    const { services, access } = this.web;
    return createGridDriver({ ...this.#deps, clock }, { services, audit: access.audit, over });
  }

  /** The real worker, which drives for the grid as its configuration says. */
  worker(): Promise<RunningWorker> {
    const deps = { ...this.#deps, config: { ...this.#deps.config, GRID_CARD_TASKS: 'on' as const } };
    return startWorker(deps.config, { deps });
  }

  /** A token of a new person with every permission, or with those of a role of their own. */
  async staff(name: string, permissions?: readonly ('card:remote' | 'card:rewrite')[]): Promise<string> {
    await this.#forgetLimits();
    const { userStore } = this.web.access;
    if (permissions !== undefined) await userStore.putRole({ _id: name, permissions });
    await userStore.insert({
      _id: randomUUID(),
      name,
      passwordHash: await hashPassword(PASSWORD, CHEAP_HASH),
      roles: [permissions === undefined ? 'administrator' : name],
      status: 'active',
      createdAt: new Date(),
    });
    const login = await this.#fetch('POST', '/v1/admin/login', { body: { name, password: PASSWORD } });
    return String((login.json as { token: unknown }).token);
  }

  /** Accepts one terminal. */
  async enrolCode(): Promise<string> {
    await this.#forgetLimits();
    const code = randomUUID().slice(0, 18);
    await this.web.fleet.codes.add(code, { by: 'a test', at: new Date() });
    return code;
  }

  /** An enrolled and accepted kiosk; it knows the built-in layouts where it is given none. */
  async kiosk(recognise?: Recognise): Promise<RemoteKiosk> {
    const kiosk = await openRemoteKiosk(this.web.url, await this.enrolCode(), recognise);
    this.#kiosks.push(kiosk);
    return kiosk;
  }

  /** A sold order whose card waits for its write, on a sample's card. */
  async soldOrder(card: MeterCard, seed: number): Promise<SamplePurchase & { orderNo: string }> {
    const purchase = samplePurchase(card, { cipher: tripleDes, seed });
    const session = new DirectSession(purchase.card);
    const image = await readCard(await openSample(purchase, session), session.atr, purchase.layout);
    await session.end();
    const orderNo = `26030110${String(seed).padStart(10, '0')}`;
    const meterNo = String(seed).padStart(12, '0');
    await this.web.services.store.insert(
      sampleOrder({
        _id: orderNo,
        idempotencyKey: randomUUID(),
        state: 'sold',
        chip: chipOf(card),
        serial: purchase.plan.serial,
        imageDigest: imageDigest(image),
        count: purchase.count,
        meterNo,
        sale: { status: 'sold', saleNo: `S${seed}`, creditFen: purchase.amountFen },
        saleSlot: `collection-v1:${seed}:${purchase.count}`,
      }),
    );
    this.#purchases.set(orderNo, { ...purchase, meterNo });
    return { ...purchase, orderNo };
  }

  /** Staff's calls: the status and, of a success, the session. */
  async admin(
    token: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; code: string; session: AdminCardSession }> {
    const method = path.startsWith('GET ') ? 'GET' : 'POST';
    const { status, json } = await this.#fetch(method, `/v1/admin/card-sessions${path.replace('GET ', '')}`, {
      token,
      ...(body === undefined ? {} : { body }),
    });
    const code = typeof json === 'object' && json !== null && 'code' in json ? String(json.code) : '';
    const parsed = adminCardSession.safeParse(json);
    return { status, code, session: parsed.success ? parsed.data : (json as AdminCardSession) };
  }

  /** Everything that database and cache hold, as text. */
  async stored(): Promise<string> {
    const words: string[] = [];
    for (const { name } of await this.t.db.listCollections()) {
      words.push(JSON.stringify(await this.t.db.collection(name).find().toArray()));
    }
    for (const key of await this.t.redis.keys('remote-card:*')) {
      words.push(key, (await this.t.redis.get(key)) ?? '');
    }
    return words.join('\n');
  }

  /** All kiosks and people of a test come from one address. */
  async #forgetLimits(): Promise<void> {
    const keys = await this.t.redis.keys('rate:*');
    if (keys.length > 0) await this.t.redis.del(keys);
  }

  async #fetch(
    method: string,
    path: string,
    { token, body }: { token?: string; body?: unknown },
  ): Promise<{ status: number; json: unknown }> {
    const response = await fetch(this.web.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  }
}

/** A server's configuration by which these are in force. */
function signedLayouts(
  layouts: CardLayouts,
): Pick<Config, 'CARD_LAYOUTS_FILE' | 'RELEASE_ROOT_FILE' | 'RELEASE_DIR'> {
  const signers = new ReleaseSigners();
  const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
  const [path, roots] = [join(folder, 'layouts.signed.json'), join(folder, 'roots.jsonl')];
  writeFileSync(path, signers.signLayouts(layouts));
  writeFileSync(roots, `${signers.document}\n`);
  return { CARD_LAYOUTS_FILE: path, RELEASE_ROOT_FILE: roots, RELEASE_DIR: folder };
}
