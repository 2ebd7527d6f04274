import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridKeysFrom } from '../../../server/sandbox/grid/keys.ts';
import { createGridSandbox, type GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import type { UseOfGiven } from '../../kit/db/given.ts';
import { loadOrCreateKeys, type Env } from '../../run/dev/parts.ts';
import { startStack } from '../../run/dev/stack.ts';
import type { Stack, StackInit } from '../../run/dev/stack-contract.ts';
import { freePort } from '@bianmin/card/node/free-port';

export interface OrdersStack {
  readonly stack: Stack;
  /** In this process, so that cards are at hand without a reader's wire. The server does not know the difference. */
  readonly grid: GridSandbox;
  /** `/metrics` of web and (the first) worker. */
  readonly metricsUrls: readonly string[];
  /** For the terminals' keys; goes with the stack. */
  readonly dir: string;
  close(): Promise<void>;
}

export interface OrdersStackInit {
  report: (line: string) => void;
  seed: number;
  /** More variables for web and worker. */
  env?: Env;
  /** The stack's own kiosk at this grid's reader, with these variables beside its usual ones; absent: none. */
  kiosk?: Env;
  twoNodes?: boolean;
  /** Addresses that stand before the nginx of two nodes. */
  beforeProxy?: readonly string[];
  /** More variables for the wallets. */
  wallet?: Env;
  /** Where the database keeps its files, which stay; absent: with the rest, which goes. */
  databaseDir?: string;
  /** What becomes of `MONGODB_URI`; absent: a database of its own name there. */
  given?: UseOfGiven;
  /** false: any database will do, since none is killed. */
  durable?: boolean;
  /** Cards and readers take the time that real ones take. */
  realTime?: boolean;
}

/** The stack on a database that loses nothing when it is killed; throws where there is none and one is wanted. */
export async function openOrdersStack(init: OrdersStackInit): Promise<OrdersStack> {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-bench-'));
  const closing: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of closing.reverse()) await step();
  };
  try {
    const keys = await loadOrCreateKeys(join(dir, 'stack'));
    const grid = await createGridSandbox({
      keys: gridKeysFrom({ ...keys.grid.sandbox }),
      seed: () => init.seed,
      ...(init.realTime === undefined ? {} : { realTime: init.realTime }),
    });
    closing.push(() => grid.close());
    const metricsPorts = { web: await freePort(), 'web-2': await freePort(), worker: await freePort() };
    if (init.databaseDir !== undefined) await symlink(init.databaseDir, join(dir, 'stack/db'));
    const stack = await startStack({
      dir: join(dir, 'stack'),
      kiosk: init.kiosk !== undefined,
      durable: init.durable ?? true,
      ...optional(init),
      report: init.report,
      env: environments(init, { grid, metricsPorts }),
    });
    closing.push(() => stack.close());
    const { web, 'web-2': web2, worker } = metricsPorts;
    const measured = init.twoNodes === true ? [web, web2, worker] : [web, worker];
    const metricsUrls = measured.map((port) => `http://127.0.0.1:${port}/metrics`);
    return { stack, grid, metricsUrls, dir, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What was asked for, and nothing in place of what was not. */
function optional(init: OrdersStackInit): Pick<StackInit, 'given' | 'twoNodes' | 'beforeProxy'> {
  const { given, twoNodes, beforeProxy } = init;
  return {
    ...(given === undefined ? {} : { given }),
    ...(twoNodes === undefined ? {} : { twoNodes }),
    ...(beforeProxy === undefined ? {} : { beforeProxy }),
  };
}

type MetricsPorts = Readonly<Record<'web' | 'web-2' | 'worker', number>>;

function measuredAt(ports: MetricsPorts): Record<keyof MetricsPorts, { METRICS_PORT: string }> {
  const at = (port: number): { METRICS_PORT: string } => ({ METRICS_PORT: String(port) });
  return { web: at(ports.web), 'web-2': at(ports['web-2']), worker: at(ports.worker) };
}

/** What the processes have besides what the stack gives them. */
function environments(
  init: OrdersStackInit,
  { grid, metricsPorts }: { readonly grid: GridSandbox; readonly metricsPorts: MetricsPorts },
): NonNullable<StackInit['env']> {
  return {
    server: {
      GRID_URL: grid.collectUrl,
      // Each virtual terminal comes from an address of its own, as behind nginx.
      TRUSTED_PROXIES: '1',
      LOG_LEVEL: 'warn',
      ...init.env,
    },
    ...measuredAt(metricsPorts),
    ...(init.wallet === undefined ? {} : { wallet: init.wallet }),
    ...(init.kiosk === undefined ? {} : { kiosk: { BIANMIN_SANDBOX_URL: grid.url, ...init.kiosk } }),
  };
}
