import { readFile } from 'node:fs/promises';
import { X509Certificate, createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { openRootChain } from '@bianmin/purchase/node/release-root';

export const ROOT = join(import.meta.dirname, '../../..');

/** Who signs the package: a key store's file, its password's variable (never an argument), and the key's name. */
export interface Signer {
  readonly keystore: string;
  readonly passwordVariable: string;
  readonly alias: string;
}

/** What a package is built of beside the sources. */
export interface Settings {
  readonly release: boolean;
  /** Of package.json. */
  readonly version: string;
  readonly versionCode: number;
  readonly serverUrl: string;
  readonly helpPhone: string;
  /** SubjectPublicKeyInfo, base64; empty in a debug build that has none. */
  readonly timeKey: string;
  /** The last root of BIANMIN_BOX_RELEASE_ROOT's file, base64; empty in a debug build that has none. */
  readonly releaseRoot: string;
  /** X.509, DER, one after the other, base64. */
  readonly anchors: string;
  /** Absent: the debug key, made on the fly. */
  readonly signer?: Signer;
}

const PASSWORD = 'BIANMIN_BOX_KEYSTORE_PASSWORD';

const environment = z.object({
  BIANMIN_BOX_SERVER_URL: z.string().optional(),
  BIANMIN_BOX_HELP_PHONE: z
    .string()
    .regex(/^[0-9+ -]{0,32}$/, 'is no phone number')
    .optional(),
  BIANMIN_BOX_TIME_KEY: z.base64().optional(),
  BIANMIN_BOX_RELEASE_ROOT: z.string().optional(),
  BIANMIN_BOX_ANCHORS: z.string().optional(),
  BIANMIN_BOX_KEYSTORE: z.string().optional(),
  [PASSWORD]: z.string().optional(),
  BIANMIN_BOX_KEY_ALIAS: z.string().optional(),
});

/** Throws a sentence that says what is missing: a release is never built with a default. */
export async function readSettings(release: boolean, env = process.env): Promise<Settings> {
  const given = environment.parse(env);
  const packageJson = z.object({ version: z.string() });
  const { version } = packageJson.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  const required = (name: keyof typeof given, otherwise: string): string => {
    const value = given[name];
    if (value !== undefined && value !== '') return value;
    if (release) throw new Error(`A release needs ${name}; docs/stb.md says what it is.`);
    return otherwise;
  };
  const keystore = required('BIANMIN_BOX_KEYSTORE', '');
  const alias = required('BIANMIN_BOX_KEY_ALIAS', '');
  required(PASSWORD, '');
  return {
    release,
    version,
    versionCode: versionCodeOf(version),
    // The web process of `npm start`, by `adb reverse tcp:8080 tcp:8080`.
    serverUrl: serverUrlOf(required('BIANMIN_BOX_SERVER_URL', 'http://127.0.0.1:8080'), release),
    helpPhone: required('BIANMIN_BOX_HELP_PHONE', ''),
    timeKey: timeKeyOf(required('BIANMIN_BOX_TIME_KEY', '')),
    releaseRoot: await releaseRootOf(required('BIANMIN_BOX_RELEASE_ROOT', '')),
    anchors: await anchorsOf(given.BIANMIN_BOX_ANCHORS),
    ...(release ? { signer: { keystore, passwordVariable: PASSWORD, alias } } : {}),
  };
}

/** 1.2.3 is 1002003: rises with the version. */
export function versionCodeOf(version: string): number {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(version);
  if (match === null) throw new Error(`${version} is no version of three numbers below 1000.`);
  const [major, minor, patch] = match.slice(1).map(Number);
  return (major ?? 0) * 1_000_000 + (minor ?? 0) * 1000 + (patch ?? 0);
}

/** Without a trailing slash. */
export function serverUrlOf(text: string, release: boolean): string {
  const url = new URL(text);
  const plain = url.protocol === 'http:' && !release;
  const odd = url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '';
  if ((url.protocol !== 'https:' && !plain) || odd) {
    throw new Error(`${url.origin} is no address of a server; a release needs https.`);
  }
  return url.href.replace(/\/+$/, '');
}

function timeKeyOf(text: string): string {
  if (text === '') return '';
  const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('BIANMIN_BOX_TIME_KEY is no public key of the curve P-256.');
  }
  return text;
}

/** Fails with `TrustError` where one of the file's roots does not follow the one before it. */
async function releaseRootOf(path: string): Promise<string> {
  if (path === '') return '';
  const { documents } = openRootChain(await readFile(path, 'utf8'));
  return Buffer.from(documents.at(-1) ?? '').toString('base64');
}

async function anchorsOf(path: string | undefined): Promise<string> {
  if (path === undefined || path === '') return '';
  const pem = await readFile(path, 'utf8');
  if (pem.includes('PRIVATE KEY')) throw new Error('BIANMIN_BOX_ANCHORS holds a private key.');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('BIANMIN_BOX_ANCHORS holds no certificate.');
  return Buffer.concat(blocks.map((block) => new X509Certificate(block).raw)).toString('base64');
}
