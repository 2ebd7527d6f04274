import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { SupportStore } from '@bianmin/purchase/api/support';
import { systemCodeOf } from '@bianmin/purchase/node/support/system';

/** A store that does not answer within this is away. */
const PATIENCE_MS = 3_000;
const REDIS_FACTS = [
  ...['used_memory', 'maxmemory', 'maxmemory_policy', 'connected_clients', 'uptime_in_seconds'],
  ...['aof_enabled', 'evicted_keys', 'rejected_connections', 'connected_slaves', 'master_link_status'],
] as const;
const DATABASE_FACTS = [
  'collections',
  'objects',
  'dataSize',
  'storageSize',
  'indexSize',
  'fsUsedSize',
  'fsTotalSize',
];

type Timed = Pick<SupportStore, 'ms' | 'fault'>;
type Monotonic = () => number;

/** How MongoDB is; `db` absent: it could not be connected to, for that reason. */
export async function databaseState(
  db: Connection | undefined,
  { monotonic, fault = null }: { readonly monotonic: Monotonic; readonly fault?: string | null },
): Promise<SupportStore> {
  const nothing: Omit<SupportStore, 'ms' | 'fault'> = {
    name: 'mongodb',
    version: null,
    role: null,
    facts: [],
  };
  const raw = db?.db;
  if (raw === undefined) return { ...nothing, ms: null, fault: fault ?? 'failed' };
  const pinged = await timed(() => raw.command({ ping: 1 }), monotonic);
  if (pinged.fault !== null) return { ...nothing, ...pinged };
  const [build, hello, stats] = await Promise.all(
    ['buildInfo', 'hello', 'dbStats'].map((name) => quiet(raw.command({ [name]: 1 }))),
  );
  const role =
    hello?.['setName'] === undefined
      ? 'alone'
      : hello['isWritablePrimary'] === true
        ? 'primary'
        : 'secondary';
  return {
    ...{ name: 'mongodb', ...pinged, role },
    version: word(build?.['version']),
    facts: DATABASE_FACTS.flatMap((name) => factOf(name, stats?.[name])),
  };
}

/** How a Redis is. */
export async function redisState(
  name: 'redis' | 'redis-queue',
  redis: Redis,
  monotonic: Monotonic,
): Promise<SupportStore> {
  const pinged = await timed(() => redis.ping(), monotonic);
  if (pinged.fault !== null) return { name, ...pinged, version: null, role: null, facts: [] };
  const said = await within(redis.info()).catch(() => '');
  const info = new Map(
    said.split(/\r?\n/u).flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
  return {
    ...{ name, ...pinged },
    version: word(info.get('redis_version')),
    role: word(info.get('role')),
    facts: REDIS_FACTS.flatMap((each) => factOf(each, info.get(each))),
  };
}

async function timed(ask: () => Promise<unknown>, monotonic: Monotonic): Promise<Timed> {
  const began = monotonic();
  try {
    await within(ask());
    return { ms: Math.max(0, Math.round(monotonic() - began)), fault: null };
  } catch (error) {
    return { ms: null, fault: systemCodeOf(error) };
  }
}

function within<T>(asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' }));
    }, PATIENCE_MS);
    asked.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/** What one engine does not know is left out. */
function quiet(asked: Promise<Record<string, unknown>>): Promise<Record<string, unknown> | undefined> {
  return within(asked).catch(() => undefined);
}

function word(value: unknown): string | null {
  return typeof value === 'string' ? value.replace(/[^\w.+-]/gu, '').slice(0, 64) : null;
}

function factOf(name: string, value: unknown): SupportStore['facts'] {
  if (typeof value === 'number') return [{ name, value }];
  if (typeof value !== 'string') return [];
  return [{ name, value: /^\d{1,15}$/u.test(value) ? Number(value) : (word(value) ?? '') }];
}
