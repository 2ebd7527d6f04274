import process from 'node:process';
import { Agent, request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { address, loadOrCreateKeys, serverEnvironment, startPart } from '../../run/dev/parts.ts';
import { ANY_PORTS, choosePorts } from '../../run/dev/ports.ts';
import { loadOrCreateSecrets } from '../../run/dev/secrets.ts';
import { Stores } from '../../run/dev/stores.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { cpuMsByName } from './cpu-time.ts';
import { prepareNotifications, type Packed } from './notifications.ts';
import { percentile } from './percentile.ts';

const WARM_UP = 300;
const NOTIFICATIONS = 3000;
/** At once, each on a connection that stays: as many as a wallet's senders. */
const AT_ONCE = 64;
/** Of the web process, as the stack starts it. */
const WEB = { name: 'web', main: 'server/src/main-web.ts', ready: /^web ready (\S+)/ } as const;

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
      const mongodbUri = server['MONGODB_URI'] ?? '';
      const packed = await prepareNotifications(warmUp + orders, {
        uri: mongodbUri,
        secret: secrets.tokenSecret,
        keys: keys.wallet.wechat,
      });
      const url = `${address(ports.web)}/v1/notify/wechat`;
      const processes = { web: program, database: database.program, redis: redis.program };
      const { row, refusals } = await measure(packed, { warmUp, url, processes });
      const stored = await countStored(mongodbUri);
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

/** Sends all, the first `warmUp` of which do not count. */
async function measure(
  packed: readonly Packed[],
  of: {
    readonly warmUp: number;
    readonly url: string;
    readonly processes: Readonly<Record<string, { readonly pid: number | undefined } | undefined>>;
  },
): Promise<{ row: NotifyRow; refusals: ReadonlyMap<number, number> }> {
  const { warmUp, url, processes } = of;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const post = (each: Packed): Promise<number> => send(url, agent, each);
  await all(packed.slice(0, warmUp), post);
  const { web, database, redis } = processes;
  const cpu = (): ReturnType<typeof cpuMsByName> =>
    cpuMsByName({ web: web?.pid, database: database?.pid, redis: redis?.pid, harness: process.pid });
  const cpuBefore = await cpu();
  const from = performance.now();
  const { latencies, refusals } = await all(packed.slice(warmUp), post);
  const seconds = (performance.now() - from) / 1000;
  const cpuAfter = await cpu();
  agent.destroy();
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
  return { row, refusals };
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
