import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  generateSm2Keys,
  sm2PrivateOf,
  sm2PublicOf,
  type Sm2Private,
  type Sm2Public,
} from '../../src/gateways/grid/wire/sm2.ts';

/** What the sandbox grid must know: its own SM2 key and the agents it deals with. */
export interface GridKeys {
  /** The grid's private key, 32 bytes hex. */
  readonly signKey: string;
  /** The one before it, while agents still wrap to that. */
  readonly formerSignKey?: string;
  /** Public keys by agent number, 65 bytes hex; several while an agent changes its own. */
  readonly agents: Readonly<Record<string, string | readonly [string, ...string[]]>>;
}

/** The grid's own key, both of them during a change. */
export function gridSigner({ signKey, formerSignKey }: GridKeys): Sm2Private {
  return sm2PrivateOf(formerSignKey === undefined ? [signKey] : [signKey, formerSignKey]);
}

/** What each agent signs with. */
export function gridAgents({ agents }: GridKeys): ReadonlyMap<string, Sm2Public> {
  return new Map(
    Object.entries(agents).map(([agent, keys]) => [
      agent,
      sm2PublicOf(typeof keys === 'string' ? [keys] : keys),
    ]),
  );
}

/** The environment of the two ends, made together so that they match. */
export interface GridKeyEnvironment {
  /** For the server: `GRID_AGENT`, `GRID_SIGN_KEY`, `GRID_PUBLIC_KEY`. */
  readonly server: {
    readonly GRID_AGENT: string;
    readonly GRID_SIGN_KEY: string;
    readonly GRID_PUBLIC_KEY: string;
  };
  /** For the sandbox's `main.ts`. */
  readonly sandbox: { readonly SANDBOX_GRID_SIGN_KEY: string; readonly SANDBOX_GRID_AGENTS: string };
}

/** Fresh keys for one server and one sandbox. Keep them as long as the two should understand each other. */
export function makeGridKeys(agent = 'bianmin-sandbox'): GridKeyEnvironment {
  const ours = generateSm2Keys();
  const grid = generateSm2Keys();
  return {
    server: { GRID_AGENT: agent, GRID_SIGN_KEY: ours.privateKey, GRID_PUBLIC_KEY: grid.publicKey },
    sandbox: {
      SANDBOX_GRID_SIGN_KEY: grid.privateKey,
      SANDBOX_GRID_AGENTS: JSON.stringify({ [agent]: ours.publicKey }),
    },
  };
}

/** The keys of one installation, made in `dir` when absent; readable by their owner only. */
export async function loadOrCreateGridKeys(dir: string): Promise<GridKeyEnvironment> {
  const path = join(dir, 'grid-keys.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as GridKeyEnvironment;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const keys = makeGridKeys();
  await mkdir(dir, { recursive: true });
  await writeFile(path, JSON.stringify(keys, null, 2), { mode: 0o600, flag: 'wx' });
  return keys;
}

/** Reads what `makeGridKeys().sandbox` gave; the message names the variable and never its value. */
export function gridKeysFrom(env: Readonly<Record<string, string | undefined>>): GridKeys {
  const signKey = env['SANDBOX_GRID_SIGN_KEY'];
  if (signKey === undefined || !/^[0-9a-f]{64}$/.test(signKey)) {
    throw new Error('SANDBOX_GRID_SIGN_KEY must be 32 bytes in lower-case hex.');
  }
  const agents = JSON.parse(env['SANDBOX_GRID_AGENTS'] ?? '{}') as Record<string, string>;
  const valid = Object.entries(agents).filter(([, key]) => /^04[0-9a-f]{128}$/.test(key));
  if (valid.length === 0) {
    throw new Error('SANDBOX_GRID_AGENTS must be a JSON object of public keys by agent number.');
  }
  return { signKey, agents: Object.fromEntries(valid) };
}
