import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { runJob } from './job.ts';
import { DATABASE, JOBS, NIGHTLY_JOBS, type Job } from './jobs.ts';
import { runJobs } from './lanes.ts';
import { currentCommit, isClean, recordJob } from './nightly-record.ts';
import { failed, rowsOf } from './report.ts';
import { keepOutputForRows, printRow, say } from './say.ts';
import { closingLine, sum, table, type Tally } from '../kit/tally.ts';

const ALL = [DATABASE, ...JOBS, ...NIGHTLY_JOBS];
const USAGE = `Usage: npm run ci [-- OPTIONS] [JOB…]

Without a job: all that every run of CI has after npm test -- --all.

  --nightly    what takes longer; what each job came to is written into a record to be committed
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
const tallies = await runJobs(chosen, values.nightly ? recorded : runJob);
const total = sum('all', tallies);
if (values.json) {
  for (const tally of tallies) {
    const end = { tallies: [tally], seconds: tally.ms / 1000, cpuSeconds: undefined };
    rowsOf(tally.name, end).forEach(printRow);
  }
}
say(failed(tallies));
say(`\n${table([...tallies, total])}\n\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 && tallies.length > 0 ? 0 : 1;

/** What it came to is written down as soon as it has ended: a night may be longer than a developer waits for it. */
async function recorded(job: Job, show: (text: string) => void): Promise<Tally> {
  const tally = await runJob(job, show);
  if (isClean() && currentCommit() === commit) recordJob(tally, commit);
  else show(`\nFiles changed since the commit, so that ${job.name} is not in the record.\n`);
  return tally;
}
