import { percentile } from '../percentile.ts';
import { P99_MS } from './capacity.ts';
import type { AnswerCosts } from './in-turns.ts';
import type { Load } from './open-loop.ts';
import type { StormReport } from './protocol.ts';

const RATIO_GOAL = 0.4;
const STORM_GOAL = 2;
const STORM_SECONDS_GOAL = 600;

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
  /** Processor time of the bare Koa's answer and of the web process for a beat, taken in turns, µs. */
  readonly koaUs: number;
  readonly beatUs: number;
  readonly ratioByCpu: number;
  readonly stormOrderRatio: number;
  readonly calmOrderP95Ms: number;
  readonly stormOrderP95Ms: number;
  /**
   * Where every key for beats is lost: until the last terminal was enrolled, had its key, and its beat was taken, s; how often one was
   * told to come later; and how many never came.
   */
  readonly stormSeconds: number;
  readonly stormRefused: number;
  readonly stormMissing: number;
  /** Where they have their keys: until the last was enrolled and heard; until the last was heard; and how many never were. */
  readonly stormKeptSeconds: number;
  readonly stormKeptHeardSeconds: number;
  readonly stormKeptMissing: number;
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
  readonly costs: AnswerCosts;
  readonly calmMs: readonly number[];
  readonly kept: Stormed;
  readonly lost: Stormed;
}

/** A return of all, and how long each order took meanwhile. */
export interface Stormed {
  readonly storm: StormReport;
  readonly ordersMs: readonly number[];
}

export function fleetRow(run: FleetRun): FleetRow {
  const { terminals, held, costs, kept, lost } = run;
  const [capacity, koa] = [run.capacity?.perSecond ?? 0, run.plain?.perSecond ?? 0];
  const calm = percentile(run.calmMs, 0.95);
  const stormy = Math.max(...[kept, lost].map(({ ordersMs }) => percentile(ordersMs, 0.95)));
  return {
    bench: 'fleet',
    terminals,
    heartbeatsPerSecond: held.perSecond,
    p99Ms: rounded(held.p99Ms, 1),
    failed: held.failed,
    capacityPerSecond: capacity,
    koaPerSecond: koa,
    ratioToKoa: rounded(capacity / koa, 2),
    koaUs: rounded(costs.koaUs, 1),
    beatUs: rounded(costs.beatUs, 1),
    ratioByCpu: rounded(costs.ratioByCpu, 2),
    stormOrderRatio: rounded(stormy / calm, 2),
    calmOrderP95Ms: rounded(calm, 1),
    stormOrderP95Ms: rounded(stormy, 1),
    stormSeconds: rounded(lost.storm.seconds, 1),
    stormRefused: lost.storm.refused,
    stormMissing: missing(lost.storm),
    stormKeptSeconds: rounded(kept.storm.seconds, 1),
    stormKeptHeardSeconds: rounded(kept.storm.heardSeconds, 1),
    stormKeptMissing: missing(kept.storm),
    cpuUsPerBeat: Object.fromEntries(
      Object.entries(run.heldCpuMs).map(([name, ms]) => [name, rounded((ms * 1000) / held.sent, 1)]),
    ),
    cpuUsPerPlain: rounded((run.plainCpuMs * 1000) / run.plainAnswers, 1),
  };
}

function missing({ terminals, back }: StormReport): number {
  return terminals - back;
}

export function fleetFaults(row: FleetRow, storms: readonly StormReport[]): string[] {
  const sum = (of: (storm: StormReport) => number): number =>
    storms.reduce((all, storm) => all + of(storm), 0);
  const [away, failed] = [sum(missing), sum((storm) => storm.failed)];
  return [
    ...(row.failed === 0 ? [] : [`${row.failed} beats failed`]),
    ...(away === 0 ? [] : [`${away} terminals never came back`]),
    ...(failed === 0 ? [] : [`${failed} requests of the storm failed`]),
  ];
}

/** The goals of a province's fleet on a machine with nothing else to do. */
export function fleetMissed(row: FleetRow): string[] {
  const { p99Ms, ratioByCpu, stormOrderRatio } = row;
  const seconds = Math.max(row.stormSeconds, row.stormKeptSeconds);
  return [
    ...(p99Ms <= P99_MS ? [] : [`p99 is ${p99Ms} ms, and ${P99_MS} is the goal`]),
    ...(ratioByCpu >= RATIO_GOAL
      ? []
      : [`a bare Koa costs ${ratioByCpu} of a beat, and ${RATIO_GOAL} is the goal`]),
    ...(stormOrderRatio <= STORM_GOAL
      ? []
      : [`orders took ${stormOrderRatio} times as long in the storm, and ${STORM_GOAL} is the goal`]),
    ...(seconds <= STORM_SECONDS_GOAL
      ? []
      : [`the last came back after ${seconds} s, and ${STORM_SECONDS_GOAL} is the goal`]),
  ];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
