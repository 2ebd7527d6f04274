/** A heavier job of `npm run ci`. build/ci.md lists the same for people, and a test holds the two together. */
export interface Job {
  readonly name: string;
  readonly why: string;
  /** It is stopped, and has failed, after this. */
  readonly budgetMinutes: number;
  /** Arguments of Node, from the project's root. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Tests with a closing line that is counted. */
const closing = (args: readonly string[]): readonly string[] => [
  '--import',
  'tsx',
  'build/test/suite-main.ts',
  ...args,
];

export const JOBS: readonly Job[] = [
  {
    name: 'database',
    why: 'the durable database is there, built if need be',
    budgetMinutes: 10,
    args: ['build/db-build.mjs'],
  },
  {
    name: 'server-on-mongo-java-server',
    why: 'the server keeps its promises on the quick database',
    budgetMinutes: 7,
    args: closing(['server']),
    env: { BIANMIN_DB_ENGINE: 'mongo-java-server' },
  },
  {
    name: 'soak-grid',
    why: '1,000 purchases while the grid, wallets, terminals and processes fail: nothing lost, nothing twice',
    budgetMinutes: 5,
    args: ['build/run.mjs', 'soak', 'grid', '--orders', '1000', '--seed', '1'],
  },
  {
    name: 'soak-money',
    why: '1,000 orders while everything about the money fails: bills and meters come out even, each lie of a bill is found',
    budgetMinutes: 5,
    args: ['build/run.mjs', 'soak', 'money', '--orders', '1000', '--seed', '1'],
  },
  {
    name: 'contract',
    why: 'every operation of the OpenAPI document, tried by schemathesis: no answer that is not described, no 5xx',
    budgetMinutes: 3,
    args: ['build/run.mjs', 'contract', '--seed', '1', '--examples', '10'],
    // What is tried is answers, not what is left after a crash.
    env: { BIANMIN_DB_ENGINE: 'mongo-java-server' },
  },
  {
    name: 'deploy',
    why: 'two nodes behind the real nginx: a rolling restart under load loses no request and no order; manifests, images, nginx checked',
    budgetMinutes: 3,
    args: closing(['--config', 'build/deploy/vitest.config.ts']),
  },
  {
    name: 'box-java',
    why: "the home box's shell on Android 5.0 and 5.1, and its package: built twice the same, signed, checked",
    budgetMinutes: 5,
    args: ['build/run.mjs', 'box:test'],
  },
  {
    name: 'package-check',
    why: "the kiosk's packages: electron-builder's configuration, the files that it takes, the archive, the bundles' start",
    budgetMinutes: 1,
    args: ['build/run.mjs', 'package:check'],
  },
  {
    name: 'soak-kiosk',
    why: 'purchases at a kiosk in Chromium, with its mishaps: nothing lost, nothing twice, no memory that only grows',
    budgetMinutes: 3,
    args: ['build/run.mjs', 'soak', 'kiosk', '--purchases', '100', '--seed', '1'],
  },
  {
    name: 'soak-chaos',
    why: 'three minutes in which parts of two nodes die and stand still, lines break, stores are full and clocks jump: nothing lost, nothing twice',
    budgetMinutes: 6,
    args: ['build/run.mjs', 'soak', 'chaos', '--minutes', '3', '--seed', '1'],
  },
  {
    name: 'logs',
    why: 'real lines of purchases, one trace from button to serial, into a real OpenSearch: none refused, each found',
    budgetMinutes: 3,
    args: ['build/run.mjs', 'logs'],
  },
  {
    name: 'promtool',
    why: 'each alert of Prometheus fires on its example, and not before',
    budgetMinutes: 7,
    args: ['build/run.mjs', 'promtool'],
  },
];

/** What `.ci/run` may take in all, with `npm test` and the jobs. */
export const CI_MINUTES = 90;
export const TEST_MINUTES = 32;
