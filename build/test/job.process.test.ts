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

  it('says at its end what it said last where it failed, without colours', async () => {
    const talking = `console.log('\\u001b[31mlost 1\\u001b[39m'); console.error('so it is'); process.exit(1)`;
    const { failures } = await job(talking);
    expect(failures).toEqual([expect.stringMatching(/^job:\n(lost 1\nso it is|so it is\nlost 1)$/)]);
    expect((await job('')).failures).toEqual([]);
  });

  it('is stopped over its budget, and has failed', async () => {
    expect(await job('setInterval(() => {}, 1e6)', 0.002)).toMatchObject({ passed: 0, failed: 1 });
  });
});
