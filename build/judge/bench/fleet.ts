import { join } from 'node:path';
import process from 'node:process';
import { Program } from '../../kit/process/program.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { cpuMsByName } from './cpu-time.ts';
import { highestCarried } from './fleet/capacity.ts';
import { Generator } from './fleet/generator.ts';
import { inTurns, TURNS, type AnswerCosts } from './fleet/in-turns.ts';
import type { Load } from './fleet/open-loop.ts';
import { fleetFaults, fleetMissed, fleetRow, type FleetRun, type Stormed } from './fleet/row.ts';
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
const LEAST_PACE = 200;

/**
 * A province's terminals with real keys over HTTP: their beats for a minute, then the most that is carried, beside a bare
 * Koa in the same minutes; then all of them come back at once while orders go on, with their keys for beats and without.
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
    const beats = await besideKoa(on, { generator, report, terminals, seconds });
    const bench = await OrdersBench.open(on, ORDERS.terminals);
    try {
      const orders = await stormOf(on, { generator, bench, report, terminals, seconds });
      const row = fleetRow({ terminals, ...beats, ...orders });
      const storms = [orders.kept.storm, orders.lost.storm];
      const faults = [...fleetFaults(row, storms), ...bench.faults()];
      return { rows: [row], engine: on.stack.database.engine, faults, missed: fleetMissed(row) };
    } finally {
      bench.close();
    }
  } finally {
    generator.close();
    await on.close();
  }
}

interface Loading {
  readonly generator: Generator;
  readonly report: (line: string) => void;
  readonly terminals: number;
  readonly seconds: number;
}

/** All that is measured beside the bare Koa, which runs meanwhile. */
async function besideKoa(
  on: OrdersStack,
  load: Loading,
): Promise<Omit<FleetRun, 'terminals' | 'calmMs' | 'kept' | 'lost'>> {
  const { program, match } = await Program.start({
    name: 'koa',
    command: process.execPath,
    args: ['--import', 'tsx', '--enable-source-maps', join(import.meta.dirname, 'fleet/koa-main.ts')],
    ready: /^koa ready (\S+)/,
    log: join(on.dir, 'koa.log'),
  });
  try {
    const koa = { url: match[1] ?? '', pid: program.pid };
    const plain = await plainKoa(koa, load);
    const beats = await beatsOf(on, load);
    const costs = await costsOf(on, load, koa);
    return { ...plain, ...beats, costs };
  } finally {
    await program.stop();
  }
}

interface PlainKoa {
  readonly url: string;
  readonly pid: number | undefined;
}

/** The limit to compare with: as many processes, the same connections, the same machine. */
async function plainKoa(
  { url, pid }: PlainKoa,
  { generator, report, seconds }: Loading,
): Promise<Pick<FleetRun, 'plain' | 'plainCpuMs' | 'plainAnswers'>> {
  const run = (perSecond: number): Promise<Load> =>
    generator.ask({ op: 'plain', url, perSecond, seconds: Math.min(TRY_S, seconds) });
  await run(PLAIN.from);
  let answers = 0;
  const before = await cpuMsOfKoa(pid);
  const plain = await highestCarried({
    ...PLAIN,
    run: async (perSecond) => {
      const load = await run(perSecond);
      answers += load.sent;
      report(`a bare Koa at ${perSecond}/s: p99 ${load.p99Ms.toFixed(1)} ms`);
      return load;
    },
  });
  return { plain, plainCpuMs: (await cpuMsOfKoa(pid)) - before, plainAnswers: answers };
}

async function cpuMsOfKoa(pid: number | undefined): Promise<number> {
  return (await cpuMsByName({ koa: pid }))['koa'] ?? 0;
}

/** Both at the pace that the fleet has when all is well. */
async function costsOf(
  { stack }: OrdersStack,
  { generator, report, terminals, seconds }: Loading,
  koa: PlainKoa,
): Promise<AnswerCosts> {
  const pace = { perSecond: usualPace(terminals), seconds: Math.min(TURNS.seconds, seconds) };
  const costs = await inTurns({
    count: TURNS.count,
    plain: () => generator.ask({ op: 'plain', url: koa.url, ...pace }),
    beats: () => generator.ask({ op: 'beats', url: stack.urls.webUrl, ...pace }),
    cpuMs: async (of) => (of === 'koa' ? cpuMsOfKoa(koa.pid) : ((await cpuOf(stack, generator))['web'] ?? 0)),
  });
  report(`By processor time: a bare Koa ${costs.koaUs.toFixed(1)} µs, a beat ${costs.beatUs.toFixed(1)}`);
  return costs;
}

/** Beats a second while all is well; of a small fleet as many as can be told from nothing. */
function usualPace(terminals: number): number {
  return Math.max(LEAST_PACE, Math.round(terminals / HEARTBEAT_S));
}

async function beatsOf(
  { stack }: OrdersStack,
  on: Loading,
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
  const usual = usualPace(terminals);
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

/** Orders while the fleet beats as always, then while all of it comes back at once, with its keys and without. */
async function stormOf(
  { stack }: OrdersStack,
  on: Loading & { readonly bench: OrdersBench },
): Promise<Pick<FleetRun, 'calmMs' | 'kept' | 'lost'>> {
  const { generator, bench, report, terminals, seconds } = on;
  const { perSecond, calmS, warmUp } = ORDERS;
  const url = stack.urls.webUrl;
  const during = async <T>(work: Promise<T>): Promise<{ done: T; ordersMs: number[] }> => {
    let over = false;
    const ending = work.finally(() => (over = true));
    const [done, ordersMs] = await Promise.all([ending, bench.paced({ perSecond, until: () => over })]);
    return { done, ordersMs };
  };
  await bench.run({ concurrency: 8, orders: Math.min(warmUp, perSecond * seconds) });
  const usual = usualPace(terminals);
  const calm = await during(
    generator.ask({ op: 'beats', url, perSecond: usual, seconds: Math.min(calmS, seconds) }),
  );
  report(`Orders while the fleet beats: p95 ${percentile(calm.ordersMs, 0.95).toFixed(0)} ms`);
  const storm = async (keys: 'kept' | 'lost'): Promise<Stormed> => {
    const { done, ordersMs } = await during(
      Promise.race([generator.ask({ op: 'storm', url, keys, ...STORM }), deathOf(stack.program('web'))]),
    );
    report(
      `All come back, their keys ${keys}: ${done.back} in ${done.seconds.toFixed(0)} s (heard in ${done.heardSeconds.toFixed(0)}), ${done.refused} times told to wait, ${done.failed} failed; orders p95 ${percentile(ordersMs, 0.95).toFixed(0)} ms`,
    );
    return { storm: done, ordersMs };
  };
  const kept = await storm('kept');
  return { calmMs: calm.ordersMs, kept, lost: await storm('lost') };
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
