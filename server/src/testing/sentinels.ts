import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@bianmin/card/node/free-port';
import { Redis } from 'ioredis';
import { startProgram } from './child.ts';
import { startRedis } from './redis.ts';

const SENTINEL_NAME = 'bianmin';
/** A primary that is silent for so long is given up, ms; what a deployment has. */
const DOWN_AFTER_MS = 2_000;
const PASSWORD = 'sentinels';

/** A primary, a replica and three sentinels that watch them. */
export interface Sentinels {
  /** As a server is given it. */
  readonly url: string;
  /** Of the one that began as the primary. */
  readonly primary: { readonly url: string; readonly pid: number };
  readonly replica: { readonly url: string };
  /** The process that is the primary now; resolves once the other one follows it and could take over. */
  primaryPid(): Promise<number>;
  /** Asks a sentinel. */
  ask(...command: readonly [string, ...string[]]): Promise<unknown>;
  close(): Promise<void>;
}

export async function startSentinels(): Promise<Sentinels> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-sentinels-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const guarded = ['--requirepass', PASSWORD, '--masterauth', PASSWORD, '--repl-diskless-sync-delay', '0'];
  const primary = await startRedis(guarded);
  stops.push(() => primary.close());
  const port = new URL(primary.url).port;
  const replica = await startRedis([...guarded, '--replicaof', '127.0.0.1', port]);
  stops.push(() => replica.close());
  const ports: number[] = [];
  for (let n = 0; n < 3; n += 1) ports.push(await startSentinel({ folder, port, stops }));
  const sentinel = new Redis(ports[0] ?? 0, '127.0.0.1', { password: PASSWORD });
  stops.push(async () => void sentinel.disconnect());
  const ask = (name: string, ...args: readonly string[]): Promise<unknown> => sentinel.call(name, ...args);
  await untilTheyKnow(ask);
  const urls = [withPassword(primary.url), withPassword(replica.url)] as const;
  const pids = new Map<string, number>();
  for (const url of urls) pids.set(new URL(url).port, await pidOf(url));
  return {
    url: `redis+sentinel://:${PASSWORD}@${ports.map((each) => `127.0.0.1:${each}`).join(',')}/${SENTINEL_NAME}`,
    primary: { url: urls[0], pid: pids.get(port) ?? 0 },
    replica: { url: urls[1] },
    async primaryPid() {
      await untilTheyKnow(ask);
      const [, at = ''] = (await ask('SENTINEL', 'get-master-addr-by-name', SENTINEL_NAME)) as string[];
      const pid = pids.get(at);
      if (pid === undefined) throw new Error(`The sentinels name a primary that is none of ours: ${at}.`);
      return pid;
    },
    ask: (...command) => ask(...command),
    async close() {
      for (const stop of stops.toReversed()) await stop();
    },
  };
}

async function startSentinel(of: {
  readonly folder: string;
  readonly port: string;
  readonly stops: (() => Promise<void>)[];
}): Promise<number> {
  const port = await freePort();
  const file = join(of.folder, `${port}.conf`);
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${of.folder}`,
    `requirepass ${PASSWORD}`,
    `sentinel sentinel-pass ${PASSWORD}`,
    `sentinel monitor ${SENTINEL_NAME} 127.0.0.1 ${of.port} 2`,
    `sentinel auth-pass ${SENTINEL_NAME} ${PASSWORD}`,
    `sentinel down-after-milliseconds ${SENTINEL_NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${SENTINEL_NAME} 5000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const { stop } = await startProgram({
    command: 'redis-server',
    args: [file, '--sentinel'],
    ready: /Sentinel ID is/,
  });
  of.stops.push(stop);
  return port;
}

/** Of the replica, and of each other: before that they elect nobody. */
async function untilTheyKnow(
  ask: (name: string, ...args: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    const replicas = (await ask('SENTINEL', 'replicas', SENTINEL_NAME)) as string[][];
    const others = (await ask('SENTINEL', 'sentinels', SENTINEL_NAME)) as string[][];
    const isUp = replicas.some((each) => each[each.indexOf('master-link-status') + 1] === 'ok');
    if (isUp && others.length === 2) return;
    if (performance.now() > until) throw new Error('The sentinels do not come to know each other.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function withPassword(url: string): string {
  return url.replace('://', `://:${PASSWORD}@`);
}

async function pidOf(url: string): Promise<number> {
  const redis = new Redis(url);
  const pid = /^process_id:(\d+)/m.exec(await redis.info('server'))?.[1];
  redis.disconnect();
  return Number(pid);
}
