import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ownHeaders } from '../bootstrap/npm-ci.mjs';
import { BUILT_PAGES } from '../run/dev/renderer.ts';
import { NODE_VERSIONS, nodeFolder, type NodeLine } from '../kit/process/node-version.ts';
import { runToEnd } from '../kit/process/run-to-end.ts';
import { closingLine, sum, table, tallyVitest, type Tally } from '../kit/tally.ts';

const ROOT = join(import.meta.dirname, '../..');
const USAGE = `Usage: node --import tsx build/test/other-node.ts 22|24 [--quick]

Unit tests and one purchase end to end, in a copy of the checkout, with another Node than this one.
--quick  a sample of the unit tests instead of all, and the pages as this Node has built them
`;

/** What leans on Node itself: streams, sockets, crypto, files, child processes, workers, text and time; and a few with a database. */
const SAMPLE = [
  'build/ship/apk',
  'build/kit/pictures',
  'build/kit/process',
  'server/src/money/bills/writers',
  'server/src/orders/desk/orders.',
  'server/src/fleet/terminals',
  'server/src/gateways/grid/agent-string',
  'server/src/gateways/grid/tls',
  'server/src/orders/desk/order-streams',
  'server/src/main-web',
  'server/src/gateways/payment',
  'shared/card/src/cli',
  'shared/card/src/node',
  'shared/purchase/src/node',
  'terminal-app/src/host/file-journal',
  'terminal-app/src/host/printer',
  'terminal-app/src/host/server-link',
  'terminal-app/src/host/ws-shell',
];

interface Suite {
  readonly name: string;
  readonly args: readonly string[];
}

const PURCHASE: Suite = {
  name: 'one purchase end to end',
  args: [
    ...['--config', 'terminal-app/e2e/vitest.config.ts', '--project', 'e2e-short'],
    ...['terminal-app/e2e/purchase.short', '-t', 'SLE4442'],
  ],
};

async function main(args: readonly string[]): Promise<void> {
  const options = args.filter((arg) => arg !== '--quick');
  const line = ([22, 24] as const).find((each) => options.length === 1 && options[0] === String(each));
  if (line === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const total = await testOn(line, args.includes('--quick'));
  process.stdout.write(`\n${table([total])}\n\n${closingLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function testOn(line: NodeLine, quick: boolean): Promise<Tally> {
  const name = `Node ${NODE_VERSIONS[line]}`;
  const found = await nodeFolder(line, say);
  if ('absent' in found) {
    say(`${found.absent}: skipped`);
    return { name, passed: 0, failed: 0, skipped: 1, ms: 0 };
  }
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-node-'));
  try {
    const copy = join(folder, 'checkout');
    // Its own programs come first, and so does what they start by name: npm, node-gyp and vite run with this Node, too.
    const path = [found.folder, process.env['PATH'] ?? ''].join(delimiter);
    // Its headers are beside it: node-gyp need not fetch them.
    const env = { ...process.env, PATH: path, ...ownHeaders(join(found.folder, 'node'), {}) };
    const on = { node: join(found.folder, 'node'), env, copy, folder };
    await copyCheckout(copy);
    if (quick) await copyPages(copy);
    const built = await prepare(on);
    if (built !== undefined) {
      process.stdout.write(built);
      return { name, passed: 0, failed: 1, skipped: 0, ms: 0 };
    }
    const unit: Suite = quick
      ? { name: 'a sample', args: SAMPLE }
      : { name: 'pure and db', args: ['--project', 'pure', '--project', 'db'] };
    const tallies = [await runSuite(unit, on), await runSuite(PURCHASE, on)];
    process.stdout.write(`\n${table(tallies)}\n`);
    return sum(name, tallies);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface On {
  readonly node: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly copy: string;
  readonly folder: string;
}

/** What git knows, as it lies here, and the installed packages: those of this Node stay as they are. */
async function copyCheckout(to: string): Promise<void> {
  const listed = await runToEnd('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  if (listed.code !== 0) throw new Error(`git does not list the checkout's files: ${listed.output}`);
  for (const name of listed.output.split('\0').filter((each) => each !== '')) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    // One that was removed and not committed.
    await cp(join(ROOT, name), join(to, name)).catch(() => undefined);
  }
  for (const packages of ['node_modules', 'stb-app/node_modules']) {
    const { code, output } = await runToEnd('cp', ['-a', join(ROOT, packages), join(to, packages)]);
    if (code !== 0) throw new Error(`${packages} could not be copied: ${output}`);
  }
}

/** Those that are built and up to date are not built again: which Node did it is no matter to a browser. */
async function copyPages(to: string): Promise<void> {
  for (const path of BUILT_PAGES) {
    await cp(join(ROOT, path), join(to, path), { recursive: true }).catch(() => undefined);
  }
}

/** Compiles what belongs to one Node and builds the pages; gives what was said where that failed. */
async function prepare({ node, env, copy }: On): Promise<string | undefined> {
  say('Compiling the native packages and building the pages');
  const compiled = await runToEnd('npm', ['rebuild', '--ignore-scripts=false', '@pokusew/pcsclite'], {
    cwd: copy,
    env,
  });
  if (compiled.code !== 0) return compiled.output;
  const script = `
    import { ensureRenderer } from './build/run/dev/renderer.ts';
    await ensureRenderer(console.log);
  `;
  const pages = await runToEnd(node, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: copy,
    env,
  });
  return pages.code === 0 ? undefined : pages.output;
}

async function runSuite(suite: Suite, { node, env, copy, folder }: On): Promise<Tally> {
  say(`\n== ${suite.name}`);
  const report = join(folder, `${suite.name}.json`);
  const { code, ms } = await runToEnd(
    node,
    [
      ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'],
      ...[`--outputFile.json=${report}`, ...suite.args],
    ],
    { cwd: copy, env, onOutput: (text) => process.stdout.write(text) },
  );
  return tallyVitest({
    ...{ name: suite.name, code, ms },
    report: await readFile(report, 'utf8').catch(() => null),
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main(process.argv.slice(2));
