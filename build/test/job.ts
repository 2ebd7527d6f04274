import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { budgetMinutes, type Job } from './jobs.ts';
import { say } from './say.ts';
import { lastLines, readClosingLine, type Tally } from '../kit/tally.ts';

/** Lines of a job's end that tell why it failed. */
const LAST_LINES = 40;

const ROOT = join(import.meta.dirname, '../..');

/**
 * Runs a job and shows what it says. What it counted itself counts (`N passed, N failed`); otherwise its end is
 * one check. Over its budget it is stopped with all that it started, and has failed.
 */
export function runJob(
  job: Job,
  show: (text: string) => void = say,
  budget = budgetMinutes(job),
): Promise<Tally> {
  const from = performance.now();
  return new Promise((resolve) => {
    let output = '';
    let late = false;
    const child = spawn(process.execPath, job.args, {
      cwd: ROOT,
      env: { ...process.env, ...job.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const timer = setTimeout(() => {
      late = true;
      show(`${job.name} is over its budget of ${budget} minutes and is stopped.\n`);
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, budget * 60_000);
    let all = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        all += text;
        show(text);
      });
    }
    child.stdout.on('data', (text: string) => {
      output += text;
    });
    child.once('error', (error) => {
      show(`${job.name} could not be started: ${error.message}\n`);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const ok = code === 0 && !late;
      const counted = readClosingLine(output) ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 };
      const failed = ok ? counted.failed : Math.max(counted.failed, 1);
      const failures = failed === 0 ? [] : [`${job.name}:\n${lastLines(all, LAST_LINES)}`];
      resolve({ ...counted, failed, failures, name: job.name, ms: Math.round(performance.now() - from) });
    });
  });
}
