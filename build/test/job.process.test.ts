import { describe, expect, it } from 'vitest';
import { runJob } from './job.ts';

describe('a job of npm run ci', () => {
  const job = (script: string, budget = 5) =>
    runJob({ name: 'job', why: '', minutes: 1, args: ['-e', script] }, () => undefined, budget);

  it('counts what it counted itself, or its end', async () => {
    expect(await job(`console.log('3 passed, 0 failed')`)).toMatchObject({ passed: 3, failed: 0 });
    expect(await job(`console.log('3 passed, 0 failed'); process.exit(1)`)).toMatchObject({ failed: 1 });
    expect(await job('')).toMatchObject({ passed: 1, failed: 0 });
  });

  it('is stopped over its budget, and has failed', async () => {
    expect(await job('setInterval(() => {}, 1e6)', 0.002)).toMatchObject({ passed: 0, failed: 1 });
  });
});
