import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { subjectProblem } from './commit-subject.ts';

/** Part of `npm run lint`: the subjects of commits since they are looked at. Outside of a repository there are none. */
const ROOT = join(import.meta.dirname, '../../..');
const SINCE = '2026-11-29T19:30:00Z';

let subjects: readonly string[] = [];
try {
  const args = ['log', `--since=${SINCE}`, '--no-merges', '--format=%s'];
  const said = execFileSync('git', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  subjects = said.split('\n').filter((subject) => subject !== '');
} catch {
  process.stdout.write('No repository: no subjects of commits.\n');
}
const problems = subjects.map(subjectProblem).filter((problem) => problem !== undefined);
process.stdout.write(
  `${subjects.length} commits, ${problems.length} with another subject than they should have\n`,
);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
