import { defineConfig } from 'vitest/config';

/** End to end in real Chromium: one at a time, since two cores are shared with the browser and the stack. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
