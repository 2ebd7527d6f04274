import { expect, it } from 'vitest';
import { runSuite } from './suite.ts';

it('ends a run that hangs, and counts it as failed', async () => {
  const suite = { name: 'one that hangs', args: ['--project', 'pure', 'build/test/lanes.test.ts'] };
  expect(await runSuite(suite, 1)).toMatchObject({
    ...{ passed: 0, failed: 1 },
    failures: ['one that hangs: there is no report'],
  });
});
