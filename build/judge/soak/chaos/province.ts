import { join } from 'node:path';
import { openOrdersStack, type OrdersStack } from '../../bench/orders-stack.ts';
import { openDatabase, type Database } from '../../../kit/db/open.ts';
import type { Program } from '../../../kit/process/program.ts';
import { smallDisk, type SmallDisk } from '../../../kit/process/small-disk.ts';
import { openRedis, type RunningRedis } from '../../../kit/redis.ts';
import { startSentinels, type Sentinels } from '../../../../server/src/testing/sentinels.ts';
import { environmentOf, SOAK_TIMES } from '../grid-times.ts';
import { Lines } from './lines.ts';
import { clocksMove, ownClock, setClock, type ServerPart } from '../own-clock.ts';
import { serverParts, type ChaosProgram, type Mortal, type World } from './troubles.ts';
import { layWays } from './ways.ts';

/** Room for an evening's orders and the engine's journal. */
const DISK_MB = 1024;

export interface ProvinceInit {
  readonly seed: number;
  readonly nodes: 1 | 2;
  /** The furthest that a clock jumps ahead, ms. */
  readonly aheadMs: number;
  /** The longest that anything is frozen, ms. */
  readonly frozenMs: number;
  /** Troubles whose name has this in it alone. */
  readonly only?: string;
  /** Sentinels watch the Redis of queues. */
  readonly sentinels: boolean;
  readonly report: (line: string) => void;
}

/** The whole stack, with every line between its parts through a proxy, and parts that can die, stand still and come back. */
export class Province {
  /** The web process, or nginx and HAProxy before two, behind its line: what terminals and phones are told. */
  readonly on: OrdersStack;
  readonly lines: Lines;
  readonly world: World;
  /** The database's; absent: none that could be filled. */
  readonly disk: SmallDisk | undefined;
  readonly #direct: OrdersStack;
  /** The process that the grid is asked at. */
  readonly #gridDoor: Lines;
  readonly #dir: string;
  readonly #sentinels: Sentinels | undefined;
  #database: Database;
  readonly #redises: Record<'redis' | 'cache', RunningRedis>;
  readonly #reopened: { close(): Promise<void> }[] = [];

  private constructor(init: {
    direct: OrdersStack;
    on: OrdersStack;
    lines: Lines;
    gridDoor: Lines;
    world: World;
    disk: SmallDisk | undefined;
    sentinels: Sentinels | undefined;
  }) {
    this.on = init.on;
    this.lines = init.lines;
    this.#gridDoor = init.gridDoor;
    this.world = init.world;
    this.disk = init.disk;
    this.#sentinels = init.sentinels;
    this.#direct = init.direct;
    const { dir, database, redis, cache } = init.direct.stack;
    this.#dir = dir;
    this.#database = database;
    this.#redises = { redis, cache };
  }

  static async open(init: ProvinceInit): Promise<Province> {
    const { nodes, aheadMs, frozenMs, only, report } = init;
    const lines = await Lines.open(init);
    const gridDoor = await Lines.open(init);
    const disk = await smallDisk({ megabytes: DISK_MB });
    if (disk === undefined) report("The database's disk stays as it is: none may be mounted here.");
    let direct: OrdersStack | undefined;
    let sentinels: Sentinels | undefined;
    try {
      if (init.sentinels) sentinels = await startSentinels();
      direct = await openOrdersStack({
        ...init,
        // What dies has to be a process of ours.
        given: 'ignored',
        env: environmentOf(SOAK_TIMES),
        wallet: { WALLET_STATE_AT_ONCE: '1', WALLET_TIME_SCALE: '20', WALLET_LATE_MS: '500' },
        ...(nodes === 2 ? { twoNodes: true, beforeProxy: ['127.0.0.1'] } : {}),
        ...(disk === undefined ? {} : { databaseDir: disk.dir }),
      });
      const clocks = clocksMove(report);
      const { stack } = direct;
      const parts = serverParts(nodes);
      await Promise.all(parts.map((part) => stack.stop(part)));
      const ways = await layWays(direct, lines, await doorOf(direct.grid.collectUrl, gridDoor));
      const start = async (whom: ServerPart): Promise<void> =>
        stack.restart(whom, {
          ...ways.envOf(whom),
          ...(sentinels === undefined ? {} : { REDIS_QUEUE_URL: sentinels.url }),
          ...(clocks ? await ownClock(stack.dir, whom) : {}),
        });
      await Promise.all(parts.map(start));
      const on = { ...direct, stack: { ...stack, urls: { ...stack.urls, webUrl: ways.webUrl } } };
      const given = { sentinels: init.sentinels, aheadMs, frozenMs, ...(only && { only }) };
      const world = { nodes, clocks, disk: disk !== undefined, ...given };
      return new Province({ direct, on, lines, gridDoor, world, disk, sentinels });
    } catch (error) {
      await direct?.close();
      await disk?.close();
      await lines.close();
      await gridDoor.close();
      await sentinels?.close();
      throw error;
    }
  }

  /** Ends it; gives what brings it back. */
  async kill(whom: Mortal): Promise<() => Promise<void>> {
    if (whom === 'grid') return this.on.grid.die();
    await this.#program(whom).kill();
    switch (whom) {
      case 'database':
        return () => this.#openDatabase();
      case 'redis':
      case 'cache':
        return () => this.#openRedis(whom);
      default:
        return () => this.restart(whom);
    }
  }

  /** Starts it again, after a gentle end if it runs. */
  restart(whom: ServerPart | 'wallet' | 'nginx' | 'haproxy'): Promise<void> {
    return this.#direct.stack.restart(whom);
  }

  /** It stands still, as on a machine that swaps or is moved; gives what lets it go on. */
  standStill(whom: Mortal): () => void {
    return whom === 'grid' ? this.on.grid.standStill() : this.#program(whom).standStill();
  }

  /** The same for so long that whoever waits gives up. Of the grid it is the process at whose door it is asked. */
  async freeze(whom: ChaosProgram): Promise<() => void> {
    if (whom === 'primary') return this.#freezePrimary();
    return whom === 'grid' ? this.#gridDoor.standStill() : this.standStill(whom);
  }

  /** Of the Redis of queues: another takes its place, and it follows that one when it goes on. */
  async #freezePrimary(): Promise<() => void> {
    const pid = await this.#sentinels?.primaryPid();
    if (pid === undefined) throw new Error('There are no sentinels here.');
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }

  /** The process as it runs now. */
  #program(whom: Exclude<Mortal, 'grid'>): Program {
    const { stack } = this.#direct;
    const stores = { database: this.#database, ...this.#redises };
    const program =
      whom === 'database' || whom === 'redis' || whom === 'cache'
        ? stores[whom].program
        : stack.program(whom);
    if (program === undefined) throw new Error(`${whom} is no process of ours.`);
    return program;
  }

  /** Past the line, for a trouble in Redis itself. */
  redisUrl(whom: 'redis' | 'cache'): string {
    return this.#redises[whom].url;
  }

  /** Moves the clock of one of them by so many ms; 0: right again. */
  async setClock(whom: ServerPart, byMs: number): Promise<void> {
    await setClock(this.#dir, whom, byMs);
  }

  async close(): Promise<void> {
    await this.#direct.close();
    for (const store of this.#reopened) await store.close();
    await this.disk?.close();
    await this.lines.close();
    await this.#gridDoor.close();
    await this.#sentinels?.close();
  }

  async #openDatabase(): Promise<void> {
    const database = await openDatabase({ dir: join(this.#dir, 'db'), durable: true, given: 'ignored' });
    this.#database = database;
    this.#reopened.push(database);
    await this.lines.move('database', new URL(database.uri).host);
  }

  async #openRedis(whom: 'redis' | 'cache'): Promise<void> {
    const redis = await openRedis(whom === 'cache' ? { role: 'cache' } : { dir: join(this.#dir, 'redis') });
    this.#redises[whom] = redis;
    this.#reopened.push(redis);
    await this.lines.move(whom, new URL(redis.url).host);
  }
}

/** The grid's address behind its door. */
async function doorOf(gridUrl: string, door: Lines): Promise<string> {
  const url = new URL(gridUrl);
  url.port = String(await door.add('grid', url.host));
  return url.href;
}
