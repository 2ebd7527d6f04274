import { CodedError } from '@bianmin/card/errors';
import { z } from 'zod';
import { readRedisUrl } from '../adapters/redis/address.ts';

export type StoreErrorCode =
  /** A store's address has no password, or no TLS. */
  | 'store.unguarded'
  /** What must not be forgotten lies in a Redis that evicts. */
  | 'store.evicts'
  /** A store lets in whoever comes, with a password or without. */
  | 'store.lets-anybody-in';

/** Why a process does not start on a store. */
export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError';
}

/** Where MongoDB and Redis are, and whether they are guarded. */
export const STORE_SETTINGS = {
  MONGODB_URI: z.string().min(1),
  /** Rate limits, presence, tickets, pub/sub; the queues, too, where they have no Redis of their own: then `noeviction`. */
  REDIS_URL: z.string().min(1),
  /** Queues and marks of used proofs: `noeviction`, append-only file. Absent: REDIS_URL has them. */
  REDIS_QUEUE_URL: z.string().min(1).optional(),
  /** `guarded`: each has a password and TLS, or the process does not start. `open`: without, on this machine alone. */
  STORES: z.enum(['guarded', 'open']).default('guarded'),
  /** PEM: who signs the stores' certificates; absent: the authorities of the system. */
  STORES_CA_FILE: z.string().min(1).optional(),
};
export type StoreSettings = z.output<z.ZodObject<typeof STORE_SETTINGS>>;

/** MongoDB's own form, which may name several hosts. */
const MONGODB =
  /^mongodb(?<srv>\+srv)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)(?:\/[^?]*)?(?:\?(?<options>.*))?$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|%2f.*)(?::\d+)?$/i;
const HOW = 'docs/operations/stores.md says how.';

/**
 * Throws `store.unguarded`, with a sentence for each thing that is missing, where a store's address has no password or no TLS, or
 * where `STORES=open` names a store of another machine. No value is repeated.
 */
export function requireGuarded(
  given: Pick<StoreSettings, 'MONGODB_URI' | 'STORES'> & Partial<StoreSettings>,
): void {
  const { MONGODB_URI, REDIS_URL, REDIS_QUEUE_URL, STORES } = given;
  const redis = Object.entries({ REDIS_URL, REDIS_QUEUE_URL });
  const faults =
    STORES === 'open'
      ? [
          ofOpen('MONGODB_URI', hostsOfMongodb(MONGODB_URI)),
          ...redis.map(([name, url]) => ofOpen(name, hostsOfRedis(url))),
        ]
      : [...faultsOfMongodb(MONGODB_URI), ...redis.flatMap(([name, url]) => faultsOfRedis(name, url))];
  const said = faults.filter((fault) => fault !== undefined);
  if (said.length > 0) throw new StoreError({ code: 'store.unguarded', message: [...said, HOW].join(' ') });
}

/** What certificates of MongoDB are judged by; nothing: the system's authorities. */
export function mongoTls({ STORES_CA_FILE: file }: Pick<StoreSettings, 'STORES_CA_FILE'>): {
  tlsCAFile?: string;
} {
  return file === undefined ? {} : { tlsCAFile: file };
}

function faultsOfMongodb(uri: string): string[] {
  const { srv, user = '', password = '', options = '' } = MONGODB.exec(uri)?.groups ?? {};
  const option = new URLSearchParams(options);
  const isOn = (name: string): boolean => option.get(name) === 'true';
  const certificate = option.get('authMechanism') === 'MONGODB-X509';
  const faults: string[] = [];
  if (!certificate && (user === '' || password === '')) {
    faults.push('MONGODB_URI names no user and password. Write mongodb://USER:PASSWORD@….');
  }
  const off = option.get('tls') === 'false' || option.get('ssl') === 'false';
  if (off || (srv === undefined && !isOn('tls') && !isOn('ssl'))) {
    faults.push('MONGODB_URI does not ask for TLS. Write tls=true in it.');
  }
  const lax = ['tlsInsecure', 'tlsAllowInvalidCertificates', 'tlsAllowInvalidHostnames'].filter(isOn);
  if (lax.length > 0) faults.push(`MONGODB_URI believes any certificate. Take ${lax.join(', ')} away.`);
  return faults;
}

function faultsOfRedis(name: string, url: string | undefined): string[] {
  if (url === undefined) return [];
  const read = readRedisUrl(url);
  const faults: string[] = [];
  if ((read?.password ?? '') === '')
    faults.push(`${name} names no password. Write rediss://USER:PASSWORD@….`);
  if (read?.tls !== true) faults.push(`${name} does not ask for TLS. Write rediss:// or rediss+sentinel://.`);
  return faults;
}

function hostsOfMongodb(uri: string): string[] {
  return MONGODB.exec(uri)?.groups?.['hosts']?.split(',') ?? [];
}

function hostsOfRedis(url: string | undefined): readonly string[] | undefined {
  if (url === undefined) return undefined;
  // What cannot be read is no address of this machine.
  return readRedisUrl(url)?.hosts ?? [];
}

function ofOpen(name: string, hosts: readonly string[] | undefined): string | undefined {
  if (hosts === undefined || (hosts.length > 0 && hosts.every((host) => LOOPBACK.test(host))))
    return undefined;
  return `STORES=open is for stores of this machine alone, and ${name} names another. Take it away, and give that store a password and TLS.`;
}
