import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { floorProblem } from './floor-rules.ts';
import { importsUnder, ringsIn } from './import-graph.ts';

/**
 * Part of `npm run lint`: what follows from who imports whom. Each test file stands on the floor that its name says, and no
 * file imports itself by way of others. Here and not in the linter, which reads every file for each file's imports.
 */
const ROOT = join(import.meta.dirname, '../..');
const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard', '*.ts', '*.mjs', '*.vue'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 64 << 20,
});
const files = listed.split('\0').filter((path) => path !== '' && !path.includes('/fixtures/'));
const imports = importsUnder(ROOT);
const problems = [
  ...files.map((path) => floorProblem(path, imports)).filter((problem) => problem !== undefined),
  ...ringsIn(files, imports).map((ring) => `These import each other in a ring: ${ring.join(', ')}.`),
];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
