import { readFileSync } from 'node:fs';
import { Redis, SentinelConnector, type RedisOptions } from 'ioredis';
import { withoutPassword } from '../../kernel/without-password.ts';

/** Who became a replica refuses writes on lines that stay open: they are given up, and what was asked is asked of the new primary. */
const AT_A_PRIMARY = {
  reconnectOnError: (error: Error): boolean | 1 | 2 => (error.message.startsWith('READONLY') ? 2 : false),
} as const satisfies RedisOptions;

/** How a Redis is reached, as ioredis and BullMQ take it: by its address, or by the sentinels that know it. */
export type RedisAddress = typeof AT_A_PRIMARY &
  Pick<RedisOptions, 'tls'> &
  (
    | { readonly url: string }
    | Pick<
        RedisOptions,
        | 'sentinels'
        | 'name'
        | 'username'
        | 'password'
        | 'db'
        | 'enableTLSForSentinelMode'
        | 'sentinelTLS'
        | 'sentinelUsername'
        | 'sentinelPassword'
        | 'failoverDetector'
        | 'Connector'
        | 'sentinelRetryStrategy'
      >
  );

/** A primary that is frozen closes no line: who only says goodbye to it waits, and its subscribers hear nothing more. */
class LeavesAtOnce extends SentinelConnector {
  override disconnect(): void {
    super.disconnect();
    this.stream?.destroy();
  }
}

/** The longest wait between two tries to connect, ms. */
const LONGEST_WAIT_MS = 1_000;

/** How long to wait until the next try to connect, ms. */
export function nextTryMs(tries: number): number {
  return Math.min(50 * tries, LONGEST_WAIT_MS);
}

/** An address read apart, of a single Redis or of sentinels. */
export interface RedisUrl {
  readonly tls: boolean;
  readonly user: string;
  readonly password: string;
  readonly hosts: readonly string[];
  /** Of the primary at its sentinels; absent: it is a single Redis. */
  readonly name?: string;
  readonly db: number;
}

/** `rediss+sentinel://USER:PASSWORD@s1:26379,s2:26379,s3:26379/NAME/0`; without `+sentinel` one host, and no name. */
const REDIS =
  /^redis(?<tls>s)?(?<sentinel>\+sentinel)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?@]+)(?:\/(?<rest>[^?]*))?$/;
const SENTINEL_PORT = 26379;

/** undefined where it is no such address. */
export function readRedisUrl(url: string): RedisUrl | undefined {
  const { tls, sentinel, user = '', password = '', hosts = '', rest = '' } = REDIS.exec(url)?.groups ?? {};
  if (hosts === '') return undefined;
  const path = rest.split('/');
  const name = sentinel === undefined ? undefined : path.shift();
  const [db = ''] = path;
  const wrong = sentinel === undefined ? hosts.includes(',') : name === '' || name === undefined;
  if (wrong || !/^\d*$/.test(db)) return undefined;
  return {
    ...{ tls: tls !== undefined, user: decoded(user), password: decoded(password) },
    ...{ hosts: hosts.split(','), db: Number(db) },
    ...(name === undefined ? {} : { name }),
  };
}

/** What certificates of stores are judged by; undefined: the system's authorities. Throws the disk's own error. */
export function redisAddress(
  url: string,
  { STORES_CA_FILE: file }: { readonly STORES_CA_FILE?: string | undefined },
): RedisAddress {
  const tls = file === undefined ? {} : { tls: { ca: readFileSync(file, 'utf8') } };
  const read = readRedisUrl(url);
  if (read?.name === undefined) return { ...AT_A_PRIMARY, url, ...tls };
  const { user, password, hosts, name, db } = read;
  const who = user === '' ? {} : { username: user };
  const at = { sentinelUsername: user === '' ? undefined : user, sentinelPassword: password };
  return {
    ...AT_A_PRIMARY,
    ...{ sentinels: hosts.map(sentinelOf), name, db },
    ...(password === '' ? {} : { ...who, password, ...at }),
    ...(read.tls ? { tls: { ...tls.tls }, sentinelTLS: { ...tls.tls }, enableTLSForSentinelMode: true } : {}),
    failoverDetector: true,
    Connector: LeavesAtOnce as NonNullable<RedisOptions['Connector']>,
    sentinelRetryStrategy: nextTryMs,
  };
}

/** A client at this address. */
export function openRedis(address: RedisAddress, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  if (!('url' in address)) return new Redis({ ...address, ...options });
  const { url, ...more } = address;
  return new Redis(url, { ...more, ...options });
}

/** The same without what it is opened by: what a stranger has. */
export function strangersAddress(address: RedisAddress): RedisAddress {
  if ('url' in address) return { ...address, url: withoutPassword(address.url) };
  const { username: _, password: __, ...rest } = address;
  return rest;
}

function sentinelOf(host: string): { host: string; port: number } {
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return { host: name.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? SENTINEL_PORT : Number(port) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
