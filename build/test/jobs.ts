/** A job of `npm run ci`. build/ci.md lists the same for people, and a test holds the two together. */
export interface Job {
  readonly name: string;
  readonly why: string;
  /** What it takes on two cores with nothing else to do. */
  readonly minutes: number;
  /** Arguments of Node, from the project's root. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** It uses both cores or measures time: no other job runs beside it. */
  readonly alone?: boolean;
}

/** On a busy machine a job takes longer; only one that hangs takes this many times what it should. */
const PATIENCE = 8;
const LEAST_PATIENCE_MINUTES = 8;

/** A job is stopped, and has failed, after this. */
export function budgetMinutes({ minutes }: Pick<Job, 'minutes'>): number {
  return Math.max(LEAST_PATIENCE_MINUTES, minutes * PATIENCE);
}

const program = (...args: readonly string[]): readonly string[] => ['--import', 'tsx', ...args];
/** Tests with a closing line that is counted. */
const suite = (...args: readonly string[]): readonly string[] => program('build/test/suite-main.ts', ...args);
const run = (...args: readonly string[]): readonly string[] => ['build/run.mjs', ...args];

const E2E_CONFIG = ['--config', 'terminal-app/e2e/vitest.config.ts'] as const;

/** Before everything else, where nothing is cached. */
export const DATABASE: Job = {
  name: 'database',
  why: 'the durable database is there, built if need be (8 minutes the first time)',
  minutes: 0.1,
  args: ['build/db-build.mjs'],
  alone: true,
};

/** In every `.ci/run`, after `npm test -- --all`. */
export const JOBS: readonly Job[] = [
  {
    name: 'soak-grid',
    why: '300 purchases while the grid, wallets, terminals and processes fail: nothing lost, nothing twice',
    minutes: 2,
    args: run('soak', 'grid', '--orders', '300', '--seed', '1'),
  },
  {
    name: 'soak-money',
    why: '100 orders while everything about the money fails: bills and meters come out even, each lie of a bill is found',
    minutes: 2,
    args: run('soak', 'money', '--orders', '100', '--seed', '1'),
  },
  {
    name: 'commands',
    why: "every command of the README's table at its smallest size",
    minutes: 4,
    args: program('build/test/commands-main.ts'),
  },
  {
    name: 'soak-kiosk',
    why: '30 purchases at a kiosk in Chromium, with its mishaps: nothing lost, nothing twice, no memory that only grows',
    minutes: 1,
    args: run('soak', 'kiosk', '--purchases', '30', '--seed', '1'),
  },
  {
    name: 'simulation',
    why: 'new seeds for 45 seconds, each deciding whose call goes on and who dies: money right at every write, and all orders end',
    minutes: 0.75,
    args: run('soak', 'simulation', '--seconds', '45'),
  },
  {
    name: 'contract',
    why: 'every operation of the OpenAPI document, tried by schemathesis: no answer that is not described, no 5xx',
    minutes: 1.5,
    args: run('contract', '--seed', '1', '--examples', '10'),
    // What is tried is answers, not what is left after a crash.
    env: { BIANMIN_DB_ENGINE: 'mongo-java-server' },
  },
  {
    name: 'box-java',
    why: "the home box's shell on Android 5.0 and 5.1, and its package: built twice the same, signed, checked",
    minutes: 1.5,
    args: run('box:test'),
  },
  {
    name: 'elsewhere',
    why: 'other time zones, languages, umasks, homes and no font at all change nothing',
    minutes: 1,
    args: program('build/test/elsewhere.ts'),
  },
  {
    name: 'package-check',
    why: "the kiosk's packages: electron-builder's configuration, the files that it takes, the archive, the bundles' start",
    minutes: 0.5,
    args: run('package:check'),
  },
  {
    name: 'attack',
    why: 'attacks that stand for all: each gets through with its defence taken out of the source, none on the product as it is',
    minutes: 2,
    args: run('attack', '--short'),
  },
  {
    name: 'logs',
    why: 'real lines of purchases, one trace from button to serial, into a real OpenSearch: none refused, each found',
    minutes: 0.5,
    args: run('logs'),
  },
  {
    name: 'rig',
    why: 'our readers on a real USB stack, and through pcscd: plugs, pulls, a purchase (a kernel is fetched the first time)',
    minutes: 2,
    args: run('rig', '--short'),
  },
  {
    name: 'soak-chaos',
    why: 'a minute in which parts of two nodes die, stand still and freeze, lines break, stores are full and clocks jump: nothing lost or twice, nothing late',
    minutes: 2,
    args: run('soak', 'chaos', '--minutes', '1', '--seed', '1'),
    alone: true,
  },
  {
    name: 'deploy',
    why: 'two nodes behind the real nginx and HAProxy: a restart under load loses nothing, a frozen one is out in 3 s; what is shipped is checked',
    minutes: 2.5,
    args: suite('--config', 'build/ship/deploy/vitest.config.ts'),
    alone: true,
  },
];

/** What takes longer: `npm run ci -- --nightly`, whole at the close of each issue. */
export const NIGHTLY_JOBS: readonly Job[] = [
  {
    name: 'keys-drill',
    why: 'the data key is changed under load, two nodes behind nginx: no request fails, and the old key opens nothing any more',
    minutes: 5,
    args: suite('--config', 'build/ship/deploy/vitest.config.ts', 'build/ship/deploy/e2e/keys'),
    env: { DRILL: 'keys' },
    alone: true,
  },
  {
    name: 'server-on-mongo-java-server',
    why: 'the server keeps its promises on the quick database',
    minutes: 5,
    args: suite('--project', 'db', '--project', 'contract', 'server'),
    env: { BIANMIN_DB_ENGINE: 'mongo-java-server' },
    alone: true,
  },
  {
    name: 'screens-all',
    why: 'every sample of every screen in every language, size and size of text',
    minutes: 6,
    args: suite(...E2E_CONFIG, '--project', 'e2e-screens'),
    env: { SCREENS: 'all' },
    alone: true,
  },
  {
    name: 'e2e-whole-browser',
    why: 'a purchase on each face in a browser with windows, where every other run takes its engine alone',
    minutes: 2,
    args: suite(...E2E_CONFIG, '--project', 'e2e-short'),
    env: { CHROMIUM: '/usr/bin/chromium' },
    alone: true,
  },
  {
    name: 'properties-new',
    why: 'every property with new examples, twice as many as in CI; a counterexample prints its seed',
    minutes: 4,
    args: suite('--project', 'pure'),
    env: { PROPERTY_SEED: 'random', PROPERTY_RUNS: '200' },
    alone: true,
  },
  {
    name: 'soak-cards-long',
    why: '5,000 torn writes a chip, and 100,000 inputs a parser',
    minutes: 4,
    args: run('soak', 'cards', 'fuzz', '--cuts', '5000', '--inputs', '100000', '--seed', '1'),
  },
  {
    name: 'soak-raw-long',
    why: '20,000 odd requests over bare connections to each listener: no process ends, no 5xx without a code',
    minutes: 5,
    args: run('soak', 'raw', '--requests', '20000', '--seed', '2'),
    alone: true,
  },
  {
    name: 'soak-grid-long',
    why: '2,000 purchases while the grid, wallets, terminals and processes fail',
    minutes: 4,
    args: run('soak', 'grid', '--orders', '2000', '--seed', '2'),
  },
  {
    name: 'soak-money-long',
    why: '2,000 orders while everything about the money fails',
    minutes: 6,
    args: run('soak', 'money', '--orders', '2000', '--seed', '2'),
  },
  {
    name: 'simulation-long',
    why: 'new seeds for half an hour: money right at every write, and all orders end',
    minutes: 30,
    args: run('soak', 'simulation', '--seconds', '1800'),
  },
  {
    name: 'soak-kiosk-long',
    why: '200 purchases at a kiosk in Chromium, with its mishaps',
    minutes: 7,
    args: run('soak', 'kiosk', '--purchases', '200', '--seed', '2'),
  },
  {
    name: 'soak-chaos-long',
    why: 'five minutes in which parts of two nodes die, stand still and freeze',
    minutes: 8,
    args: run('soak', 'chaos', '--minutes', '5', '--seed', '2'),
    alone: true,
  },
  {
    name: 'rig-whole',
    why: 'our readers on a real USB stack, and through pcscd: pulled and unplugged at every command of a write, with each fault and lie; their speed',
    minutes: 10,
    args: run('rig'),
    alone: true,
  },
  {
    name: 'contract-many',
    why: 'every operation of the OpenAPI document with 20 examples',
    minutes: 6,
    args: run('contract', '--seed', '5', '--examples', '20'),
    env: { BIANMIN_DB_ENGINE: 'mongo-java-server' },
  },
  {
    name: 'mutate',
    why: 'files about money and cards that changed since they were tried last, made wrong one place at a time: in each folder tests notice at least 85 %',
    minutes: 15,
    args: run('mutate', '--changed'),
    alone: true,
  },
  {
    name: 'promtool',
    why: 'each alert of Prometheus fires on its example, and not before (6 minutes to build it the first time)',
    minutes: 3,
    args: run('promtool'),
  },
  {
    name: 'attack-whole',
    why: 'every attack: through with its own defence taken out of the source, and not otherwise',
    minutes: 8,
    args: run('attack'),
    alone: true,
  },
  {
    name: 'commands-nightly',
    why: "what the README's table names and is too long for every run",
    minutes: 3,
    args: program('build/test/commands-main.ts', '--nightly'),
  },
  {
    name: 'node-22-whole',
    why: 'the floors pure and db and one purchase end to end on Node 22',
    minutes: 6,
    args: program('build/test/other-node.ts', '22'),
    alone: true,
  },
  {
    name: 'node-24-whole',
    why: 'the floors pure and db and one purchase end to end on Node 24',
    minutes: 6,
    args: program('build/test/other-node.ts', '24'),
    alone: true,
  },
];

/** What `npm test -- --all` takes on two cores with nothing else to do and nothing cached but packages and database. */
export const TEST_ALL_MINUTES = 21;
/** What `.ci/run` may take so. */
export const CI_MINUTES = 35;

/** How long jobs take with two of them side by side where that may be. */
export function minutesOf(jobs: readonly Job[]): number {
  const sum = (some: readonly Job[]): number => some.reduce((all, { minutes }) => all + minutes, 0);
  const alone = jobs.filter((job) => job.alone === true);
  return sum(alone) + sum(jobs.filter((job) => job.alone !== true)) / 2;
}
