import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GridProfile } from '../../../server/src/gateways/grid/profiles.ts';
import type { UseOfGiven } from '../../kit/db/given.ts';
import type { Database } from '../../kit/db/open.ts';
import { configureProxy, nodeEnvironment } from './nginx.ts';
import type { Program } from '../../kit/process/program.ts';
import type { RunningRedis } from '../../kit/redis.ts';
import { Parts, type Fall } from './part-list.ts';
import {
  address,
  kioskEnvironment,
  loadOrCreateKeys,
  READER_ID,
  sandboxEnvironments,
  serverEnvironment,
  tvEnvironment,
  type Env,
  type PartName,
} from './parts.ts';
import { PortClaims } from './port-claims.ts';
import { ANY_PORTS, choosePorts, takePorts, type StackPorts } from './ports.ts';
import { ensurePayerPages, ensurePortalPages, ensureRenderer, ensureTvPages } from './renderer.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import { LOCK_FILE, lockFolder } from './stack-lock.ts';
import { Stores } from './stores.ts';

export interface StackInit {
  /** Where everything is kept; absent: a temporary folder that goes with the stack. */
  readonly dir?: string;
  /** Begin with an empty world: what is in `dir` is thrown away. */
  readonly fresh?: boolean;
  /** What becomes of `MONGODB_URI` and `REDIS_URL`; absent: this world is in a database of its own name there, which goes with it. */
  readonly given?: UseOfGiven;
  /** Refuse a database that loses acknowledged writes when it is killed. */
  readonly durable?: boolean;
  /** false: no kiosk; whoever asked brings terminals of their own. */
  readonly kiosk?: boolean;
  /** `elsewhere`: no pages are built; whoever asked serves them, and the stack's own processes have none. */
  readonly pages?: 'built' | 'elsewhere';
  /** Two web processes behind nginx, which then has web's address, two workers, and Redis by role. */
  readonly twoNodes?: boolean;
  /** Addresses of what stands before that nginx, whose word about a client's address it takes. */
  readonly beforeProxy?: readonly string[];
  /** true: a home box's TV, too, begun when all else is ready. */
  readonly tv?: boolean;
  /** Wanted where they are free; absent: any. */
  readonly ports?: StackPorts;
  /** Instead: from this one on and no others. `InUseError` where one is not free. */
  readonly portBase?: number;
  /** How the server speaks to the grid; absent: collection v1. */
  readonly gridProfile?: GridProfile;
  /** More variables for a part, over the stack's own; `server` is web and worker. */
  readonly env?: Readonly<Partial<Record<PartName | 'server', Env>>>;
  /** At its end: how long parts may take to end, all together, before they are killed; absent: 25 s each. */
  readonly endWithinMs?: number;
  /** Ends what is starting; `startStack` then throws. */
  readonly signal?: AbortSignal;
  /** Told of each part as it is ready, and of what takes long. */
  readonly report?: (line: string) => void;
}

interface StackUrls {
  readonly webUrl: string;
  /** The web processes themselves; without nginx the one of `webUrl`. */
  readonly ownWebUrls: readonly string[];
  /** The grid sandbox: its page, and `/world`. */
  readonly gridUrl: string;
  /** The wallet sandbox: its phone page, and `/wallet`. */
  readonly walletUrl: string;
  readonly mongodbUri: string;
  /** What may be lost: rate limits, presence, tickets; the queues, too, but with two nodes. */
  readonly redisUrl: string;
}

export interface Stack {
  readonly dir: string;
  readonly urls: StackUrls;
  /** The database that was chosen. */
  readonly database: Database;
  readonly redis: RunningRedis;
  /** The one of what may be lost; without two nodes the same. */
  readonly cache: RunningRedis;
  readonly adminPassword: string;
  /** What web and worker were started with, secrets and all: for a further process of the server's. */
  readonly serverEnv: Env;
  /** Accepts one terminal; where there is a kiosk, it has used it. */
  readonly enrolCode: string;
  /** The reader that the kiosk uses. */
  readonly readerId: string;
  /** The home box's TV once it is there, which may take a build of its pages; absent: nobody asked for one. */
  readonly tv?: Promise<string>;
  /** Resolves when a part ends that nobody had asked to. The others still run. */
  readonly fall: Promise<Fall>;
  /** Opens the kiosk's screen once; ask again for the next page. */
  kioskUrl(): Promise<string>;
  /** SIGKILL, as a crash would. */
  kill(part: PartName): Promise<void>;
  /** SIGTERM. */
  stop(part: PartName): Promise<void>;
  /**
   * Starts a part again, with what it kept, and waits until it is ready; ends it gently first if it runs. `env` is over
   * the variables that it had, from now on.
   */
  restart(part: PartName, env?: Env): Promise<void>;
  program(part: PartName): Program | undefined;
  /** All, gently, those that ask before those that answer. */
  close(): Promise<void>;
}

/** Brings up database, Redis, sandboxes, server and kiosk, each a process of its own, on free ports. */
export async function startStack(init: StackInit = {}): Promise<Stack> {
  const dir = init.dir ?? (await mkdtemp(join(tmpdir(), 'bianmin-stack-')));
  const report = init.report ?? (() => undefined);
  const unlock = await lockFolder(dir);
  const parts = new Parts({ dir, report });
  const stores = new Stores(init, report);
  const closing = new AbortController();
  const claims = new PortClaims();
  const close = once(async () => {
    closing.abort();
    await parts.close(init.endWithinMs);
    await stores.close();
    await claims.release();
    await unlock();
    if (init.dir === undefined) await rm(dir, { recursive: true, force: true });
  });
  const abort = (): void => void close();
  init.signal?.addEventListener('abort', abort);
  try {
    init.signal?.throwIfAborted();
    if (init.fresh === true) await empty(dir);
    return { ...(await start({ init, dir, report, parts, stores, claims, closing: closing.signal })), close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    init.signal?.removeEventListener('abort', abort);
  }
}

async function start(of: {
  init: StackInit;
  dir: string;
  report: (line: string) => void;
  parts: Parts;
  stores: Stores;
  claims: PortClaims;
  closing: AbortSignal;
}): Promise<Omit<Stack, 'close'>> {
  const { init, dir, report, parts, stores, claims, closing } = of;
  const built = init.pages !== 'elsewhere';
  const hasPages = built && init.kiosk !== false;
  const page = hasPages ? ensureRenderer(report, closing) : undefined;
  const phonePages = hasPages ? ensurePayerPages(report, closing) : undefined;
  const portalPages = hasPages ? ensurePortalPages(report, closing) : undefined;
  const opening = stores.open(dir);
  // Looked at below; until then a failure of theirs must not end the process.
  for (const early of [page, phonePages, portalPages, opening]) early?.catch(() => undefined);
  const [secrets, ports, keys] = await Promise.all([
    loadOrCreateSecrets(dir),
    init.portBase === undefined
      ? choosePorts(dir, init.ports ?? ANY_PORTS, claims)
      : takePorts(dir, { base: init.portBase, twoNodes: init.twoNodes === true, claims }),
    loadOrCreateKeys(dir),
  ]);
  const { gridProfile = 'collection-v1' } = init;
  const addresses = { dir, ports };
  const begin = (name: PartName, env: Env): Promise<void> =>
    parts.start(name, { ...env, ...init.env?.[name] });

  const sandbox = sandboxEnvironments(addresses);
  const sandboxes = Promise.all([begin('grid', sandbox.grid), begin('wallet', sandbox.wallet)]);
  const server = opening.then(async (open) => {
    const { database, redis, cache } = open;
    const own = { keys, secrets, mongodbUri: database.uri, redisUrl: cache.url, gridProfile };
    const alone = serverEnvironment(addresses, own);
    const behind = init.twoNodes === true ? nodeEnvironment(redis.url) : {};
    const env = { ...alone, ...behind, ...init.env?.server };
    const workers = [begin('worker', env)];
    let web: Promise<unknown>;
    if (init.twoNodes === true) {
      workers.push(begin('worker-2', env));
      const { web1, web2 } = ports;
      const { beforeProxy = [] } = init;
      await configureProxy({ dir, port: ports.web, webs: [web1, web2], beforeProxy });
      web = Promise.all([
        begin('web', { ...env, PORT: String(web1) }),
        begin('web-2', { ...env, PORT: String(web2) }),
      ]).then(() => begin('nginx', {}));
    } else {
      web = begin('web', env);
    }
    // The kiosk enrols as it starts, and would wait for its next try where nobody answers yet.
    const kiosk = web
      .then(() => page)
      .then(() =>
        init.kiosk === false ? undefined : begin('kiosk', kioskEnvironment(addresses, secrets.enrolCode)),
      );
    await Promise.all([...workers, kiosk, phonePages, portalPages]);
    return { ...open, env };
  });
  const [{ database, redis, cache, env: serverEnv }] = await Promise.all([server, sandboxes]);
  const tv = init.tv === true ? startTv() : undefined;
  // Whoever asked looks at it; until then a failure of its must not end the process.
  tv?.catch(() => undefined);
  return {
    dir,
    ...{ database, redis, cache },
    urls: {
      webUrl: address(ports.web),
      ownWebUrls: (init.twoNodes === true ? [ports.web1, ports.web2] : [ports.web]).map(address),
      gridUrl: address(ports.grid),
      walletUrl: address(ports.wallet),
      mongodbUri: serverEnv['MONGODB_URI'] ?? '',
      redisUrl: cache.url,
    },
    adminPassword: secrets.adminPassword,
    serverEnv,
    enrolCode: secrets.enrolCode,
    readerId: READER_ID,
    ...(tv === undefined ? {} : { tv }),
    fall: parts.fall([database.program, redis.program, cache.program]),
    kioskUrl: async () => (await readFile(join(dir, 'kiosk/kiosk.url'), 'utf8')).trim(),
    kill: (part) => parts.kill(part),
    stop: (part) => parts.stop(part),
    restart: (part, env) => parts.restart(part, env),
    program: (part) => parts.program(part),
  };

  async function startTv(): Promise<string> {
    if (built) await ensureTvPages(report, closing);
    await begin('tv', tvEnvironment(addresses));
    return `${address(ports.tv)}/`;
  }
}

/** All but the lock, which is ours. */
async function empty(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (name !== LOCK_FILE) await rm(join(dir, name), { recursive: true, force: true });
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
