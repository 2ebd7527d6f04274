import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { runCommand } from './command-run.ts';
import { openCommandStores } from './command-stores.ts';
import { COMMANDS, NIGHTLY, type Command } from './commands.ts';
import { closingLine, sum, type Tally } from '../kit/tally.ts';

/** Every command of the README at its smallest size, one after the other, each in a process of its own. */
const USAGE = `Usage: node --import tsx build/test/commands-main.ts [--nightly] [--only NAME]…
  --nightly    those that are too long for every run of CI, and only those
  --only NAME  what follows npm or npm run, as "start" or "bench -- fleet". There are:
${[...COMMANDS, ...NIGHTLY].map(({ name }) => `  ${name}\n`).join('')}`;
/** What a command that failed said last, characters. */
const TAIL = 4000;

const { only, nightly } = readOptions({
  usage: USAGE,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    nightly: { type: 'boolean', default: false },
  },
}).values;
const all: readonly Command[] = [...COMMANDS, ...NIGHTLY];
const unknown = only.filter((asked) => !all.some(({ name }) => isNamed(name, asked)));
if (unknown.length > 0) failUsage(USAGE, `There is no command ${unknown.join(', ')}.`);
const named = all.filter(({ name }) => only.some((asked) => isNamed(name, asked)));
const chosen = only.length > 0 ? named : nightly ? NIGHTLY : COMMANDS;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'bianmin-commands-'));
const tallies: Tally[] = [];
try {
  const wantsStores = chosen.some(({ runs }) => runs.some(({ stores }) => stores === true));
  const stores = wantsStores ? await openCommandStores(folder, () => undefined) : undefined;
  try {
    for (const command of chosen) tallies.push(...(await tried(command, stores?.env ?? {})));
  } finally {
    await stores?.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const total = sum('all', tallies);
say(`\n${closingLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function tried(
  { name, runs }: Command,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tally[]> {
  const done: Tally[] = [];
  for (const run of runs) {
    const { fault, output, ms } = await runCommand(run, { folder, env });
    const ok = fault === undefined;
    const said = `${run.args.join(' ')}  ${(ms / 1000).toFixed(1)} s`;
    say(ok ? `ok      ${said}` : `FAILED  ${said}: ${fault}`);
    if (!ok) say(output.slice(-TAIL).trimEnd());
    done.push({ name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, ms });
  }
  return done;
}

function isNamed(name: string, asked: string): boolean {
  return name === asked || name === `npm ${asked}` || name === `npm run ${asked}`;
}
