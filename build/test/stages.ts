import {
  COMPONENT_TYPES,
  FORMAT,
  COMMIT_CHECK,
  IMPORT_CHECK,
  LINT_REST,
  LINT_SERVER,
  runCheck,
  TYPES,
  UNUSED_CHECK,
  type Check,
} from './checks.ts';
import { childrenSeconds } from './cpu.ts';
import { E2E, E2E_SHORT } from './e2e.ts';
import { runSuite, type Suite } from './suite.ts';
import type { Tally } from '../kit/tally.ts';

/** A part of `npm test`, after whose end the next begins. */
export interface Stage {
  readonly name: string;
  /** Left out of the short answer. */
  readonly onlyInAll?: boolean;
  /** `all`: with everything that the short answer leaves out. */
  readonly run: (all: boolean) => Promise<readonly Tally[]>;
}

const project = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => ['--project', name]);

/** In the order of how soon they tell. */
export const STAGES: readonly Stage[] = [
  { name: 'static', run: checks },
  {
    name: 'unit',
    run: (all) =>
      suites({
        name: 'tests of pure and db (vitest)',
        args: project('pure', 'db'),
        // Few examples of each property in the short answer.
        env: all ? { PROPERTY_RUNS: 'many' } : {},
      }),
  },
  {
    name: 'process and contract',
    onlyInAll: true,
    run: () =>
      suites({ name: 'tests of process and contract (vitest)', args: project('process', 'contract') }),
  },
  { name: 'e2e-short', run: () => suites(E2E_SHORT) },
  { name: 'e2e', onlyInAll: true, run: () => suites(E2E) },
];

/** What a stage came to. */
export interface StageEnd {
  readonly tallies: readonly Tally[];
  readonly seconds: number;
  /** Of all processes that it started; absent where the system does not tell. */
  readonly cpuSeconds: number | undefined;
}

export async function runStage(stage: Stage, all: boolean): Promise<StageEnd> {
  const [from, before] = [performance.now(), childrenSeconds()];
  const tallies = await stage.run(all);
  const [until, after] = [performance.now(), childrenSeconds()];
  const cpuSeconds = before === undefined || after === undefined ? undefined : after - before;
  return { tallies, seconds: (until - from) / 1000, cpuSeconds };
}

/** Two lanes for two cores, about as long as each other where nothing is known of before. */
async function checks(): Promise<readonly Tally[]> {
  const lanes = await Promise.all(
    [
      [LINT_REST, FORMAT, ...COMPONENT_TYPES],
      [COMMIT_CHECK, IMPORT_CHECK, UNUSED_CHECK, LINT_SERVER, ...TYPES],
    ].map(inOrder),
  );
  return lanes.flat();
}

async function suites(suite: Suite): Promise<readonly Tally[]> {
  return [await runSuite(suite)];
}

async function inOrder(lane: readonly Check[]): Promise<readonly Tally[]> {
  const done: Tally[] = [];
  for (const check of lane) done.push(await runCheck(check));
  return done;
}
