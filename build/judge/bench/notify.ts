import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { Agent, request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packNotification } from '../../../server/sandbox/wallet/wechat/notification.ts';
import type { WechatKeys } from '../../../server/sandbox/wallet/wechat/keys.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { MongoOrderStore } from '../../../server/src/orders/store/mongo-orders.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import { sampleOrder, samplePayment } from '../../../server/src/testing/order-samples.ts';
import { address, loadOrCreateKeys, serverEnvironment, startPart } from '../../run/dev/parts.ts';
import { ANY_PORTS, choosePorts } from '../../run/dev/ports.ts';
import { loadOrCreateSecrets } from '../../run/dev/secrets.ts';
import { Stores } from '../../run/dev/stores.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { cpuMsByName } from './cpu-time.ts';
import { percentile } from './percentile.ts';

const WARM_UP = 300;
const NOTIFICATIONS = 3000;
/** At once, each on a connection that stays: as many as a wallet's senders. */
const AT_ONCE = 64;
/** Of the web process, as the stack starts it. */
const WEB = { name: 'web', main: 'server/src/main-web.ts', ready: /^web ready (\S+)/ } as const;

interface Packed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface NotifyRow {
  readonly bench: 'notify';
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly notifications: number;
  /** CPU time a notification by process, ms; `harness` is the sender. */
  readonly cpuMsPerNotification: Readonly<Record<string, number>>;
}

/** Signed notifications, each of an order of its own: verified, made durable, acknowledged. One web process, no worker. */
export async function benchNotify({ report, orders = NOTIFICATIONS }: BenchContext): Promise<BenchResult> {
  const warmUp = Math.min(WARM_UP, orders);
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-bench-'));
  const stores = new Stores({ durable: true }, report);
  const abort = new AbortController();
  try {
    const { database, redis } = await stores.open(dir);
    const [keys, secrets, ports] = await Promise.all([
      loadOrCreateKeys(dir),
      loadOrCreateSecrets(dir),
      choosePorts(dir, ANY_PORTS),
    ]);
    const parts = { keys, secrets, mongodbUri: database.uri, redisUrl: redis.url };
    const server = serverEnvironment({ dir, ports }, { ...parts, gridProfile: 'collection-v1' });
    const env = { ...server, LOG_LEVEL: 'warn' };
    const { program } = await startPart({ ...WEB, env, dir, signal: abort.signal });
    try {
      const packed = await prepare(warmUp + orders, {
        uri: server['MONGODB_URI'] ?? '',
        secret: secrets.tokenSecret,
        keys: keys.wallet.wechat,
      });
      const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
      const post = (each: Packed): Promise<number> =>
        send(`${address(ports.web)}/v1/notify/wechat`, agent, each);
      await all(packed.slice(0, warmUp), post);
      const cpu = (): ReturnType<typeof cpuMsByName> =>
        cpuMsByName({
          web: program.pid,
          database: database.program?.pid,
          redis: redis.program?.pid,
          harness: process.pid,
        });
      const cpuBefore = await cpu();
      const from = performance.now();
      const { latencies, refusals } = await all(packed.slice(warmUp), post);
      const seconds = (performance.now() - from) / 1000;
      const cpuAfter = await cpu();
      agent.destroy();
      const stored = await countStored(server['MONGODB_URI'] ?? '');
      const row: NotifyRow = {
        bench: 'notify',
        perSecond: Number((latencies.length / seconds).toFixed(1)),
        p95Ms: Number(percentile(latencies, 0.95).toFixed(1)),
        notifications: latencies.length,
        cpuMsPerNotification: Object.fromEntries(
          Object.entries(cpuAfter).map(([name, ms]) => {
            return [name, Number(((ms - (cpuBefore[name] ?? 0)) / latencies.length).toFixed(2))];
          }),
        ),
      };
      const faults = [
        ...[...refusals].map(([status, count]) => `${count} notifications were answered with ${status}`),
        ...(stored === packed.length ? [] : [`${stored} of ${packed.length} notifications were stored`]),
      ];
      return { rows: [row], engine: database.engine, faults };
    } finally {
      await program.stop();
    }
  } finally {
    abort.abort();
    await stores.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Orders that wait to be paid, and a signed word of each that it is; sealed as the web process opens them. */
async function prepare(
  total: number,
  { uri, secret, keys }: { uri: string; secret: string; keys: WechatKeys },
): Promise<Packed[]> {
  const db = await connectDatabase(uri);
  try {
    const store = new MongoOrderStore({
      db,
      seal: new NumberSeal(Buffer.from(secret, 'hex')),
      wrote: () => undefined,
    });
    const packed: Packed[] = [];
    const insert = async (index: number): Promise<void> => {
      const orderNo = `260301100000${String(index).padStart(6, '0')}`;
      const no = `${orderNo}p1`;
      const made = { _id: orderNo, idempotencyKey: randomUUID(), state: 'paying', dueAt: null } as const;
      await store.insert(sampleOrder({ ...made, payments: [samplePayment({ no })] }));
      packed.push(packedSuccess(keys, no));
    };
    for (let from = 0; from < total; from += 50) {
      await Promise.all(Array.from({ length: Math.min(50, total - from) }, (_, n) => insert(from + n)));
    }
    return packed;
  } finally {
    await db.close();
  }
}

function packedSuccess(keys: WechatKeys, paymentNo: string): Packed {
  const now = Date.now();
  const content = {
    ...{ appid: keys.appid, mchid: keys.mchid, out_trade_no: paymentNo, trade_state: 'SUCCESS' },
    ...{ trade_state_desc: '支付成功', trade_type: 'NATIVE', bank_type: 'OTHERS', payer: { openid: 'o1' } },
    transaction_id: `42000${paymentNo.slice(0, 18)}`,
    success_time: new Date(now).toISOString(),
    amount: { total: 5000, payer_total: 5000, currency: 'CNY', payer_currency: 'CNY' },
  };
  return packNotification(keys, {
    delivery: {
      id: randomUUID(),
      kind: 'payment',
      event: 'TRANSACTION.SUCCESS',
      about: paymentNo,
      url: '',
      content,
      createdAt: now,
      attempts: [],
      status: 'pending',
    },
    signWith: 'publicKeyMode',
    nowMs: now,
  });
}

async function all(
  packed: readonly Packed[],
  post: (each: Packed) => Promise<number>,
): Promise<{ latencies: number[]; refusals: ReadonlyMap<number, number> }> {
  const latencies: number[] = [];
  const waiting = [...packed];
  const refusals = new Map<number, number>();
  const hand = async (): Promise<void> => {
    for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
      const from = performance.now();
      const status = await post(each);
      if (status >= 300) refusals.set(status, (refusals.get(status) ?? 0) + 1);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
  return { latencies, refusals };
}

function send(url: string, agent: Agent, { headers, body }: Packed): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const call = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': length } });
    call.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 500);
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function countStored(uri: string): Promise<number> {
  const db = await connectDatabase(uri);
  try {
    return await db.collection('notifications').countDocuments();
  } finally {
    await db.close();
  }
}
