import { expect, it } from 'vitest';
import type { Job } from './jobs.ts';
import { runJobs } from './lanes.ts';

const job = (name: string, alone = false): Job => ({ name, why: '', minutes: 1, args: [], alone });

it('runs two side by side, never three, and a job that wants to be alone by itself', async () => {
  const running = new Set<string>();
  const seen: string[] = [];
  const jobs = [job('a'), job('b'), job('c'), job('chaos', true), job('d'), job('deploy', true)];
  const run = async ({ name }: Job) => {
    running.add(name);
    await Promise.resolve();
    seen.push([...running].join('+'));
    await Promise.resolve();
    running.delete(name);
    return { name, passed: 1, failed: 0, skipped: 0, ms: 1 };
  };
  const tallies = await runJobs(jobs, run, () => undefined);
  expect(tallies.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'chaos', 'd', 'deploy']);
  expect(seen).toContain('a+b');
  expect(seen.every((together) => together.split('+').length <= 2)).toBe(true);
  expect(seen.filter((together) => /chaos|deploy/.test(together))).toEqual(['chaos', 'deploy']);
});
