import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { printRows } from '../../kit/table.ts';
import { closingLine } from '../../kit/tally.ts';
import { MAINS } from '../../run/dev/part-list.ts';
import { buildPrograms, removePrograms } from '../../run/dev/programs.ts';
import type { Attack } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { rowOf, tryDefended, tryUndefended, type AttackRow, type Tried } from './run.ts';
import { misfitOf, withSwitches } from './undefended.ts';
import { World } from './world.ts';

const USAGE = `Usage: npm run attack -- [NAME…] [--short] [--json]
Attacks on a whole running stack behind the real nginx, a row each: first with its own defence taken out of the product's source,
when it must succeed, then on the product as it is, when it must not.
  NAME     only attacks whose name begins so
  --short  a set that stands for all
  --json   a row a line, for programs
`;

const { values, positionals } = readOptions({
  usage: USAGE,
  words: ATTACKS.length,
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const report = (line: string): void => void process.stderr.write(`${line}\n`);
const isAsked = ({ attack, short }: Attack): boolean =>
  (!values.short || short === true) &&
  (positionals.length === 0 || positionals.some((name) => attack.startsWith(name)));
const attacks = ATTACKS.filter(isAsked);
if (attacks.length === 0) failUsage(USAGE, `There is no attack ${positionals.join(' or ')}.`);

const from = performance.now();
const dir = await mkdtemp(join(tmpdir(), 'bianmin-attack-'));
const misfits = new Map<string, string>();
for (const attack of attacks) {
  const misfit = await misfitOf(attack);
  if (misfit !== undefined) misfits.set(attack.attack, misfit);
}
const fitting = attacks.filter(({ attack }) => !misfits.has(attack));
const mains = [...new Set([...MAINS, ...fitting.flatMap(({ programs = [] }) => programs)])];

/** A stack of these programs, while `work` is done with it. */
async function onStack<T>(
  build: () => Promise<void>,
  out: string,
  work: (world: World) => Promise<T>,
): Promise<T> {
  await build();
  try {
    const world = await World.begin(report);
    try {
      return await work(world);
    } finally {
      await world.close();
    }
  } finally {
    await removePrograms(out);
  }
}

async function undefended(): Promise<Map<string, Tried>> {
  const switchFile = join(dir, 'off');
  await writeFile(switchFile, '');
  const out = await programFolder('undefended');
  const build = (): Promise<void> => buildPrograms(out, mains, [withSwitches(fitting, switchFile)]);
  return onStack(build, out, (world) => tryUndefended(fitting, { world, switchFile, report }));
}

async function defended(): Promise<Map<string, Tried>> {
  const out = await programFolder('shipped');
  return onStack(
    () => buildPrograms(out, mains),
    out,
    (world) => tryDefended(fitting, { world, report }),
  );
}

/** Within the project, so that bundles find their packages. */
async function programFolder(name: string): Promise<string> {
  const folder = join(import.meta.dirname, '../../../terminal-app/dist');
  await mkdir(folder, { recursive: true });
  return mkdtemp(join(folder, `attack-${name}-`));
}

let rows: AttackRow[];
try {
  const without = await undefended();
  const withIt = await defended();
  rows = attacks.map((attack) =>
    rowOf(attack, {
      misfit: misfits.get(attack.attack),
      without: without.get(attack.attack),
      with: withIt.get(attack.attack),
    }),
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}
printRows(rows, values.json);
const failed = rows.filter(({ stopped }) => !stopped).length;
const ms = Math.round(performance.now() - from);
const line = closingLine({ name: 'attack', passed: rows.length - failed, failed, skipped: 0, ms });
(values.json ? process.stderr : process.stdout).write(`${line}\n`);
process.exitCode = failed === 0 ? 0 : 1;
