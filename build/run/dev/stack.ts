import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { balancerEnvironment } from './haproxy.ts';
import { configureProxy, nodeEnvironment } from './nginx.ts';
import { Parts } from './part-list.ts';
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
import { ANY_PORTS, choosePorts, takePorts } from './ports.ts';
import { ensurePayerPages, ensurePortalPages, ensureRenderer, ensureTvPages } from './renderer.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import type { Stack, StackInit, StackUrls } from './stack-contract.ts';
import { LOCK_FILE, lockFolder } from './stack-lock.ts';
import { Stores } from './stores.ts';

type OpenStores = Awaited<ReturnType<Stores['open']>>;
type ChosenPorts = Awaited<ReturnType<typeof choosePorts>>;

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

interface Starting {
  readonly init: StackInit;
  readonly dir: string;
  readonly report: (line: string) => void;
  readonly parts: Parts;
  readonly stores: Stores;
  readonly claims: PortClaims;
  readonly closing: AbortSignal;
}

async function start(of: Starting): Promise<Omit<Stack, 'close'>> {
  const { init, dir, report, parts, stores, claims, closing } = of;
  const pages = beginPages(of);
  const opening = stores.open(dir);
  // Looked at below; until then a failure of theirs must not end the process.
  for (const early of [pages.kiosk, pages.payer, pages.portal, opening]) early?.catch(() => undefined);
  const [secrets, ports, keys] = await Promise.all([
    loadOrCreateSecrets(dir),
    init.portBase === undefined
      ? choosePorts(dir, init.ports ?? ANY_PORTS, claims)
      : takePorts(dir, { base: init.portBase, twoNodes: init.twoNodes === true, claims }),
    loadOrCreateKeys(dir),
  ]);
  const addresses = { dir, ports };
  const begin = (name: PartName, env: Env): Promise<void> =>
    parts.start(name, { ...env, ...init.env?.[name] });

  const sandbox = sandboxEnvironments(addresses);
  const sandboxes = Promise.all([begin('grid', sandbox.grid), begin('wallet', sandbox.wallet)]);
  const server = opening.then((open) =>
    beginServer({ ...addresses, init, begin, open, keys, secrets, pages }),
  );
  const [{ database, redis, cache, env: serverEnv }] = await Promise.all([server, sandboxes]);
  const startTv = async (): Promise<string> => {
    if (init.pages !== 'elsewhere') await ensureTvPages(report, closing);
    await begin('tv', tvEnvironment(addresses));
    return `${address(ports.tv)}/`;
  };
  const tv = init.tv === true ? startTv() : undefined;
  // The caller looks at it; until then a failure of its must not end the process.
  tv?.catch(() => undefined);
  return {
    dir,
    ...{ database, redis, cache },
    urls: urlsOf(ports, {
      twoNodes: init.twoNodes === true,
      mongodbUri: serverEnv['MONGODB_URI'] ?? '',
      redisUrl: cache.url,
    }),
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
}

/** Builds of the pages that this stack's own processes serve; absent where they serve none. */
interface PageBuilds {
  readonly kiosk?: Promise<unknown>;
  readonly payer?: Promise<unknown>;
  readonly portal?: Promise<unknown>;
}

function beginPages({ init, report, closing }: Starting): PageBuilds {
  if (init.pages === 'elsewhere' || init.kiosk === false) return {};
  return {
    kiosk: ensureRenderer(report, closing),
    payer: ensurePayerPages(report, closing),
    portal: ensurePortalPages(report, closing),
  };
}

/** Web, worker and kiosk, once the stores are there; gives the stores, and what web and worker were started with. */
async function beginServer(of: {
  readonly init: StackInit;
  readonly dir: string;
  readonly ports: ChosenPorts;
  readonly begin: (name: PartName, env: Env) => Promise<void>;
  readonly open: OpenStores;
  readonly keys: Awaited<ReturnType<typeof loadOrCreateKeys>>;
  readonly secrets: Awaited<ReturnType<typeof loadOrCreateSecrets>>;
  readonly pages: PageBuilds;
}): Promise<OpenStores & { readonly env: Env }> {
  const { init, dir, ports, begin, open, keys, secrets, pages } = of;
  const { database, redis, cache } = open;
  const { gridProfile = 'collection-v1' } = init;
  const own = { keys, secrets, mongodbUri: database.uri, redisUrl: cache.url, gridProfile };
  const alone = serverEnvironment({ dir, ports }, own);
  const behind = init.twoNodes === true ? nodeEnvironment(redis.url) : {};
  const env = { ...alone, ...behind, ...init.env?.server };
  const workers = [begin('worker', env)];
  let web: Promise<unknown>;
  if (init.twoNodes === true) {
    workers.push(begin('worker-2', env));
    const { web1, web2, balancer } = ports;
    const { beforeProxy = [] } = init;
    await configureProxy({ dir, port: ports.web, balancer, beforeProxy });
    web = Promise.all([
      begin('web', { ...env, PORT: String(web1) }),
      begin('web-2', { ...env, PORT: String(web2) }),
    ])
      .then(() => begin('haproxy', balancerEnvironment(balancer, [web1, web2])))
      .then(() => begin('nginx', {}));
  } else {
    web = begin('web', env);
  }
  // The kiosk enrols as it starts, and would wait for its next try where the server does not answer yet.
  const kiosk = web
    .then(() => pages.kiosk)
    .then(() =>
      init.kiosk === false ? undefined : begin('kiosk', kioskEnvironment({ dir, ports }, secrets.enrolCode)),
    );
  await Promise.all([...workers, kiosk, pages.payer, pages.portal]);
  return { ...open, env };
}

function urlsOf(
  ports: ChosenPorts,
  of: { readonly twoNodes: boolean; readonly mongodbUri: string; readonly redisUrl: string },
): StackUrls {
  return {
    webUrl: address(ports.web),
    ownWebUrls: (of.twoNodes ? [ports.web1, ports.web2] : [ports.web]).map(address),
    gridUrl: address(ports.grid),
    walletUrl: address(ports.wallet),
    mongodbUri: of.mongodbUri,
    redisUrl: of.redisUrl,
  };
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
