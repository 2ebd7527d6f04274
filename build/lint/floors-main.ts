import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { floorProblem } from './floor-rules.ts';
import { importsUnder } from './import-graph.ts';

/** Part of `npm run lint`: each test file stands on the floor that its name says. */
const ROOT = join(import.meta.dirname, '../..');
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.test.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const imports = importsUnder(ROOT);
const problems = listed
  .split('\n')
  .map((path) => floorProblem(path, imports))
  .filter((problem) => problem !== undefined);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
