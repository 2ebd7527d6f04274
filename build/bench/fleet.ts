import { join } from 'node:path';
import process from 'node:process';
import { Program } from '../process/program.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { cpuMsByName } from './cpu-time.ts';
import { highestCarried } from './fleet/capacity.ts';
import { Generator } from './fleet/generator.ts';
import type { Load } from './fleet/open-loop.ts';
import type { StormReport } from './fleet/protocol.ts';
import { OrdersBench } from './orders.ts';
import { openOrdersStack, type OrdersStack } from './orders-stack.ts';
import { percentile } from './percentile.ts';

/** What a province's fleet asks for: so many terminals, each once a minute. */
const TERMINALS = 120_000;
const HEARTBEAT_S = 60;
const HOLD_S = 60;
/** Each rate of a search is held so long, and found to so much. */
const TRY_S = 4;
const BEATS = { from: 2_000, step: 250 };
const PLAIN = { from: 6_000, step: 500 };
const WARM_UP_S = 4;

/** Orders at a busy hour's pace (docs/scale.md), by terminals enough that none waits for a free one. */
const ORDERS = { perSecond: 3, terminals: 24, calmS: 30 };
/** All begin within it, as kiosks do that have power again, and are given so many times as long as the beats are held. */
const STORM = { spreadMs: 5_000, times: 10 };
const RATIO_GOAL = 0.4;
const STORM_GOAL = 2;

export interface FleetRow {
  readonly bench: 'fleet';
  readonly terminals: number;
  /** Offered, and answered, for a minute. */
  readonly heartbeatsPerSecond: number;
  readonly p99Ms: number;
  readonly failed: number;
  readonly capacityPerSecond: number;
  readonly koaPerSecond: number;
  readonly ratioToKoa: number;
  readonly stormOrderRatio: number;
  readonly calmOrderP95Ms: number;
  readonly stormOrderP95Ms: number;
  /** Until the last terminal's beat was taken, s; and how often one was told to come later. */
  readonly stormSeconds: number;
  readonly stormRefused: number;
  /** CPU time of a beat by process, and of a plain answer, µs. */
  readonly cpuUsPerBeat: Readonly<Record<string, number>>;
  readonly cpuUsPerPlain: number;
}

export interface FleetRun {
  readonly terminals: number;
  readonly held: Load;
  readonly heldCpuMs: Readonly<Record<string, number>>;
  readonly capacity: Load | undefined;
  readonly plain: Load | undefined;
  readonly plainCpuMs: number;
  readonly plainAnswers: number;
  readonly calmMs: readonly number[];
  readonly stormMs: readonly number[];
  readonly storm: StormReport;
}

export function fleetRow(run: FleetRun): FleetRow {
  const { terminals, held, storm } = run;
  const [capacity, koa] = [run.capacity?.perSecond ?? 0, run.plain?.perSecond ?? 0];
  const [calm, stormy] = [percentile(run.calmMs, 0.95), percentile(run.stormMs, 0.95)];
  return {
    bench: 'fleet',
    terminals,
    heartbeatsPerSecond: held.perSecond,
    p99Ms: rounded(held.p99Ms, 1),
    failed: held.failed,
    capacityPerSecond: capacity,
    koaPerSecond: koa,
    ratioToKoa: rounded(capacity / koa, 2),
    stormOrderRatio: rounded(stormy / calm, 2),
    calmOrderP95Ms: rounded(calm, 1),
    stormOrderP95Ms: rounded(stormy, 1),
    stormSeconds: rounded(storm.seconds, 1),
    stormRefused: storm.refused,
    cpuUsPerBeat: Object.fromEntries(
      Object.entries(run.heldCpuMs).map(([name, ms]) => [name, rounded((ms * 1000) / held.sent, 1)]),
    ),
    cpuUsPerPlain: rounded((run.plainCpuMs * 1000) / run.plainAnswers, 1),
  };
}

export function fleetFaults(row: FleetRow, storm: StormReport): string[] {
  const faults: string[] = [];
  const want = (good: boolean, said: string): void => {
    if (!good) faults.push(said);
  };
  want(row.failed === 0, `${row.failed} beats failed`);
  want(row.p99Ms <= 100, `p99 is ${row.p99Ms} ms, and 100 is the goal`);
  want(
    row.ratioToKoa >= RATIO_GOAL,
    `capacity is ${row.ratioToKoa} of a bare Koa, and ${RATIO_GOAL} is the goal`,
  );
  want(row.stormOrderRatio <= STORM_GOAL, `orders took ${row.stormOrderRatio} times as long in the storm`);
  want(storm.back === storm.terminals, `${storm.terminals - storm.back} terminals were not back in time`);
  want(storm.failed === 0, `${storm.failed} requests of the storm failed`);
  return faults;
}

/**
 * A province's terminals with real keys over HTTP: their beats for a minute, then the most that is carried, beside a bare
 * Koa in the same minutes; then all of them come back at once while orders go on.
 */
export async function benchFleet({ seed, report, ...asked }: BenchContext): Promise<BenchResult> {
  const { terminals = TERMINALS, seconds = HOLD_S } = asked;
  const on = await openOrdersStack({ report, seed });
  const generator = new Generator();
  try {
    report(`${terminals} terminals with keys of their own`);
    const { mongodbUri } = on.stack.urls;
    const secret = on.stack.serverEnv['TOKEN_SECRET'] ?? '';
    await generator.ask({ op: 'prepare', terminals, mongodbUri, secret });
    const plain = await plainKoa(on, generator, report);
    const beats = await beatsOf(on, { generator, report, terminals, seconds });
    const bench = await OrdersBench.open(on, ORDERS.terminals);
    try {
      const orders = await stormOf(on, { generator, bench, report, terminals, seconds });
      const row = fleetRow({ terminals, ...plain, ...beats, ...orders });
      const faults = [...fleetFaults(row, orders.storm), ...bench.faults()];
      return { rows: [row], engine: on.stack.database.engine, faults };
    } finally {
      bench.close();
    }
  } finally {
    generator.close();
    await on.close();
  }
}

/** The limit to compare with: as many processes, the same connections, the same machine. */
async function plainKoa(
  { dir }: OrdersStack,
  generator: Generator,
  report: (line: string) => void,
): Promise<Pick<FleetRun, 'plain' | 'plainCpuMs' | 'plainAnswers'>> {
  const { program, match } = await Program.start({
    name: 'koa',
    command: process.execPath,
    args: ['--import', 'tsx', '--enable-source-maps', join(import.meta.dirname, 'fleet/koa-main.ts')],
    ready: /^koa ready (\S+)/,
    log: join(dir, 'koa.log'),
  });
  try {
    const url = match[1] ?? '';
    const run = (perSecond: number, seconds = TRY_S): Promise<Load> =>
      generator.ask({ op: 'plain', url, perSecond, seconds });
    await run(PLAIN.from, WARM_UP_S);
    const cpu = (): Promise<Readonly<Record<string, number>>> => cpuMsByName({ koa: program.pid });
    let answers = 0;
    const before = await cpu();
    const plain = await highestCarried({
      ...PLAIN,
      run: async (perSecond) => {
        const load = await run(perSecond);
        answers += load.sent;
        report(`a bare Koa at ${perSecond}/s: p99 ${load.p99Ms.toFixed(1)} ms`);
        return load;
      },
    });
    const plainCpuMs = ((await cpu())['koa'] ?? 0) - (before['koa'] ?? 0);
    return { plain, plainCpuMs, plainAnswers: answers };
  } finally {
    await program.stop();
  }
}

async function beatsOf(
  { stack }: OrdersStack,
  on: { generator: Generator; report: (line: string) => void; terminals: number; seconds: number },
): Promise<Pick<FleetRun, 'held' | 'heldCpuMs' | 'capacity'>> {
  const { generator, report, terminals } = on;
  const url = stack.urls.webUrl;
  const run = async (perSecond: number, seconds: number): Promise<Load> => {
    const load = await generator.ask({ op: 'beats', url, perSecond, seconds });
    report(
      `${perSecond} beats a second: p50 ${load.p50Ms.toFixed(1)}, p99 ${load.p99Ms.toFixed(1)} ms, ${load.failed} failed`,
    );
    return load;
  };
  const usual = Math.round(terminals / HEARTBEAT_S);
  await run(usual, WARM_UP_S);
  const before = await cpuOf(stack, generator);
  const held = await run(usual, on.seconds);
  const after = await cpuOf(stack, generator);
  const heldCpuMs = Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
  );
  const capacity = await highestCarried({ ...BEATS, run: (perSecond) => run(perSecond, TRY_S) });
  return { held, heldCpuMs, capacity };
}

/** Orders while the fleet beats as always, then while all of it comes back at once. */
async function stormOf(
  { stack }: OrdersStack,
  on: {
    generator: Generator;
    bench: OrdersBench;
    report: (line: string) => void;
    terminals: number;
    seconds: number;
  },
): Promise<Pick<FleetRun, 'calmMs' | 'stormMs' | 'storm'>> {
  const { generator, bench, report, terminals, seconds } = on;
  const { perSecond, calmS } = ORDERS;
  const url = stack.urls.webUrl;
  const during = async <T>(work: Promise<T>): Promise<{ done: T; latenciesMs: number[] }> => {
    let over = false;
    const ending = work.finally(() => (over = true));
    const [done, latenciesMs] = await Promise.all([ending, bench.paced({ perSecond, until: () => over })]);
    return { done, latenciesMs };
  };
  await bench.run({ concurrency: 8, orders: 40 });
  const usual = Math.round(terminals / HEARTBEAT_S);
  const calm = await during(generator.ask({ op: 'beats', url, perSecond: usual, seconds: calmS }));
  report(`Orders while the fleet beats: p95 ${percentile(calm.latenciesMs, 0.95).toFixed(0)} ms`);
  const stormy = await during(
    generator.ask({ op: 'storm', url, spreadMs: STORM.spreadMs, limitMs: STORM.times * seconds * 1000 }),
  );
  const { done: storm } = stormy;
  report(
    `All come back: ${storm.back} in ${storm.seconds.toFixed(0)} s, ${storm.refused} times told to wait, ${storm.failed} failed; orders p95 ${percentile(stormy.latenciesMs, 0.95).toFixed(0)} ms`,
  );
  return { calmMs: calm.latenciesMs, stormMs: stormy.latenciesMs, storm };
}

function cpuOf(stack: OrdersStack['stack'], generator: Generator): Promise<Readonly<Record<string, number>>> {
  return cpuMsByName({
    web: stack.program('web')?.pid,
    worker: stack.program('worker')?.pid,
    redis: stack.redis.program?.pid,
    database: stack.database.program?.pid,
    generator: generator.pid,
  });
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
