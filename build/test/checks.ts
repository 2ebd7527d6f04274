import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../kit/process/run-to-end.ts';
import { say } from './say.ts';
import { lastLines, type Tally } from '../kit/tally.ts';
import { CHECK_CACHE, digestOf, keepPassed, passedOn, type Inputs } from './unchanged.ts';

/** Lines of a check's end that tell why it failed. */
const LAST_LINES = 10;
const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules');

/** One command whose end says whether it passed. */
export interface Check {
  readonly name: string;
  /** Arguments of Node: the program's file first. */
  readonly args: readonly string[];
  /** All that its answer depends on: what passed on the same is not run again. */
  readonly inputs: Inputs;
  /** Runs each time, and what it says is told also where it passed. */
  readonly tells?: true;
}

const CODE = /\.(?:ts|mts|mjs|js|vue|json)$/;
const SHARED = ['shared/card/src', 'shared/purchase/src'];
/** Programs are compiled with what they import, wherever that is. */
const ALL_CODE: Inputs = { under: ['.'], ends: CODE };

const incremental = (project: string): readonly string[] => [
  '--incremental',
  '--tsBuildInfoFile',
  join(CHECK_CACHE, 'types', `${project.replace(/\W+/g, '-')}.tsbuildinfo`),
];

/** By the native compiler, of TypeScript 7; the linter and Vue's compiler are written against 6. */
const native = (project: string, inputs = ALL_CODE): Check => ({
  name: `types of ${project}`,
  args: [
    join(BIN, 'typescript-native/bin/tsc'),
    // As many as the machines that this is built for have cores: each more reads the common files once more.
    ...['--checkers', '2', '--noEmit', '-p', project],
    ...incremental(project),
  ],
  inputs,
});

/** Components, too. */
const vue = (project: string, under: readonly string[], compiler = join(BIN, 'vue-tsc')): Check => ({
  name: `types of ${project}`,
  args: [join(compiler, 'bin/vue-tsc.js'), '--noEmit', '-p', project, ...incremental(project)],
  inputs: { under: [...SHARED, ...under], ends: CODE },
});

export const FORMAT: Check = {
  name: 'format (prettier)',
  args: [
    join(BIN, 'prettier/bin/prettier.cjs'),
    ...['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content'],
    ...['--cache-location', join(CHECK_CACHE, 'prettier'), '.'],
  ],
  inputs: { under: ['.'] },
};

/** Our rules read tables that eslint does not know of: what it remembers holds for these as they are. */
const RULES = ['layering.mjs', 'layers.mjs', 'server-rooms.mjs']
  .reduce(
    (hash, file) => hash.update(readFileSync(join(import.meta.dirname, 'lint', file))),
    createHash('sha256'),
  )
  .digest('hex')
  .slice(0, 16);

const lint = (name: string, args: readonly string[]): Check => ({
  name: `lint and layers of ${name} (eslint)`,
  args: [
    // It holds the types of several projects at once, which is more than Node allows itself.
    '--max-old-space-size=8192',
    join(BIN, 'eslint/bin/eslint.js'),
    ...['--max-warnings', '0', '--cache', '--cache-strategy', 'content'],
    ...['--cache-location', join(CHECK_CACHE, `eslint-${name.replace(/\W+/g, '-')}-${RULES}`), ...args],
  ],
  inputs: ALL_CODE,
});

/** In two halves that have no types in common but those of shared/: one a core. */
export const LINT_SERVER = lint('server', ['server']);
export const LINT_REST = lint('the rest', ['.', '--ignore-pattern', 'server/']);

/** Each test file stands on the floor that its name says; no ring of files or rooms; the picture of the floors is true. */
export const IMPORT_CHECK: Check = {
  name: 'floors of the tests, rings of files and rooms',
  tells: true,
  args: ['--import', 'tsx', join(ROOT, 'build/test/lint/imports-main.ts')],
  inputs: ALL_CODE,
};

/** What nothing uses, and packages that are used and not declared. */
export const UNUSED_CHECK: Check = {
  name: 'unused files, exports and packages (knip)',
  args: [
    join(BIN, 'knip/bin/knip.js'),
    ...['--no-progress', '--config', join(ROOT, 'build/test/lint/knip.jsonc')],
  ],
  inputs: ALL_CODE,
};

/** The subjects of new commits say what they do, and are read whole. */
export const COMMIT_CHECK: Check = {
  name: "commits' subjects",
  tells: true,
  args: ['--import', 'tsx', join(ROOT, 'build/test/lint/commits-main.ts')],
  inputs: ALL_CODE,
};

export const TYPES: readonly Check[] = [
  native('shared/card/tsconfig.json', { under: ['shared/card'], ends: CODE }),
  native('shared/card/tsconfig.node.json', { under: ['shared/card'], ends: CODE }),
  native('shared/purchase/tsconfig.json', { under: ['shared'], ends: CODE }),
  native('shared/purchase/tsconfig.node.json', { under: ['shared'], ends: CODE }),
  native('server/tsconfig.json'),
  native('server/payer/tsconfig.json', { under: ['server/payer', ...SHARED], ends: CODE }),
  native('terminal-app/tsconfig.node.json'),
  native('stb-app/portal/tsconfig.json', { under: ['stb-app/portal', ...SHARED], ends: CODE }),
  native('stb-app/tsconfig.node.json'),
  native('build/tsconfig.json'),
];

export const COMPONENT_TYPES: readonly Check[] = [
  vue('server/admin/tsconfig.json', ['server/admin']),
  vue('terminal-app/tsconfig.renderer.json', ['terminal-app']),
  // Of its own version: the newer ones no longer read Vue 2.7.
  vue('stb-app/tsconfig.json', ['stb-app'], join(ROOT, 'stb-app/node_modules/vue-tsc')),
];

/** Runs a check, unless it passed on the same before; says what it found only where it failed. */
export async function runCheck(check: Check): Promise<Tally> {
  const digest = digestOf(check.inputs, check.args);
  if (check.tells !== true && passedOn(check.name, digest)) {
    say(`ok     ${check.name} (nothing has changed)\n`);
    return { name: check.name, passed: 1, failed: 0, skipped: 0, ms: 0 };
  }
  const { code, output, ms } = await runToEnd(process.execPath, check.args, { cwd: ROOT });
  sayEnd(check.name, code === 0, ms);
  if (code === 0) keepPassed(check.name, digest);
  if (code !== 0 || check.tells === true) say(`${output.trimEnd()}\n`);
  const [passed, failed, failures] =
    code === 0 ? [1, 0, []] : [0, 1, [`${check.name}:\n${lastLines(output, LAST_LINES)}`]];
  return { name: check.name, passed, failed, failures, skipped: 0, ms };
}

export function sayEnd(name: string, ok: boolean, ms: number): void {
  say(`${ok ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)\n`);
}
