/** Stands in arguments for a folder that is made for all commands and removed after the last. */
export const FOLDER = '{folder}';

/** One process that tries a command at its smallest size. */
export interface CommandRun {
  /** Arguments of Node, from the project's root: what package.json has after `node`, then the smallest size. */
  readonly args: readonly string[];
  /** It runs until it is ended: it has passed when it said this and then ended by SIGTERM, with 0. */
  readonly until?: RegExp;
  /** It wants a server's environment: one database and Redis, kept in `FOLDER`/stores, for all that want it. */
  readonly stores?: boolean;
  /** It is stopped, and has failed, after this; absent: `BUDGET_SECONDS`. */
  readonly budgetSeconds?: number;
}

/** A command as the README's table or a script of package.json names it. */
export interface Command {
  readonly name: string;
  readonly runs: readonly CommandRun[];
}

/** What hangs is ended by it; on a quiet machine none takes a fifth of it. */
export const BUDGET_SECONDS = 300;

const READY = /^Ready in /m;
const untilReady = (...args: readonly string[]): CommandRun => ({ args, until: READY });
const run = (...args: readonly string[]): CommandRun => ({ args: ['build/run.mjs', ...args] });
const onStores = (...args: readonly string[]): CommandRun => ({ ...run(...args), stores: true });

/** Tried here, in this order: what reads a database comes after what fills it. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'npm start',
    runs: [untilReady('build/start.mjs', '--no-window', '--data', `${FOLDER}/start`)],
  },
  { name: 'npm start -- --help', runs: [{ args: ['build/start.mjs', '--help'] }] },
  {
    name: 'npm run dev',
    runs: [untilReady('build/run.mjs', 'dev', '--no-window', '--data', `${FOLDER}/dev`)],
  },
  {
    name: 'npm run deploy:local',
    runs: [untilReady('build/run.mjs', 'deploy:local', '--no-window', '--data', `${FOLDER}/two-nodes`)],
  },
  { name: 'npm run journey', runs: [run('journey', '--chip', 'SLE4442')] },
  {
    name: 'npm run journey -- --ceiling',
    runs: [run('journey', '--ceiling')],
  },
  {
    name: 'npm run journey -- --code any',
    runs: [run('journey', '--code', 'any', '--wallet', 'alipay', '--chip', 'SLE4442')],
  },
  {
    name: 'npm run bench',
    runs: [
      run('bench', 'cards', 'apdu', 'grid', 'orders', 'start', '--orders', '1'),
      run('bench', 'archive', 'console', 'households', 'notify', 'reconcile', 'scale', '--orders', '40'),
      run('bench', 'kiosk', 'counter', '--orders', '1'),
      run('bench', 'stb', '--orders', '1'),
    ],
  },
  {
    name: 'npm run bench -- fleet',
    runs: [run('bench', 'fleet', '--terminals', '200', '--seconds', '1')],
  },
  {
    name: 'npm run soak -- cards',
    runs: [run('soak', 'cards', 'fuzz', '--cuts', '20', '--inputs', '200', '--seed', '1')],
  },
  { name: 'npm run migrate', runs: [onStores('migrate'), onStores('migrate', 'status')] },
  {
    name: 'npm run seed:year',
    runs: [onStores('seed:year', '--orders', '20', '--data', `${FOLDER}/stores`)],
  },
  { name: 'npm run statistics', runs: [onStores('statistics', 'rebuild'), onStores('statistics', 'check')] },
  { name: 'npm run keys', runs: [onStores('keys'), onStores('keys', 'reseal')] },
  {
    name: 'npm run support',
    // What it finds of stores without processes is no success: reading is tried with whole stacks (logs/planted.process.test.ts).
    runs: [onStores('support', 'write', `${FOLDER}/support.zip`)],
  },
  { name: 'npm run audit', runs: [onStores('audit', 'check'), onStores('audit', 'heads')] },
  { name: 'npm run break-glass', runs: [onStores('break-glass', 'seal', '--by', 'a test')] },
  {
    name: 'npm run backup',
    runs: [
      run('backup', 'key', `${FOLDER}/backup-key.txt`),
      onStores('backup', 'save', `${FOLDER}/backup`, '--plain'),
      onStores('backup', 'check', `${FOLDER}/backup`),
      onStores('backup', 'series', `${FOLDER}/backups`, '--plain'),
      onStores('backup', 'drill', `${FOLDER}/backups`),
    ],
  },
  { name: 'npm run sbom', runs: ['server', 'kiosk', 'box'].map((product) => run('sbom', product)) },
  { name: 'npm run stores', runs: [run('stores', `${FOLDER}/guards`), run('stores', `${FOLDER}/guards`)] },
  { name: 'npm run modules', runs: [{ args: ['build/modules.mjs'] }] },
  { name: 'npm run release', runs: [run('release', 'key', `${FOLDER}/release-key.pem`)] },
  { name: 'npm run pack:card', runs: [run('pack:card')] },
  { name: 'npm run voice', runs: [run('voice', 'check')] },
  { name: 'npm run lint:floors', runs: [run('lint:floors')] },
];

/** Tried by another part of `.ci/run`: a job of build/ci.md, or `npm test` itself. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm test': '.ci/run',
  'npm test -- --all': '.ci/run',
  'npm run ci': '.ci/run',
  'npm run lint': 'npm test',
  'npm run typecheck': 'npm test',
  'npm run unit': 'npm test',
  'npm run e2e': 'npm test',
  'npm run format': 'npm test',
  'npm run soak -- grid': 'soak-grid',
  'npm run soak -- money': 'soak-money',
  'npm run soak -- simulation': 'simulation',
  'npm run soak -- kiosk': 'soak-kiosk',
  'npm run soak -- chaos': 'soak-chaos',
  'npm run contract': 'contract',
  'npm run deploy:check': 'deploy',
  'npm run apk': 'box-java',
  'npm run box:test': 'box-java',
  'npm run package:check': 'package-check',
  'npm run logs': 'logs',
  'npm run rig': 'rig',
  'npm run accept': 'npm test',
  'npm run attack': 'attack',
  'npm run promtool': 'promtool',
  'npm run db:build': 'database',
};

/** Too long even at its smallest for every run of `.ci/run`: `--nightly` tries these. */
export const NIGHTLY: readonly (Command & { readonly why: string })[] = [
  {
    name: 'npm run mutate',
    why: 'a copy of the project and a database for each of its runners: two minutes for the smallest file',
    runs: [
      {
        ...run('mutate', 'server/money/discount', '--only', 'rule.ts', '--record', '.data/mutate.json'),
        budgetSeconds: 900,
      },
    ],
  },
  {
    name: 'npm run bench -- kioskInput',
    why: 'presses that `bench -- kiosk` makes as well: half a minute for nothing new',
    runs: [run('bench', 'kioskInput', '--orders', '3')],
  },
  {
    name: 'npm run bench -- coldStart',
    why: 'clones and installs everything anew: a minute and a half, and it wants the registry',
    runs: [{ ...run('bench', 'coldStart', '--orders', '1'), budgetSeconds: 600 }],
  },
];

/** Tried by nothing, with why. */
export const UNTRIED: Readonly<Record<string, string>> = {
  'npm run images -- pin':
    'asks Docker Hub and changes files of the project; its test has a registry of its own',
  'npm run ci -- --nightly': 'it is what would try it; it is run whole at the close of each issue',
  'npm run data:record': 'rewrites two files of the project; a test of the server holds them to what it asks',
  'npm run package': 'downloads Electron; package-check does the same around a stand-in for it',
};
