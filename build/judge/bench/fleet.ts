import { join } from 'node:path';
import process from 'node:process';
import { Program } from '../../kit/process/program.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { cpuMsByName } from './cpu-time.ts';
import { highestCarried, P99_MS } from './fleet/capacity.ts';
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
/** Each rate of a search is held at most so long, and found to so much. */
const TRY_S = 4;
const BEATS = { from: 2_000, step: 250 };
const PLAIN = { from: 6_000, step: 500 };

/** Orders at a busy hour's pace (docs/scale.md), by terminals enough that none waits for a free one. */
const ORDERS = { perSecond: 3, terminals: 24, calmS: 30, warmUp: 40 };
/**
 * All begin within `spreadMs`, as kiosks do that have power again, and are waited for until the last is back. The longest
 * that one is told to wait is five minutes; where none came back for three times as long, none will.
 */
const STORM = { spreadMs: 5_000, standstillMs: 900_000 };
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
  return [
    ...(row.failed === 0 ? [] : [`${row.failed} beats failed`]),
    ...(storm.back === storm.terminals ? [] : [`${storm.terminals - storm.back} terminals never came back`]),
    ...(storm.failed === 0 ? [] : [`${storm.failed} requests of the storm failed`]),
  ];
}

/** The goals of a province's fleet on a machine with nothing else to do. */
export function fleetMissed(row: FleetRow): string[] {
  const { p99Ms, ratioToKoa, stormOrderRatio } = row;
  return [
    ...(p99Ms <= P99_MS ? [] : [`p99 is ${p99Ms} ms, and ${P99_MS} is the goal`]),
    ...(ratioToKoa >= RATIO_GOAL
      ? []
      : [`capacity is ${ratioToKoa} of a bare Koa, and ${RATIO_GOAL} is the goal`]),
    ...(stormOrderRatio <= STORM_GOAL
      ? []
      : [`orders took ${stormOrderRatio} times as long in the storm, and ${STORM_GOAL} is the goal`]),
  ];
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
    const plain = await plainKoa(on, { generator, report, trySeconds: Math.min(TRY_S, seconds) });
    const beats = await beatsOf(on, { generator, report, terminals, seconds });
    const bench = await OrdersBench.open(on, ORDERS.terminals);
    try {
      const orders = await stormOf(on, { generator, bench, report, terminals, seconds });
      const row = fleetRow({ terminals, ...plain, ...beats, ...orders });
      const faults = [...fleetFaults(row, orders.storm), ...bench.faults()];
      return { rows: [row], engine: on.stack.database.engine, faults, missed: fleetMissed(row) };
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
  on: { generator: Generator; report: (line: string) => void; trySeconds: number },
): Promise<Pick<FleetRun, 'plain' | 'plainCpuMs' | 'plainAnswers'>> {
  const { generator, report, trySeconds } = on;
  const { program, match } = await Program.start({
    name: 'koa',
    command: process.execPath,
    args: ['--import', 'tsx', '--enable-source-maps', join(import.meta.dirname, 'fleet/koa-main.ts')],
    ready: /^koa ready (\S+)/,
    log: join(dir, 'koa.log'),
  });
  try {
    const url = match[1] ?? '';
    const run = (perSecond: number): Promise<Load> =>
      generator.ask({ op: 'plain', url, perSecond, seconds: trySeconds });
    await run(PLAIN.from);
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
  const trySeconds = Math.min(TRY_S, on.seconds);
  await run(usual, trySeconds);
  const before = await cpuOf(stack, generator);
  const held = await run(usual, on.seconds);
  const after = await cpuOf(stack, generator);
  const heldCpuMs = Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
  );
  const capacity = await highestCarried({ ...BEATS, run: (perSecond) => run(perSecond, trySeconds) });
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
  const { perSecond, calmS, warmUp } = ORDERS;
  const url = stack.urls.webUrl;
  const during = async <T>(work: Promise<T>): Promise<{ done: T; latenciesMs: number[] }> => {
    let over = false;
    const ending = work.finally(() => (over = true));
    const [done, latenciesMs] = await Promise.all([ending, bench.paced({ perSecond, until: () => over })]);
    return { done, latenciesMs };
  };
  await bench.run({ concurrency: 8, orders: Math.min(warmUp, perSecond * seconds) });
  const usual = Math.round(terminals / HEARTBEAT_S);
  const calm = await during(
    generator.ask({ op: 'beats', url, perSecond: usual, seconds: Math.min(calmS, seconds) }),
  );
  report(`Orders while the fleet beats: p95 ${percentile(calm.latenciesMs, 0.95).toFixed(0)} ms`);
  const stormy = await during(
    Promise.race([generator.ask({ op: 'storm', url, ...STORM }), deathOf(stack.program('web'))]),
  );
  const { done: storm } = stormy;
  report(
    `All come back: ${storm.back} in ${storm.seconds.toFixed(0)} s, ${storm.refused} times told to wait, ${storm.failed} failed; orders p95 ${percentile(stormy.latenciesMs, 0.95).toFixed(0)} ms`,
  );
  return { calmMs: calm.latenciesMs, stormMs: stormy.latenciesMs, storm };
}

/** Never resolves: what is waited for beside it would never come once this has ended. */
async function deathOf(program: Program | undefined): Promise<never> {
  const exit = await program?.exited;
  throw new Error(`The web process ended with ${String(exit?.signal ?? exit?.code)}.`);
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
