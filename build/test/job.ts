import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Job } from './jobs.ts';
import { readClosingLine, type Tally } from './tally.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Runs a job with its output shown. What it counted itself counts (`N passed, N failed`); otherwise its end is
 * one check. Over its budget it is stopped with all that it started, and has failed.
 */
export function runJob(
  job: Job,
  show: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<Tally> {
  const from = performance.now();
  return new Promise((resolve) => {
    let output = '';
    let late = false;
    const child = spawn(process.execPath, job.args, {
      cwd: ROOT,
      env: { ...process.env, ...job.env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const timer = setTimeout(() => {
      late = true;
      process.stdout.write(
        `${job.name} is over its budget of ${job.budgetMinutes} minutes and is stopped.\n`,
      );
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, job.budgetMinutes * 60_000);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output += text;
      show(text);
    });
    child.once('error', (error) => {
      show(`${job.name} could not be started: ${error.message}\n`);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const ok = code === 0 && !late;
      const counted = readClosingLine(output) ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 };
      const failed = ok ? counted.failed : Math.max(counted.failed, 1);
      resolve({ ...counted, failed, name: job.name, ms: Math.round(performance.now() - from) });
    });
  });
}
