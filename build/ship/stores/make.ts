import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { runToEnd } from '../../kit/process/run-to-end.ts';

/** Of the people that the images of MongoDB and Redis run as. */
export const STORES_USER = 999;
const AUTHORITY_DAYS = 3650;

/** Names under which a process of ours or a store's own check reaches each store. */
const HOSTS = { mongo: ['mongo', 'localhost'], redis: ['redis-queue', 'redis-cache', 'localhost'] } as const;

export interface MadeStores {
  /** Files that the stores' own user must be able to read, and nobody else; their owner is set where we are root. */
  readonly forStores: readonly string[];
  /** They had been made before: certificates are new, passwords are not. */
  readonly renewed: boolean;
}

/**
 * Makes what MongoDB and Redis are guarded by: an authority of this installation alone, a certificate each, passwords. In a folder that
 * has an authority already, new certificates of it; passwords stay. Throws where openssl fails.
 *
 * @param days how long the certificates are good; the authority is for ten years
 */
export async function makeStores(folder: string, days: number): Promise<MadeStores> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(folder, name);
  const [hasAuthority, hasPasswords] = ['ca.key', 'stores.env'].map((name) => existsSync(at(name)));
  const work = mkdtempSync(join(tmpdir(), 'bianmin-stores-'));
  try {
    const config = join(work, 'openssl.cnf');
    writeFileSync(config, opensslConfig());
    if (!hasAuthority) await makeAuthority({ config, work }, at);
    for (const store of ['mongo', 'redis'] as const) {
      const { key, certificate } = await certify(store, { config, work, at, days });
      if (store === 'mongo') keep(at('mongo.pem'), `${certificate}${key}`, 0o400);
      else {
        keep(at('redis.key'), key, 0o400);
        keep(at('redis.crt'), certificate, 0o444);
      }
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  if (!hasPasswords) makePasswords(at);
  const forStores = ['mongo.pem', 'mongo.key', 'mongo-root.password', 'redis.key', 'redis.acl'].map(at);
  if (process.getuid?.() === 0) for (const path of forStores) chownSync(path, STORES_USER, STORES_USER);
  return { forStores, renewed: hasAuthority === true && hasPasswords === true };
}

interface Work {
  readonly config: string;
  readonly work: string;
}

async function makeAuthority({ config, work }: Work, at: (name: string) => string): Promise<void> {
  const [key, certificate] = [join(work, 'ca.key'), join(work, 'ca.crt')];
  await openssl(
    ...['req', '-x509', '-config', config, '-extensions', 'ca', ...NEW_KEY],
    ...['-days', String(AUTHORITY_DAYS), '-subj', '/CN=Bianmin stores', '-keyout', key, '-out', certificate],
  );
  keep(at('ca.crt'), readFileSync(certificate, 'utf8'), 0o444);
  keep(at('ca.key'), readFileSync(key, 'utf8'), 0o400);
}

async function certify(
  store: keyof typeof HOSTS,
  { config, work, at, days }: Work & { readonly at: (name: string) => string; readonly days: number },
): Promise<{ key: string; certificate: string }> {
  const [key, request, certificate] = ['key', 'csr', 'crt'].map((end) => join(work, `${store}.${end}`)) as [
    string,
    string,
    string,
  ];
  await openssl(
    ...['req', '-new', '-config', config, ...NEW_KEY, '-subj', `/O=Bianmin stores/CN=${store}`],
    ...['-keyout', key, '-out', request],
  );
  await openssl(
    ...['x509', '-req', '-in', request, '-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-days', String(days)],
    ...['-set_serial', `0x${randomBytes(15).toString('hex')}1`],
    ...['-extfile', config, '-extensions', store, '-out', certificate],
  );
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}

function makePasswords(at: (name: string) => string): void {
  const password = (): string => randomBytes(24).toString('hex');
  const [mongo, redis] = [password(), password()];
  // By it the members of a replica set know each other.
  keep(at('mongo.key'), `${randomBytes(512).toString('base64')}\n`, 0o400);
  keep(at('mongo-root.password'), password(), 0o400);
  const digest = createHash('sha256').update(redis).digest('hex');
  // `health` may ask whether Redis answers and nothing else.
  const acl = [`user default on #${digest} ~* &* +@all`, 'user health on nopass -@all +ping'];
  keep(at('redis.acl'), `${acl.join('\n')}\n`, 0o400);
  keep(at('stores.env'), `MONGO_PASSWORD=${mongo}\nREDIS_PASSWORD=${redis}\n`, 0o600);
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Own, since what a system's configuration adds is not known. */
function opensslConfig(): string {
  const names = (hosts: readonly string[]): string => hosts.map((host) => `DNS:${host}`).join(',');
  const ofStore = (store: keyof typeof HOSTS): string[] => [
    `[${store}]`,
    'basicConstraints = critical, CA:FALSE',
    'keyUsage = critical, digitalSignature',
    'extendedKeyUsage = serverAuth, clientAuth',
    'subjectKeyIdentifier = hash',
    'authorityKeyIdentifier = keyid',
    `subjectAltName = ${names(HOSTS[store])}`,
  ];
  return [
    ...['[req]', 'distinguished_name = none', 'prompt = no', '[none]'],
    ...[
      '[ca]',
      'basicConstraints = critical, CA:TRUE, pathlen:0',
      'keyUsage = critical, keyCertSign, cRLSign',
    ],
    ...['subjectKeyIdentifier = hash', ...ofStore('mongo'), ...ofStore('redis'), ''],
  ].join('\n');
}

/** Written anew, and never readable by others in between. */
function keep(path: string, text: string, mode: number): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode });
}

async function openssl(...args: readonly string[]): Promise<void> {
  const { code, output } = await runToEnd('openssl', args);
  if (code !== 0) throw new Error(`openssl made no certificate:\n${output}`);
}
