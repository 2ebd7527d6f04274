import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAKETIME } from '../../bootstrap/needs.mjs';
import { openOrdersStack, type OrdersStack } from '../../bench/orders-stack.ts';
import { openDatabase, type Database } from '../../db/open.ts';
import type { Env } from '../../dev/parts.ts';
import type { Program } from '../../process/program.ts';
import { openRedis, type RunningRedis } from '../../redis.ts';
import { environmentOf, SOAK_TIMES } from '../grid-times.ts';
import { Lines } from './lines.ts';
import type { ChaosProgram, Line } from './troubles.ts';

/** The whole stack, with every line between its parts through a proxy, and parts that can die, stand still and come back. */
export class Province {
  /** The web process behind its line: what terminals and phones are told. */
  readonly on: OrdersStack;
  readonly lines: Lines;
  /** Whether web and worker believe the clocks that they are given. */
  readonly clocks: boolean;
  readonly #direct: OrdersStack;
  readonly #dir: string;
  #database: Database;
  #redis: RunningRedis;
  readonly #reopened: { close(): Promise<void> }[] = [];

  private constructor(init: { direct: OrdersStack; on: OrdersStack; lines: Lines; clocks: boolean }) {
    this.on = init.on;
    this.lines = init.lines;
    this.clocks = init.clocks;
    this.#direct = init.direct;
    this.#dir = init.direct.stack.dir;
    this.#database = init.direct.stack.database;
    this.#redis = init.direct.stack.redis;
  }

  static async open(init: { seed: number; report: (line: string) => void }): Promise<Province> {
    const lines = await Lines.open(init);
    let direct: OrdersStack | undefined;
    try {
      direct = await openOrdersStack({ ...init, env: environmentOf(SOAK_TIMES) });
      const clocks = existsSync(FAKETIME);
      if (!clocks) init.report('Clocks stay right: there is no libfaketime here.');
      const { stack } = direct;
      await Promise.all([stack.stop('web'), stack.stop('worker')]);
      const { webUrl, env } = await throughLines(direct, lines);
      const start = async (whom: 'web' | 'worker'): Promise<void> =>
        stack.restart(whom, { ...env, ...(clocks ? await ownClock(stack.dir, whom) : {}) });
      await Promise.all([start('web'), start('worker')]);
      const on = { ...direct, stack: { ...stack, urls: { ...stack.urls, webUrl } } };
      return new Province({ direct, on, lines, clocks });
    } catch (error) {
      await direct?.close();
      await lines.close();
      throw error;
    }
  }

  /** Ends it; gives what brings it back. */
  async kill(whom: ChaosProgram): Promise<() => Promise<void>> {
    const { stack } = this.#direct;
    switch (whom) {
      case 'database':
        await this.#database.program?.kill();
        return () => this.#openDatabase();
      case 'redis':
        await this.#redis.program?.kill();
        return () => this.#openRedis();
      case 'wallet':
        await stack.stop('wallet');
        return () => stack.restart('wallet');
      default:
        await stack.kill(whom);
        return () => stack.restart(whom);
    }
  }

  /** The process as it runs now. */
  program(whom: ChaosProgram): Program | undefined {
    if (whom === 'database') return this.#database.program;
    if (whom === 'redis') return this.#redis.program;
    return this.#direct.stack.program(whom);
  }

  /** Past the line, for whoever plays Redis's own part. */
  get redisUrl(): string {
    return this.#redis.url;
  }

  /** Moves the clock of one of the two by so many ms; 0: right again. */
  async setClock(whom: 'web' | 'worker', byMs: number): Promise<void> {
    await writeFile(clockPath(this.#dir, whom), offset(byMs));
  }

  async close(): Promise<void> {
    await this.#direct.close();
    for (const store of this.#reopened) await store.close();
    await this.lines.close();
  }

  async #openDatabase(): Promise<void> {
    const database = await openDatabase({ dir: join(this.#dir, 'db'), durable: true });
    this.#database = database;
    this.#reopened.push(database);
    await this.lines.move('database', new URL(database.uri).host);
  }

  async #openRedis(): Promise<void> {
    const redis = await openRedis({ dir: join(this.#dir, 'redis') });
    this.#redis = redis;
    this.#reopened.push(redis);
    await this.lines.move('redis', new URL(redis.url).host);
  }
}

/** The server's own addresses of everything, each behind a line. */
async function throughLines(on: OrdersStack, lines: Lines): Promise<{ webUrl: string; env: Env }> {
  const { stack, grid } = on;
  const far: Readonly<Record<Line, string>> = {
    web: stack.urls.webUrl,
    database: stack.urls.mongodbUri,
    redis: stack.urls.redisUrl,
    grid: grid.collectUrl,
    wallet: stack.urls.walletUrl,
  };
  const hosts = new Map<string, string>();
  for (const [name, url] of Object.entries(far)) {
    const { host } = new URL(url);
    hosts.set(host, `127.0.0.1:${await lines.add(name, host)}`);
  }
  const behind = (text: string): string => {
    for (const [host, near] of hosts) text = text.replaceAll(host, near);
    return text;
  };
  const given: Env = { ...stack.serverEnv, GRID_URL: grid.collectUrl };
  const env = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const moved = behind(value);
      return moved === value ? [] : [[name, moved]];
    }),
  );
  return { webUrl: behind(stack.urls.webUrl), env };
}

/** What makes a process look into its own file for how far off its clock is; its monotonic clock stays the machine's. */
async function ownClock(dir: string, whom: 'web' | 'worker'): Promise<Env> {
  const path = clockPath(dir, whom);
  await writeFile(path, offset(0));
  return {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: path,
    FAKETIME_CACHE_DURATION: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
}

const clockPath = (dir: string, whom: string): string => join(dir, `${whom}.clock`);
const offset = (ms: number): string => `${ms < 0 ? '-' : '+'}${Math.round(Math.abs(ms) / 1000)}\n`;
