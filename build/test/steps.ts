import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../process/run-to-end.ts';
import { tallyVitest, type Tally } from './tally.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules');

/** One command whose end says whether it passed. */
export interface Check {
  readonly name: string;
  /** Arguments of Node: the program's file first. */
  readonly args: readonly string[];
}

const tsc = (project: string): Check => ({
  name: `types of ${project}`,
  args: [join(BIN, 'typescript/bin/tsc'), '-p', project],
});

export const FORMAT: Check = {
  name: 'format (prettier)',
  args: [join(BIN, 'prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
};
export const LINT: Check = {
  name: 'lint and layers (eslint)',
  // It holds the types of every project at once, which is more than Node allows itself.
  args: ['--max-old-space-size=8192', join(BIN, 'eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
};
export const TYPES: readonly Check[] = [
  tsc('shared/tsconfig.json'),
  tsc('shared/tsconfig.node.json'),
  tsc('server/tsconfig.json'),
  tsc('server/payer/tsconfig.json'),
  {
    name: 'types of server/admin/tsconfig.json',
    args: [join(BIN, 'vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'server/admin/tsconfig.json'],
  },
  tsc('terminal-app/tsconfig.node.json'),
  tsc('stb-app/portal/tsconfig.json'),
  {
    name: 'types of terminal-app/tsconfig.renderer.json',
    args: [join(BIN, 'vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'terminal-app/tsconfig.renderer.json'],
  },
  tsc('stb-app/tsconfig.node.json'),
  {
    name: 'types of stb-app/tsconfig.json',
    // Of its own version: the newer ones no longer read Vue 2.7.
    args: [
      join(ROOT, 'stb-app/node_modules/vue-tsc/bin/vue-tsc.js'),
      '--noEmit',
      '-p',
      'stb-app/tsconfig.json',
    ],
  },
  tsc('build/tsconfig.json'),
];

/** Runs a check; says what it found only where it failed. */
export async function runCheck(check: Check): Promise<Tally> {
  const { code, output, ms } = await runToEnd(process.execPath, check.args, { cwd: ROOT });
  say(check.name, code === 0, ms);
  if (code !== 0) process.stdout.write(`${output.trimEnd()}\n`);
  return { name: check.name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, ms };
}

export interface Suite {
  readonly name: string;
  /** What to hand to `vitest run`: files, `--config …`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs tests with their output shown as it comes, and counts them. */
export async function runSuite(suite: Suite): Promise<Tally> {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-report-'));
  const report = join(dir, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { code, ms } = await runToEnd(
      process.execPath,
      [join(BIN, 'vitest/vitest.mjs'), 'run', ...reporters, ...suite.args],
      {
        cwd: ROOT,
        env: { ...process.env, ...suite.env },
        onOutput: (text) => process.stdout.write(text),
      },
    );
    say(suite.name, code === 0, ms);
    const text = await readFile(report, 'utf8').catch(() => null);
    return tallyVitest({ name: suite.name, report: text, code, ms });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function say(name: string, ok: boolean, ms: number): void {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)\n`);
}
