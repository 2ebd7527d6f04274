import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { importsUnder, namedBy, ringsIn } from '../../kit/import-graph.ts';
import { floorProblem } from './floor-rules.ts';
import { withPicture } from './picture.ts';
import { PACKAGES, roomsOf } from './rooms.ts';

/**
 * Part of `npm run lint`: what follows from who imports whom. Each test file stands on the floor that its name says; neither files
 * nor rooms import themselves by way of others, types included. Here and not in the linter, which reads every file for each file's
 * imports. `--draw` lays the floors of the server into docs/architecture.md.
 */
const { values: options } = readOptions({
  usage:
    'Usage: npm run lint:floors. Lays the floors of the server, as its imports have them, into docs/architecture.md.',
  options: { draw: { type: 'boolean' } },
});
const ROOT = join(import.meta.dirname, '../../..');
const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard', '*.ts', '*.mjs', '*.vue'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 64 << 20,
});
const files = listed.split('\0').filter((path) => path !== '' && !path.includes('/fixtures/'));
const loaded = importsUnder(ROOT);
const named = importsUnder(ROOT, namedBy);
const fileRings = ringsIn(files, named);
const problems = [
  ...files.map((path) => floorProblem(path, loaded)).filter((problem) => problem !== undefined),
  ...fileRings.map((ring) => `These import each other in a ring: ${ring.join(', ')}.`),
];
process.stdout.write(`${files.length} files, ${fileRings.length} rings\n`);
for (const folder of PACKAGES) {
  const { arrows, rings } = roomsOf(folder, files, named);
  const count = [...arrows.values()].reduce((sum, { size }) => sum + size, 0);
  process.stdout.write(`${folder}: ${arrows.size} rooms, ${count} arrows, ${rings.length} rings\n`);
  problems.push(...rings.map((ring) => `Rooms of ${folder} know each other in a ring: ${ring.join(', ')}.`));
}
const PAGE = join(ROOT, 'docs/architecture.md');
const page = readFileSync(PAGE, 'utf8');
const drawn = withPicture(page, roomsOf('server/src', files, named));
if (options.draw === true) writeFileSync(PAGE, drawn);
else if (drawn !== page)
  problems.push('docs/architecture.md shows other floors than there are: npm run lint:floors.');
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
