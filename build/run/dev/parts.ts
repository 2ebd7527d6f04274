import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadOrCreateGridKeys, type GridKeyEnvironment } from '../../../server/sandbox/grid/keys.ts';
import {
  loadOrCreateWalletKeys,
  walletEnv,
  type WalletKeys,
} from '../../../server/sandbox/wallet/wallets.ts';
import type { GridProfile } from '../../../server/src/gateways/grid/profiles.ts';
import { namedUri } from '../../kit/db/given.ts';
import { Program } from '../../kit/process/program.ts';
import type { StackPorts } from './ports.ts';
import { programArgs } from './programs.ts';
import type { StackSecrets } from './secrets.ts';

const ROOT = join(import.meta.dirname, '../../..');

export type Env = Readonly<Record<string, string>>;
/** The simulated reader of the stack's own kiosk. */
export const READER_ID = 'kiosk-1';
/** The one of the home box beside it. */
const BOX_READER_ID = 'box-1';

/** A process of the stack: all but nginx and HAProxy is the project's own code. */
export type PartName =
  'grid' | 'wallet' | 'web' | 'web-2' | 'worker' | 'worker-2' | 'nginx' | 'haproxy' | 'kiosk' | 'tv';

export interface PartInit {
  readonly name: PartName;
  readonly main: string;
  readonly ready: RegExp;
  readonly env: Env;
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Told of a start that takes long. */
  readonly progress?: (line: string) => void;
}

/** What a child needs of our environment: where programs and homes are, not our addresses or secrets. */
function inherited(): Record<string, string | undefined> {
  const names = [
    'PATH',
    'HOME',
    'LANG',
    'TZ',
    'TMPDIR',
    'XDG_CACHE_HOME',
    'NODE_EXTRA_CA_CERTS',
    'PCSCLITE_CSOCK_NAME',
  ];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

export async function startPart(init: PartInit): Promise<{ program: Program; match: RegExpExecArray }> {
  return Program.start({
    name: init.name,
    command: process.execPath,
    args: programArgs(init.main),
    cwd: ROOT,
    env: { ...inherited(), ...init.env },
    ready: init.ready,
    log: join(init.dir, `${init.name}.log`),
    signal: init.signal,
    ...(init.progress === undefined ? {} : { progress: init.progress }),
  });
}

/** Keys that two parts must have from the same hand. */
export interface Keys {
  readonly grid: GridKeyEnvironment;
  readonly wallet: WalletKeys;
}

const keysFolder = (dir: string): string => join(dir, 'keys');

/** The stack's keys, made at its first start, before two processes could both make them. */
export async function loadOrCreateKeys(dir: string): Promise<Keys> {
  const folder = keysFolder(dir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [grid, wallet] = await Promise.all([loadOrCreateGridKeys(folder), loadOrCreateWalletKeys(folder)]);
  return { grid, wallet };
}

export interface Addresses {
  readonly dir: string;
  readonly ports: StackPorts;
}

export function sandboxEnvironments({ dir, ports }: Addresses): { readonly grid: Env; readonly wallet: Env } {
  return {
    grid: {
      SANDBOX_GRID_PORT: String(ports.grid),
      SANDBOX_GRID_STRING_PORT: String(ports.gridString),
      SANDBOX_GRID_KEYS_DIR: keysFolder(dir),
      SANDBOX_GRID_STATE: join(dir, 'grid.json'),
    },
    wallet: {
      WALLET_PORT: String(ports.wallet),
      WALLET_KEYS_DIR: keysFolder(dir),
      WALLET_STATE: join(dir, 'wallet.json'),
    },
  };
}

/** For web and worker alike. */
export function serverEnvironment(
  { ports }: Addresses,
  parts: {
    keys: Keys;
    secrets: StackSecrets;
    mongodbUri: string;
    redisUrl: string;
    gridProfile: GridProfile;
  },
): Env {
  const { keys, secrets, mongodbUri, redisUrl, gridProfile } = parts;
  return {
    // Its own, on loopback.
    STORES: 'open',
    MONGODB_URI: namedUri(mongodbUri, 'bianmin'),
    // A newcomer's folder of last month starts with today's code.
    MIGRATIONS: 'run',
    REDIS_URL: redisUrl,
    PORT: String(ports.web),
    PUBLIC_URL: address(ports.web),
    TOKEN_SECRET: secrets.tokenSecret,
    COMMAND_SIGN_KEY: secrets.commandSignKey,
    ENROL_CODE: secrets.enrolCode,
    // Whole fleets are let in here by one operator.
    TERMINALS_ALONE_PER_DAY: '1000000',
    ADMIN_PASSWORD: secrets.adminPassword,
    // A sandbox guards nothing. Passkeys want a name: open the console at it to try them.
    ADMIN_TOTP: 'optional',
    ADMIN_ORIGIN: `http://localhost:${ports.web}`,
    GRID_PROFILE: gridProfile,
    GRID_URL: gridUrls(ports)[gridProfile],
    ...(gridProfile === 'agent-string' ? { GRID_TIMEOUT_MS: '60000' } : {}),
    ...keys.grid.server,
    ...walletEnv(keys.wallet, address(ports.wallet)),
  };
}

export function kioskEnvironment({ dir, ports }: Addresses, enrolCode: string): Env {
  return {
    BIANMIN_SERVER_URL: address(ports.web),
    BIANMIN_DATA_DIR: join(dir, 'kiosk'),
    BIANMIN_SANDBOX_URL: address(ports.grid),
    BIANMIN_WALLET_URL: address(ports.wallet),
    BIANMIN_READER_ID: READER_ID,
    BIANMIN_ENROL_CODE: enrolCode,
    PORT: String(ports.kiosk),
  };
}

/** The home box's double: a terminal of its own, with a reader of its own. */
export function tvEnvironment({ dir, ports }: Addresses): Env {
  return {
    BIANMIN_SERVER_URL: address(ports.web),
    BIANMIN_DATA_DIR: join(dir, 'tv'),
    BIANMIN_SANDBOX_URL: address(ports.grid),
    BIANMIN_WALLET_URL: address(ports.wallet),
    BIANMIN_READER_ID: BOX_READER_ID,
    PORT: String(ports.tv),
  };
}

/** Where the sandbox speaks each profile. */
const gridUrls = (ports: StackPorts): Readonly<Record<GridProfile, string>> => ({
  'collection-v1': `${address(ports.grid)}/collect`,
  'agent-string': `tcp://127.0.0.1:${ports.gridString}`,
});

export function address(port: number): string {
  return `http://127.0.0.1:${port}`;
}
