import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What is deployed, with the real nginx: the job `deploy`. One at a time, since two cores are shared with all the processes. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../../..'),
    include: ['build/ship/deploy/e2e/**/*.e2e.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
