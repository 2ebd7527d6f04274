import { runJob } from './job.ts';
import { JOBS } from './jobs.ts';
import { closingLine, sum, table, type Tally } from './tally.ts';

/** `npm run ci`: the heavier jobs, one after the other, each within its budget. Names as arguments choose. */
const wanted = process.argv.slice(2);
const tallies: Tally[] = [];
for (const job of JOBS) {
  if (wanted.length > 0 && !wanted.includes(job.name)) continue;
  process.stdout.write(`\n== ${job.name} (at most ${job.budgetMinutes} minutes): ${job.why}\n`);
  tallies.push(await runJob(job));
}
const total = sum('all', tallies);
process.stdout.write(`\n${table([...tallies, total])}\n\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 && tallies.length > 0 ? 0 : 1;
