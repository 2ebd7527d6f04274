import { simulate } from '../../../server/src/testing/simulation/simulation.ts';

/** So many failing seeds are enough to look at. */
const MOST_FAILED = 3;
const MINUTE = 60_000;
/** Sentences of one seed that are told. */
const MOST_SENTENCES = 5;
/** Seeds are whole numbers of 31 bits. */
const SEEDS = 0x7fff_ffff;

export interface SimulationRow {
  readonly soak: 'simulation';
  /** Of the first run; each further one has the next. */
  readonly seed: number;
  readonly runs: number;
  readonly orders: number;
  /** How often it was decided who goes on. */
  readonly turns: number;
  /** Runs in which a sentence about money or meters was true that must never be. */
  readonly incorrect: number;
  /** Runs in which something did not end, or waited for a person. */
  readonly unended: number;
  /** Both, each run once. */
  readonly violations: number;
  /** From when all was mended until the last order had ended, the longest of all runs, minutes. */
  readonly maxEndMinutes: number;
  readonly seconds: number;
}

export interface SimulationSoak {
  readonly seed: number;
  /** Begins no further run after so many seconds, or after so many runs. */
  readonly seconds: number;
  readonly runs: number;
  readonly report: (line: string) => void;
  /** Every turn is told as well. */
  readonly trace?: boolean;
}

/** Simulates orders seed by seed (docs/order.md); a seed that finds something is told with how to run it again. */
export async function soakSimulation(init: SimulationSoak): Promise<SimulationRow> {
  const { seed, report } = init;
  const from = performance.now();
  const secondsSince = (): number => (performance.now() - from) / 1000;
  const row = { runs: 0, orders: 0, turns: 0, incorrect: 0, unended: 0, violations: 0 };
  let endedMs = 0;
  while (row.runs < init.runs && secondsSince() < init.seconds && row.violations < MOST_FAILED) {
    const now = (seed + row.runs) % SEEDS;
    const run = await simulate({ seed: now, tell: init.trace === true ? report : undefined });
    const { correctness, liveness } = run;
    row.runs += 1;
    row.orders += run.orders;
    row.turns += run.turns;
    row.incorrect += Math.min(1, correctness.length);
    row.unended += Math.min(1, liveness.length);
    row.violations += Math.min(1, correctness.length + liveness.length);
    endedMs = Math.max(endedMs, run.endedAfterMs);
    if (correctness.length + liveness.length === 0) continue;
    const sentences = [...correctness, ...liveness];
    report(`seed ${now}, found after ${secondsSince().toFixed(1)} seconds:`);
    for (const sentence of sentences.slice(0, MOST_SENTENCES)) report(`  ${sentence}`);
    if (sentences.length > MOST_SENTENCES) report(`  and ${sentences.length - MOST_SENTENCES} more`);
    report(`  again: npm run soak -- simulation --seed ${now} --runs 1 (with --trace, turn by turn)`);
  }
  const maxEndMinutes = Math.round(endedMs / MINUTE);
  return { soak: 'simulation', seed, ...row, maxEndMinutes, seconds: Math.round(secondsSince()) };
}
