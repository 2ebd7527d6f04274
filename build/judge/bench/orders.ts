import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { Operator } from '../../run/dev/operator.ts';
import { moreHouseholds } from '../../../server/sandbox/grid/world/more-households.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { countedBy } from './counters.ts';
import { cpuMsByName } from './cpu-time.ts';
import { openOrdersStack, type OrdersStack } from './orders-stack.ts';
import { percentile } from './percentile.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

const FACE_FEN = 5000;
const WARM_UP = { concurrency: 8, orders: 80 };
const RUNS = [
  { concurrency: 1, orders: 150 },
  { concurrency: 32, orders: 600 },
  { concurrency: 128, orders: 600 },
] as const;
/** What of an order's time is the server's. */
const SERVER = ['web', 'worker', 'database', 'redis'];
const READS = /command="(?:find|aggregate|count|distinct|getMore)"/;
/** No run takes longer, however slow the machine; orders in hand are finished. */
const LIMIT_MS = 20_000;

export interface OrdersRow {
  readonly bench: 'orders';
  readonly concurrency: number;
  readonly orders: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Durable writes of the order engine, web and worker. */
  readonly writesPerOrder: number;
  /** Commands that only read, of web and worker: questions of the order's own, and what their sweeps ask meanwhile. */
  readonly readsPerOrder: number;
  /** CPU time an order of web, worker, database and Redis together, ms. */
  readonly cpuMsServer: number;
  /** Orders a second that a core carries which does nothing else; terminals, cards, meters and wallets are not in it. */
  readonly perServerCore: number;
  /** CPU time an order by process, ms; `harness` is terminals, cards, meters and the grid's own side. */
  readonly cpuMsPerOrder: Readonly<Record<string, number>>;
}

/** What a run measured, before it is a row. */
export interface OrdersRun {
  readonly concurrency: number;
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
  readonly writes: number;
  readonly reads: number;
  readonly cpuMs: Readonly<Record<string, number>>;
}

export function ordersRow(run: OrdersRun): OrdersRow {
  const orders = run.latenciesMs.length;
  const cpuMsServer = SERVER.reduce((sum, name) => sum + (run.cpuMs[name] ?? 0), 0) / orders;
  return {
    bench: 'orders',
    concurrency: run.concurrency,
    orders,
    perSecond: round((orders * 1000) / run.elapsedMs),
    p50Ms: round(percentile(run.latenciesMs, 0.5)),
    p95Ms: round(percentile(run.latenciesMs, 0.95)),
    writesPerOrder: round(run.writes / orders),
    readsPerOrder: round(run.reads / orders),
    cpuMsServer: round(cpuMsServer),
    perServerCore: round(1000 / cpuMsServer),
    cpuMsPerOrder: Object.fromEntries(
      Object.entries(run.cpuMs).map(([name, ms]) => [name, round(ms / orders)]),
    ),
  };
}

/** `orders` in each run; those with more terminals than orders are left out. Absent: the usual ones. */
function ordersRuns(orders?: number): readonly { concurrency: number; orders: number }[] {
  if (orders === undefined) return RUNS;
  return RUNS.filter(({ concurrency }) => concurrency <= orders).map((run) => ({ ...run, orders }));
}

/** Orders a second end to end: HTTP, queue, sandboxes, database, and a card that its meter then judges. */
export async function benchOrders({ seed, report, orders }: BenchContext): Promise<BenchResult> {
  const runs = ordersRuns(orders);
  const on = await openOrdersStack({ report, seed });
  try {
    const bench = await OrdersBench.open(on, Math.max(...runs.map(({ concurrency }) => concurrency)));
    try {
      await bench.run({ ...WARM_UP, orders: Math.min(WARM_UP.orders, orders ?? WARM_UP.orders) });
      const rows: OrdersRow[] = [];
      for (const run of runs) {
        const row = ordersRow(await bench.run(run));
        report(`${row.orders} orders at concurrency ${row.concurrency}: ${row.perSecond}/s`);
        rows.push(row);
      }
      return { rows, engine: on.stack.database.engine, faults: bench.faults() };
    } finally {
      bench.close();
    }
  } finally {
    await on.close();
  }
}

/** So many orders a second, whatever becomes of them. */
export interface Pace {
  readonly perSecond: number;
  /** No order begins after it. */
  readonly until: () => boolean;
}

interface Household {
  readonly cardId: string;
  readonly meterNo: string;
}

export class OrdersBench {
  readonly #on: OrdersStack;
  readonly #terminals: readonly VirtualTerminal[];
  /** Those that bought; each buys once, so that no meter has to be visited in between. */
  readonly #bought: Household[] = [];
  readonly #failures: string[] = [];

  private constructor(on: OrdersStack, terminals: readonly VirtualTerminal[]) {
    this.#on = on;
    this.#terminals = terminals;
  }

  static async open(on: OrdersStack, most: number): Promise<OrdersBench> {
    const { stack, dir } = on;
    const sandbox = new SandboxClient(stack.urls);
    const operator = await Operator.login(stack);
    const { webUrl } = stack.urls;
    const terminals: VirtualTerminal[] = [];
    for (let index = 0; index < most; index += 1) {
      terminals.push(await VirtualTerminal.enrolled({ index, dir, webUrl, operator, sandbox }));
    }
    return new OrdersBench(on, terminals);
  }

  /** So many terminals, each buying again as soon as it is done, until the orders are made or the time is over. */
  async run({ concurrency, orders }: { concurrency: number; orders: number }): Promise<OrdersRun> {
    const { grid, metricsUrls } = this.#on;
    const households = moreHouseholds(grid.world, { count: orders, chip: 'SLE4442' });
    const writes = (): Promise<number> => countedBy(metricsUrls, 'bianmin_order_writes_total');
    const reads = (): Promise<number> => countedBy(metricsUrls, 'bianmin_mongo_command_seconds_count', READS);
    const latenciesMs: number[] = [];
    const [writesBefore, readsBefore, cpuBefore] = [await writes(), await reads(), await this.#cpu()];
    const from = performance.now();
    const work = async (terminal: VirtualTerminal): Promise<void> => {
      while (performance.now() - from < LIMIT_MS) {
        const household = households.pop();
        if (household === undefined) return;
        const began = performance.now();
        await terminal.buy(grid.world.drawer.get(household.cardId).sim, FACE_FEN);
        latenciesMs.push(performance.now() - began);
        this.#bought.push(household);
      }
    };
    const ends = await Promise.allSettled(this.#terminals.slice(0, concurrency).map(work));
    const elapsedMs = performance.now() - from;
    for (const end of ends) if (end.status === 'rejected') this.#failures.push(String(end.reason));
    const cpuAfter = await this.#cpu();
    const cpuMs = Object.fromEntries(
      Object.entries(cpuAfter).map(([name, ms]) => [name, ms - (cpuBefore[name] ?? 0)]),
    );
    const counted = { writes: (await writes()) - writesBefore, reads: (await reads()) - readsBefore };
    return { concurrency, latenciesMs, elapsedMs, ...counted, cpuMs };
  }

  /**
   * Orders at even times until it is over; gives how long each took from when it was due, ms. One that finds every terminal
   * at work waits, and that counts.
   */
  async paced({ perSecond, until }: Pace): Promise<number[]> {
    const { world } = this.#on.grid;
    const free = [...this.#terminals];
    const due: number[] = [];
    const latenciesMs: number[] = [];
    const working = new Set<Promise<void>>();
    const buy = async (terminal: VirtualTerminal, dueAt: number): Promise<void> => {
      const [household] = moreHouseholds(world, { count: 1, chip: 'SLE4442' });
      if (household === undefined) return;
      await terminal.buy(world.drawer.get(household.cardId).sim, FACE_FEN);
      latenciesMs.push(performance.now() - dueAt);
      this.#bought.push(household);
    };
    const begin = (): void => {
      const [dueAt, terminal] = [due[0], free.pop()];
      if (terminal === undefined) return;
      if (dueAt === undefined) {
        free.push(terminal);
        return;
      }
      due.shift();
      const work = buy(terminal, dueAt)
        .catch((error: unknown) => {
          this.#failures.push(String(error));
        })
        .finally(() => {
          working.delete(work);
          free.push(terminal);
          begin();
        });
      working.add(work);
    };
    const from = performance.now();
    for (let n = 0; !until(); n += 1) {
      const dueAt = from + (n * 1000) / perSecond;
      await sleep(Math.max(0, dueAt - performance.now()));
      due.push(dueAt);
      begin();
    }
    while (working.size > 0 || due.length > 0) await sleep(20);
    return latenciesMs;
  }

  /** Every card that was written goes into its meter, twice: credited once, or it is a fault. */
  faults(): string[] {
    const { world } = this.#on.grid;
    const faults = [...this.#failures];
    for (const { cardId, meterNo } of this.#bought) {
      const first = world.insert(meterNo, cardId);
      const second = world.insert(meterNo, cardId);
      if (first.creditedFen === FACE_FEN && second.creditedFen === 0) continue;
      faults.push(`meter ${meterNo} credited ${first.creditedFen} and then ${second.creditedFen} fen`);
    }
    return faults;
  }

  close(): void {
    for (const terminal of this.#terminals) terminal.close();
  }

  #cpu(): Promise<Readonly<Record<string, number>>> {
    const { stack } = this.#on;
    return cpuMsByName({
      web: stack.program('web')?.pid,
      worker: stack.program('worker')?.pid,
      database: stack.database.program?.pid,
      redis: stack.redis.program?.pid,
      wallet: stack.program('wallet')?.pid,
      harness: process.pid,
    });
  }
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
