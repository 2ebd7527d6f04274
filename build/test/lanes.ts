import { budgetMinutes, type Job } from './jobs.ts';
import { runJob } from './job.ts';
import { say } from './say.ts';
import type { Tally } from '../kit/tally.ts';

type RunJob = (job: Job, show: (text: string) => void) => Promise<Tally>;

/** As many jobs side by side as there are cores to count on. */
const LANES = 2;

/**
 * Runs jobs in their order, two side by side where neither wants to be alone. What one says is shown when it has ended, so
 * that two do not speak at once; one alone is shown as it speaks.
 */
export async function runJobs(
  jobs: readonly Job[],
  run: RunJob = runJob,
  show: (text: string) => void = say,
): Promise<readonly Tally[]> {
  const done = new Map<Job, Tally>();
  for (let at = 0; at < jobs.length;) {
    const group = groupAt(jobs, at);
    at += group.length;
    const waiting = [...group];
    const lane = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        done.set(job, await shown(job, group.length > 1, { run, show }));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }
  return jobs.map((job) => done.get(job)).filter((tally) => tally !== undefined);
}

/** The next one that wants to be alone, or all up to it. */
function groupAt(jobs: readonly Job[], at: number): readonly Job[] {
  if (jobs[at]?.alone === true) return jobs.slice(at, at + 1);
  const next = jobs.findIndex((job, n) => n > at && job.alone === true);
  return jobs.slice(at, next < 0 ? undefined : next);
}

async function shown(
  job: Job,
  beside: boolean,
  { run, show }: { run: RunJob; show: (text: string) => void },
): Promise<Tally> {
  const heading = `\n== ${job.name} (about ${job.minutes} minutes, at most ${budgetMinutes(job)}): ${job.why}\n`;
  if (!beside) {
    show(heading);
    return run(job, show);
  }
  show(`-- ${job.name} begins\n`);
  let text = '';
  const tally = await run(job, (more) => {
    text += more;
  });
  show(`${heading}${text}`);
  return tally;
}
