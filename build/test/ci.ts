import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { failUsage, readOptions } from '@bianmin/shared/node/cli-options';
import { DATABASE, JOBS, NIGHTLY_JOBS } from './jobs.ts';
import { runJobs } from './lanes.ts';
import { currentCommit, isClean, RECORD_PATH, recordOf } from './nightly-record.ts';
import { rowsOf } from './report.ts';
import { keepOutputForRows, printRow, say } from './say.ts';
import { closingLine, sum, table } from './tally.ts';

const ALL = [DATABASE, ...JOBS, ...NIGHTLY_JOBS];
const USAGE = `Usage: npm run ci [-- OPTIONS] [JOB…]

Without a job: all that every run of CI has after npm test -- --all.

  --nightly    what takes longer, whole; where all passed, its record is written to be committed
  --json       a row a job on standard output, the rest on standard error
  --help       this

Jobs: ${ALL.map(({ name }) => name).join(', ')}`;

const { values, positionals } = readOptions({
  usage: USAGE,
  options: { nightly: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  words: ALL.length,
});
const unknown = positionals.filter((wanted) => !ALL.some(({ name }) => name === wanted));
if (unknown.length > 0) failUsage(USAGE, `There is no job ${unknown.join(', ')}.`);
if (values.json) keepOutputForRows();

const set = values.nightly ? NIGHTLY_JOBS : JOBS;
const chosen = positionals.length === 0 ? set : ALL.filter(({ name }) => positionals.includes(name));
const commit = values.nightly ? currentCommit() : '';
const tallies = await runJobs(chosen);
const total = sum('all', tallies);
if (values.json) {
  for (const tally of tallies) {
    const end = { tallies: [tally], seconds: tally.ms / 1000, cpuSeconds: undefined };
    rowsOf(tally.name, end).forEach(printRow);
  }
}
if (values.nightly && positionals.length === 0 && total.failed === 0) await writeRecord();
say(`\n${table([...tallies, total])}\n\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 && tallies.length > 0 ? 0 : 1;

async function writeRecord(): Promise<void> {
  if (!isClean() || currentCommit() !== commit) {
    say('\nFiles changed since the commit, so that no record is written.\n');
    return;
  }
  const record = recordOf(tallies, commit, new Date());
  await writeFile(RECORD_PATH, `${JSON.stringify(record, null, 2)}\n`);
  say(`\nThe record is in ${relative(process.cwd(), RECORD_PATH)}; commit it.\n`);
}
