import { readOptions } from '@bianmin/purchase/node/cli-options';
import { failed, rowsOf, slowest } from './report.ts';
import { keepOutputForRows, printRow, say } from './say.ts';
import { runStage, STAGES } from './stages.ts';
import { closingLine, sum, table, type Tally } from '../kit/tally.ts';

const USAGE = `Usage: npm test [-- OPTIONS]

Lint, types, tests of the floors pure and db, and one of each purchase end to end in Chromium: the short, true answer.

  --all        all tests: also the floors process and contract, and everything end to end
  --json       rows of stages and files on standard output; the rest on standard error
  --no-install looks for Debian and npm packages, and installs none
  --help       this`;

/** `npm test`: cheapest first; all of it, whatever fails. */
const { values } = readOptions({
  usage: USAGE,
  options: { all: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
if (values.json) keepOutputForRows();

const tallies: Tally[] = [];
const ends: { name: string; seconds: number }[] = [];
for (const stage of STAGES) {
  if (stage.onlyInAll === true && !values.all) continue;
  say(`\n== ${stage.name}\n`);
  const end = await runStage(stage, values.all);
  tallies.push(...end.tallies);
  ends.push({ name: stage.name, seconds: end.seconds });
  if (values.json) rowsOf(stage.name, end).forEach(printRow);
}

const total = sum('all', tallies);
say(`\nThe slowest files\n${slowest(tallies)}\n\nStages\n`);
for (const { name, seconds } of ends) say(`${seconds.toFixed(1).padStart(7)} s  ${name}\n`);
say(failed(tallies));
say(`\n${table([...tallies, total])}\n\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
